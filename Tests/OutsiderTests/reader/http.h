#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "connection.h"

/* Requests of HTTP/1.1 and their answers, as much of it as the lab's server speaks. */

struct answer {
  int status;
  bool is_chunked;
  /* Of the body; zero where the head names none. */
  size_t length;
};

/* Sends a request with the fields that the lab's own readers send, and no other.
   fields: further ones, each with its line end. body: JSON, or NULL. */
void http_ask(struct connection *connection, const char *method, const char *path, const char *fields,
              const char *body);

/* Reads an answer's head and takes it off the connection; ends the program where the status is another one. */
struct answer http_head(struct connection *connection, int status);

/* Reads a whole answer whose length its head names. The body, at the beginning of the connection's bytes, is to be
   taken by who asked. */
size_t http_body(struct connection *connection, int status);

/* Reads one chunk of a chunked body (RFC 9112, section 7.1). Its data, behind `start` bytes of the connection's, is
   followed by a line end: start + length + 2 bytes are to be taken. */
size_t http_chunk(struct connection *connection, size_t *start);
