#pragma once
#include <libwebsockets.h>
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

/* LWS_PRE is built from a function-like macro, which Swift cannot import. */
static const int clws_pre = LWS_PRE;
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
/* Whether the peer will send no more; POLLRDHUP is another of those that need _GNU_SOURCE. */
static inline int clws_peer_has_ended(int descriptor) {
  struct pollfd look = {.fd = descriptor, .events = EPOLLRDHUP};
  return poll(&look, 1, 0) > 0;
}
/* EPOLL* are an enum in C and arrive in Swift as a struct that does not combine with |. */
static const unsigned int clws_epoll_in = EPOLLIN;
static const unsigned int clws_epoll_in_edge = EPOLLIN | EPOLLET;
static const unsigned int clws_epoll_hangup_once = EPOLLRDHUP | EPOLLONESHOT;
