#include "framing.h"

#include <stdio.h>
#include <string.h>

size_t floor_event(char *out, const char *epoch, unsigned index, const char *payload, size_t length) {
  char before[FLOOR_FRAME_ROOM];
  int head = snprintf(before, sizeof before, "id: %.40s:%u\ndata: ", epoch, index);
  int size = sprintf(out, "%zx\r\n", head + length + 2);
  memcpy(out + size, before, head);
  memcpy(out + size + head, payload, length);
  memcpy(out + size + head + length, "\n\n\r\n", 4);
  return size + head + length + 4;
}

size_t floor_message(char *out, const char *payload, size_t length) {
  size_t head = 2;
  out[0] = (char)0x81;
  if (length < 126) {
    out[1] = (char)length;
  } else {
    out[1] = 126;
    out[2] = (char)(length >> 8);
    out[3] = (char)length;
    head = 4;
  }
  memcpy(out + head, payload, length);
  return head + length;
}
