#pragma once

/* Asks the processor to bring memory near that is going to be changed, and does not wait for it. */
static inline void prefetch(const void *address, int cache_lines) {
  for (int line = 0; line < cache_lines; line++) __builtin_prefetch((const char *)address + 64 * line, 1);
}
