#define _GNU_SOURCE
#include <err.h>
#include <string.h>

#include "http.h"
#include "reading.h"

/* The server ends no chunk within an event, so that a chunk is a run of whole events. */
void read_events(struct reading *reading) {
  static const char done[] = "event: done\n";
  struct connection *connection = &reading->connection;
  reading_ask(reading, "events", "from=0", "Accept: text/event-stream\r\nCache-Control: no-store\r\n");
  if (!http_head(connection, 200).is_chunked) errx(1, "an event stream that comes in no chunks");
  while (!reading->is_done) {
    size_t start, length = http_chunk(connection, &start);
    const char *data = connection->bytes + start;
    if (length < 2 || memcmp(data + length - 2, "\n\n", 2) != 0) errx(1, "a chunk that ends within an event");
    reading_take(reading, data, length);
    reading->is_done = memmem(data, length, done, sizeof done - 1);
    connection_take(connection, start + length + 2);
  }
}
