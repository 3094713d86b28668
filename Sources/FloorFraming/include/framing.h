#pragma once
#include <stddef.h>

/* Bytes around a payload at most. */
enum { FLOOR_FRAME_ROOM = 96 };

/* A chunk (RFC 9112, section 7.1) that holds one event of an event stream, the same bytes as pushlab's own:
   its ID is `EPOCH:INDEX`. `out` has room for the payload and FLOOR_FRAME_ROOM more; returns how many bytes. */
size_t floor_event(char *out, const char *epoch, unsigned index, const char *payload, size_t length);

/* A WebSocket text message in one frame (RFC 6455, section 5.2), from a server, so without a mask; `length` is
   below 65,536. Returns how many bytes. */
size_t floor_message(char *out, const char *payload, size_t length);
