#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>

#include "http.h"
#include "reading.h"

/* Asks for a page, and takes it whole: what it brings came with its last byte. */
static void poll_once(struct reading *reading, const char *resource, const char *more) {
  static const char done[] = "\"done\":true";
  char query[64];
  snprintf(query, sizeof query, "from=%zu%s", reading->count, more);
  reading_ask(reading, resource, query, "");
  size_t length = http_body(&reading->connection, 200);
  reading_take(reading, reading->connection.bytes, length);
  reading->is_done = memmem(reading->connection.bytes, length, done, sizeof done - 1);
  connection_take(&reading->connection, length);
}

/* An interval passes from one request to the next, more where an answer takes longer, from a first request on that
   comes at a time of the reader's own. */
void read_by_short_polling(struct reading *reading) {
  for (int64_t due = now() + reading->phase; !reading->is_done;) {
    sleep_until(due);
    due = now() + reading->interval;
    poll_once(reading, "poll", "");
  }
}

void read_by_long_polling(struct reading *reading) {
  while (!reading->is_done) poll_once(reading, "long-poll", "&wait=25.0");
}
