#include "readers.h"

#include <stdlib.h>
#include <string.h>

void readers_add(struct readers *readers, struct reader *reader) {
  if (readers->count == readers->capacity) {
    readers->capacity = readers->capacity ? 2 * readers->capacity : 64;
    readers->list = realloc(readers->list, readers->capacity * sizeof *readers->list);
    if (!readers->list) abort();
  }
  int place = readers->count++;
  for (; place > 0 && readers->list[place - 1]->due > reader->due; place--) {
    readers->list[place] = readers->list[place - 1];
  }
  readers->list[place] = reader;
}

void readers_remove(struct readers *readers, struct reader *reader) {
  for (int place = 0; place < readers->count; place++) {
    if (readers->list[place] != reader) continue;
    readers->count--;
    memmove(&readers->list[place], &readers->list[place + 1], (readers->count - place) * sizeof *readers->list);
    if (place < readers->turn) readers->turn--;
    if (readers->turn >= readers->count) readers->turn = 0;
    return;
  }
}
