#define _GNU_SOURCE
#include "reading.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http.h"

void reading_take(struct reading *reading, const char *json, size_t length) {
  static const char start[] = "{\"index\":";
  const char *end = json + length;
  while ((json = memmem(json, end - json, start, sizeof start - 1))) {
    json += sizeof start - 1;
    size_t index = strtoul(json, NULL, 10);
    if (index != reading->count) errx(1, "token %zu came where %zu was due", index, reading->count);
    reading->arrivals = realloc(reading->arrivals, (reading->count + 1) * sizeof *reading->arrivals);
    if (!reading->arrivals) abort();
    reading->arrivals[reading->count++] = reading->connection.read_at;
  }
}

void reading_ask(struct reading *reading, const char *resource, const char *query, const char *fields) {
  char path[160];
  snprintf(path, sizeof path, "/streams/%s/%s?%s", reading->stream, resource, query);
  http_ask(&reading->connection, "GET", path, fields, NULL);
}
