#define _GNU_SOURCE
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "http.h"
#include "reading.h"

/* First bytes of frames that are no fragments (RFC 6455, section 5.2). */
enum { text = 0x81, close_frame = 0x88, masked = 0x80 };

/* Sixteen random bytes in Base64 (RFC 6455, section 4.1). */
static void draw_key(char key[static 25]) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  unsigned char random[22];
  if (getrandom(random, sizeof random, 0) != sizeof random) err(1, "getrandom");
  for (int place = 0; place < 21; place++) key[place] = digits[random[place] % 64];
  /* The last digit before the padding carries two bits. */
  key[21] = digits[random[21] % 4 * 16];
  strcpy(key + 22, "==");
}

static void shake_hands(struct reading *reading) {
  char key[25], fields[160];
  draw_key(key);
  snprintf(fields, sizeof fields,
           "Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n", key);
  reading_ask(reading, "socket", "from=0", fields);
  http_head(&reading->connection, 101);
}

/* Says the server's own code back, masked as a client's frames are (RFC 6455, sections 5.3 and 5.5.1). */
static void answer_close(struct connection *connection, const unsigned char code[static 2]) {
  unsigned char frame[8] = {close_frame, masked | 2};
  if (getrandom(frame + 2, 4, 0) != 4) err(1, "getrandom");
  for (int place = 0; place < 2; place++) frame[6 + place] = code[place] ^ frame[2 + place];
  connection_send(connection, frame, sizeof frame);
}

/* Tokens are short: a frame whose length takes more than seven bits is not expected. */
void read_messages(struct reading *reading) {
  struct connection *connection = &reading->connection;
  shake_hands(reading);
  while (!reading->is_done) {
    connection_receive_all(connection, 2);
    unsigned char first = connection->bytes[0], length = connection->bytes[1];
    if ((first != text && first != close_frame) || length > 125) errx(1, "the frame %02x %02x", first, length);
    connection_receive_all(connection, 2 + length);
    if (first == text) {
      reading_take(reading, connection->bytes + 2, length);
    } else {
      if (length < 2) errx(1, "the server closes without a code");
      answer_close(connection, (unsigned char *)connection->bytes + 2);
      reading->is_done = true;
    }
    connection_take(connection, 2 + length);
  }
}
