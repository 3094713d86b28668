#pragma once
#include <stdbool.h>
#include <stdint.h>

/* A connection whose request has been read. */
struct reader {
  int descriptor;
  bool takes_messages; /* a WebSocket; otherwise an event stream */
  unsigned next;       /* the token that it gets at `due` */
  int64_t due;         /* CLOCK_MONOTONIC, nanoseconds */
};

/* Readers in the order of their instants. All first instants lie within one gap, so that order is a circle: who
   has been served is last. */
struct readers {
  struct reader **list;
  int count, capacity;
  int turn; /* whose instant is next */
};

void readers_add(struct readers *readers, struct reader *reader);
void readers_remove(struct readers *readers, struct reader *reader);
