/* The least a server can do for a token: a ready-framed event, and one send() a reader when its instant has come.
   Everything a server needs beside that is left out, so what this costs is the kernel's own price.

     floor PAYLOADS EPOCH GAP REST

   PAYLOADS is a file of tokens, one a line; GAP the nanoseconds between two of a reader; REST the nanoseconds between
   two looks at what is due, so that tokens that are closer share a wake-up. Readers ask for /events?start=NS or
   /socket?start=NS, each with the instant of its first token; these must lie within one gap. It ends with its
   standard input. One thread, epoll. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "readers.h"
#include "tokens.h"

static const char event_stream_head[] =
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-store\r\n"
    "transfer-encoding: chunked\r\n\r\n";
/* The accept value belongs to the key of RFC 6455, section 1.3, which is the one that the bench's readers send. */
static const char socket_head[] =
    "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
    "sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

static struct readers readers;
static struct tokens tokens;
static int64_t gap, rest, rests_until;
static int listener, kernel, timer;

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void watch(int descriptor, uint32_t events, void *tag) {
  struct epoll_event event = {.events = events, .data.ptr = tag};
  if (epoll_ctl(kernel, EPOLL_CTL_ADD, descriptor, &event) != 0) err(1, "epoll_ctl");
}

static void listen_on_loopback(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (bind(listener, (struct sockaddr *)&address, length) != 0) err(1, "bind");
  if (listen(listener, 4096) != 0) err(1, "listen");
  getsockname(listener, (struct sockaddr *)&address, &length);
  printf("listening on http://127.0.0.1:%d\n", ntohs(address.sin_port));
  fflush(stdout);
}

static void drop(struct reader *reader) {
  close(reader->descriptor);
  readers_remove(&readers, reader);
  free(reader);
}

/* A reader is not served before its request has come; until then it has no place in the circle. */
static void accept_readers(void) {
  for (int descriptor; (descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
    int yes = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    struct reader *reader = calloc(1, sizeof *reader);
    if (!reader) abort();
    reader->descriptor = descriptor;
    watch(descriptor, EPOLLIN | EPOLLRDHUP, reader);
  }
}

/* The bench's requests come in one segment; whatever else comes ends the connection. */
static void hear(struct reader *reader) {
  char request[1024];
  ssize_t length = recv(reader->descriptor, request, sizeof request - 1, 0);
  request[length > 0 ? length : 0] = 0;
  char *start = strstr(request, "?start=");
  if (reader->due || !start || !strstr(request, "\r\n\r\n")) {
    drop(reader);
    return;
  }
  reader->due = strtoll(start + strlen("?start="), NULL, 10);
  reader->takes_messages = strncmp(request, "GET /socket", strlen("GET /socket")) == 0;
  const char *head = reader->takes_messages ? socket_head : event_stream_head;
  send(reader->descriptor, head, strlen(head), MSG_NOSIGNAL);
  readers_add(&readers, reader);
}

/* Who does not take a token whole is far behind, and out of the race: the bench sees it in its ledger. */
static void send_token(struct reader *reader) {
  struct frame *frame = &(reader->takes_messages ? tokens.messages : tokens.events)[reader->next++];
  ssize_t sent = send(reader->descriptor, frame->bytes, frame->length, MSG_NOSIGNAL);
  if (sent != (ssize_t)frame->length) shutdown(reader->descriptor, SHUT_RDWR);
  reader->due = reader->next < tokens.count ? reader->due + gap : INT64_MAX;
}

static void send_due(void) {
  int64_t instant = now();
  if (instant < rests_until || !readers.count || readers.list[readers.turn]->due > instant) return;
  while (readers.count && readers.list[readers.turn]->due <= instant) {
    send_token(readers.list[readers.turn]);
    readers.turn = readers.turn + 1 < readers.count ? readers.turn + 1 : 0;
  }
  rests_until = now() + rest;
}

/* Sets the timer to the next instant, or to none. A timer of its own, because what epoll waits for comes late by the
   slack of the process's timers, 50 microseconds or a thousandth of the wait; nobody reads it, because it is watched
   for its edges. */
static void arm(void) {
  static int64_t armed = INT64_MAX;
  int64_t due = readers.count ? readers.list[readers.turn]->due : INT64_MAX;
  if (due < rests_until) due = rests_until;
  if (due == armed) return;
  armed = due;
  struct itimerspec time = {0};
  if (due < INT64_MAX) time.it_value = (struct timespec){.tv_sec = due / 1000000000, .tv_nsec = due % 1000000000};
  if (timerfd_settime(timer, TFD_TIMER_ABSTIME, &time, NULL) != 0) err(1, "timerfd_settime");
}

int main(int count, char **arguments) {
  if (count != 5) errx(2, "usage: floor PAYLOADS EPOCH GAP REST");
  tokens = tokens_read(arguments[1], arguments[2]);
  gap = atoll(arguments[3]);
  rest = atoll(arguments[4]);
  kernel = epoll_create1(EPOLL_CLOEXEC);
  timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  listen_on_loopback();
  watch(listener, EPOLLIN, &listener);
  watch(timer, EPOLLIN | EPOLLET, &timer);
  watch(STDIN_FILENO, EPOLLIN, &readers);
  for (struct epoll_event events[64];;) {
    arm();
    int ready = epoll_wait(kernel, events, 64, -1);
    for (int i = 0; i < ready; i++) {
      void *tag = events[i].data.ptr;
      if (tag == &readers) return 0;
      if (tag == &timer) continue;
      if (tag == &listener) accept_readers();
      else hear(tag);
    }
    send_due();
  }
}
