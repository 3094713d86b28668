/* Readers of the lab's streams that share no line with it: plain sockets, a thread a reader that blocks in recv().

     outsider PORT TRANSPORT INTERVAL SPREAD < READERS

   INTERVAL is that of short polling, SPREAD what passes from one reader's start to the next one's, both in
   nanoseconds. READERS has a line for each: the nanoseconds before its first poll, whether it asks on a connection
   that has carried a request (1 or 0), and its question, the body of POST /streams. What a reader saw is printed as a
   line of JSON, when all have read to the end. */
#define _GNU_SOURCE
#include <err.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "http.h"
#include "reading.h"

struct reader {
  int port;
  void (*read)(struct reading *);
  int64_t start;
  bool is_warm;
  char *question;
  struct reading reading;
  pthread_t thread;
};

static const struct {
  const char *name;
  void (*read)(struct reading *);
} transports[] = {
    {"short-polling", read_by_short_polling},
    {"long-polling", read_by_long_polling},
    {"server-sent-events", read_events},
    {"http-streaming", read_lines},
    {"websocket", read_messages},
};

static void (*reading_by(const char *name))(struct reading *) {
  for (size_t place = 0; place < sizeof transports / sizeof *transports; place++) {
    if (strcmp(transports[place].name, name) == 0) return transports[place].read;
  }
  errx(2, "'%s' is no transport", name);
}

/* Asks the question, and keeps the name of the stream that answers it. */
static void ask(struct reading *reading, const char *question) {
  static const char start[] = "\"stream\":\"";
  http_ask(&reading->connection, "POST", "/streams", "", question);
  size_t length = http_body(&reading->connection, 201);
  const char *name = memmem(reading->connection.bytes, length, start, sizeof start - 1);
  if (!name || sscanf(name + sizeof start - 1, "%63[0-9a-f]", reading->stream) != 1) errx(1, "no stream is named");
  connection_take(&reading->connection, length);
}

static void *run(void *argument) {
  struct reader *reader = argument;
  struct reading *reading = &reader->reading;
  sleep_until(reader->start);
  reading->connection = connection_open(reader->port);
  if (reader->is_warm) {
    http_ask(&reading->connection, "GET", "/healthz", "", NULL);
    connection_take(&reading->connection, http_body(&reading->connection, 200));
    connection_count_anew(&reading->connection);
  }
  ask(reading, reader->question);
  reader->read(reading);
  connection_close(&reading->connection);
  return NULL;
}

static void print(const struct reading *reading) {
  printf("{\"stream\": \"%s\", \"requests\": %" PRIu64 ", \"up\": %" PRIu64 ", \"down\": %" PRIu64 ", \"arrivals\": [",
         reading->stream, reading->connection.requests, reading->connection.up, reading->connection.down);
  for (size_t index = 0; index < reading->count; index++) {
    printf("%s%" PRId64, index > 0 ? ", " : "", reading->arrivals[index]);
  }
  printf("]}\n");
}

int main(int count, char **arguments) {
  enum { most = 100 };
  static struct reader readers[most];
  int readers_count = 0, is_warm;
  int64_t phase;
  if (count != 5) errx(2, "usage: outsider PORT TRANSPORT INTERVAL SPREAD < READERS");
  /* Threads inherit it: Linux else lets sleepers sleep 50 microseconds longer. */
  prctl(PR_SET_TIMERSLACK, 1);
  int64_t interval = atoll(arguments[3]), spread = atoll(arguments[4]), start = now();
  for (char *question; scanf("%" SCNd64 " %d %m[^\n]", &phase, &is_warm, &question) == 3; readers_count++) {
    if (readers_count == most) errx(2, "more than %d readers", most);
    readers[readers_count] = (struct reader){
        .port = atoi(arguments[1]), .read = reading_by(arguments[2]), .start = start + readers_count * spread,
        .is_warm = is_warm, .question = question, .reading = {.interval = interval, .phase = phase}};
  }
  for (int place = 0; place < readers_count; place++) {
    if (pthread_create(&readers[place].thread, NULL, run, &readers[place]) != 0) errx(1, "no thread");
  }
  for (int place = 0; place < readers_count; place++) pthread_join(readers[place].thread, NULL);
  for (int place = 0; place < readers_count; place++) print(&readers[place].reading);
  return 0;
}
