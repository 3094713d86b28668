#pragma once
#include <stddef.h>
#include <stdint.h>

/* A TCP connection to the loopback interface, and what it carried since it was last asked to count anew. */
struct connection {
  int descriptor, port;
  /* Bytes as send() and recv() return them. */
  uint64_t up, down;
  uint64_t requests;
  /* When the last recv() came back, in nanoseconds of the monotonic clock. */
  int64_t read_at;
  /* What was read and is not taken yet. */
  char *bytes;
  size_t length, capacity;
};

int64_t now(void);
void sleep_until(int64_t instant);

/* Each of these ends the program, with a word on why, where it cannot do what it says; also where nothing comes for
   100 seconds. */
struct connection connection_open(int port);
void connection_close(struct connection *connection);
void connection_count_anew(struct connection *connection);
void connection_send(struct connection *connection, const void *bytes, size_t length);
/* Reads once. */
void connection_receive(struct connection *connection);
/* Reads until so many bytes are there. */
void connection_receive_all(struct connection *connection, size_t length);
/* Drops the first bytes of what was read. */
void connection_take(struct connection *connection, size_t length);
