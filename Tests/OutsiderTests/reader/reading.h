#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "connection.h"

/* What one reader is to do, and what it saw. */
struct reading {
  struct connection connection;
  /* Of the stream, as its own path names it. */
  char stream[64];
  /* Short polling, in nanoseconds: from one request to the next, and before the first. */
  int64_t interval, phase;
  /* When each token came, in nanoseconds of the monotonic clock; tokens that one read brought share it. */
  int64_t *arrivals;
  size_t count;
  /* The stream's last word came. */
  bool is_done;
};

/* Takes the tokens of some JSON of the lab's: a page, an event's data, a message. Quotes within texts are escaped, so
   that what looks like the beginning of a token is one. Ends the program where one is not the next in order. */
void reading_take(struct reading *reading, const char *json, size_t length);

/* Asks for one of the stream's resources. query: without the question mark. */
void reading_ask(struct reading *reading, const char *resource, const char *query, const char *fields);

/* The transports: each reads the stream from its first token to its end. */
void read_by_short_polling(struct reading *reading);
void read_by_long_polling(struct reading *reading);
void read_events(struct reading *reading);
void read_lines(struct reading *reading);
void read_messages(struct reading *reading);
