#define _GNU_SOURCE
#include "tokens.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#include "framing.h"

static char *room(size_t length) {
  char *bytes = malloc(length + FLOOR_FRAME_ROOM);
  if (!bytes) abort();
  return bytes;
}

struct tokens tokens_read(const char *path, const char *epoch) {
  struct tokens tokens = {0};
  FILE *file = fopen(path, "r");
  if (!file) err(1, "%s", path);
  char *line = NULL;
  size_t capacity = 0;
  for (ssize_t length; (length = getline(&line, &capacity, file)) > 1; tokens.count++) {
    size_t size = (tokens.count + 1) * sizeof(struct frame);
    tokens.events = realloc(tokens.events, size);
    tokens.messages = realloc(tokens.messages, size);
    if (!tokens.events || !tokens.messages) abort();
    struct frame *event = &tokens.events[tokens.count], *message = &tokens.messages[tokens.count];
    event->bytes = room(length);
    event->length = floor_event(event->bytes, epoch, tokens.count, line, length - 1);
    message->bytes = room(length);
    message->length = floor_message(message->bytes, line, length - 1);
  }
  free(line);
  fclose(file);
  return tokens;
}
