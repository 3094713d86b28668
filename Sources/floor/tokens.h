#pragma once
#include <stddef.h>

/* A token's bytes in one framing. */
struct frame {
  char *bytes;
  size_t length;
};

/* An answer, framed once for all who read it. */
struct tokens {
  struct frame *events, *messages;
  unsigned count;
};

/* Reads payloads from a file, one a line; ends the program where it cannot. */
struct tokens tokens_read(const char *path, const char *epoch);
