#define _GNU_SOURCE
#include "connection.h"

#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { nanoseconds_a_second = 1000000000, patience_seconds = 100, room = 1 << 16 };

int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * nanoseconds_a_second + time.tv_nsec;
}

void sleep_until(int64_t instant) {
  struct timespec time = {instant / nanoseconds_a_second, instant % nanoseconds_a_second};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) != 0) {
  }
}

struct connection connection_open(int port) {
  struct connection connection = {.port = port, .capacity = room, .bytes = malloc(room)};
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct timeval patience = {.tv_sec = patience_seconds};
  int yes = 1, descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (!connection.bytes) abort();
  if (descriptor < 0) err(1, "socket");
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (connect(descriptor, (struct sockaddr *)&address, sizeof address) != 0) err(1, "connect");
  connection.descriptor = descriptor;
  return connection;
}

void connection_close(struct connection *connection) {
  close(connection->descriptor);
  free(connection->bytes);
}

void connection_count_anew(struct connection *connection) {
  connection->up = connection->down = connection->requests = 0;
}

void connection_send(struct connection *connection, const void *bytes, size_t length) {
  for (size_t sent = 0; sent < length;) {
    ssize_t count = send(connection->descriptor, (const char *)bytes + sent, length - sent, MSG_NOSIGNAL);
    if (count < 0) err(1, "send");
    sent += count;
    connection->up += count;
  }
}

void connection_receive(struct connection *connection) {
  if (connection->capacity - connection->length < room) {
    connection->capacity = connection->length + 2 * room;
    connection->bytes = realloc(connection->bytes, connection->capacity);
    if (!connection->bytes) abort();
  }
  ssize_t count = recv(connection->descriptor, connection->bytes + connection->length, room, 0);
  connection->read_at = now();
  if (count < 0) err(1, "recv");
  if (count == 0) {
    errx(1, "the server ended the connection: %.*s", (int)connection->length, connection->bytes);
  }
  connection->length += count;
  connection->down += count;
}

void connection_receive_all(struct connection *connection, size_t length) {
  while (connection->length < length) connection_receive(connection);
}

void connection_take(struct connection *connection, size_t length) {
  connection->length -= length;
  memmove(connection->bytes, connection->bytes + length, connection->length);
}
