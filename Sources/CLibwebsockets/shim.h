#pragma once
#include <libwebsockets.h>

/* LWS rests on what this version does and its documentation does not promise: read the sources of another one first, for
   each of the traps that Server's documentation names. */
#if LWS_LIBRARY_VERSION_NUMBER != 4001006
#error "LWS was read against libwebsockets 4.1.6, and this is another version"
#endif

/* Glibc's Swift module leaves these two out. */
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <sys/socket.h>

/* Glibc's Swift module is built without _GNU_SOURCE, which would declare accept4. */
extern int accept4(int, struct sockaddr *, socklen_t *, int);
static inline int clws_accept(int listener, struct sockaddr *address, socklen_t *length) {
  return accept4(listener, address, length, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

/* Swift imports epoll_event as a union-holding packed struct whose fields it cannot take the address of. */
static inline int clws_epoll_add(int set, int descriptor, unsigned int events) {
  struct epoll_event event = {.events = events, .data = {.fd = descriptor}};
  return epoll_ctl(set, EPOLL_CTL_ADD, descriptor, &event);
}
static inline int clws_epoll_remove(int set, int descriptor) {
  return epoll_ctl(set, EPOLL_CTL_DEL, descriptor, 0);
}
/* Descriptors of the ready ones, at most `capacity`, without waiting. */
static inline int clws_epoll_ready(int set, int *descriptors, int capacity) {
  struct epoll_event events[64];
  int count = epoll_wait(set, events, capacity < 64 ? capacity : 64, 0);
  for (int i = 0; i < count; i++) descriptors[i] = events[i].data.fd;
  return count;
}
