#define _GNU_SOURCE
#include <err.h>
#include <string.h>

#include "http.h"
#include "reading.h"

/* The server ends no chunk within a line, so that a chunk is a run of whole lines. */
void read_lines(struct reading *reading) {
  static const char done[] = "{\"done\":";
  struct connection *connection = &reading->connection;
  reading_ask(reading, "lines", "from=0", "");
  if (!http_head(connection, 200).is_chunked) errx(1, "lines that come in no chunks");
  while (!reading->is_done) {
    size_t start, length = http_chunk(connection, &start);
    const char *data = connection->bytes + start;
    if (length < 1 || data[length - 1] != '\n') errx(1, "a chunk that ends within a line");
    reading_take(reading, data, length);
    reading->is_done = memmem(data, length, done, sizeof done - 1);
    connection_take(connection, start + length + 2);
  }
}
