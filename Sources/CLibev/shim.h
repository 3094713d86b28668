#pragma once
#include <ev.h>

/* libev's watchers are set up by macros, which Swift cannot import. */

typedef void (*clev_read_callback)(struct ev_loop *, struct ev_io *, int);
static inline void clev_set_up_reading(
    struct ev_io *watcher, int descriptor, clev_read_callback callback, void *owner) {
  ev_io_init(watcher, callback, descriptor, EV_READ);
  watcher->data = owner;
}

typedef void (*clev_prepare_callback)(struct ev_loop *, struct ev_prepare *, int);
static inline void clev_start_preparing(
    struct ev_loop *loop, struct ev_prepare *watcher, clev_prepare_callback callback, void *owner) {
  ev_prepare_init(watcher, callback);
  watcher->data = owner;
  ev_prepare_start(loop, watcher);
}

static inline struct ev_loop *clev_new(void) { return ev_loop_new(EVFLAG_AUTO | EVFLAG_NOENV); }
static inline void clev_run(struct ev_loop *loop) { ev_run(loop, 0); }
static inline void clev_stop(struct ev_loop *loop) { ev_break(loop, EVBREAK_ALL); }
static inline void clev_act_as_if_readable(struct ev_loop *loop, int descriptor) {
  ev_feed_fd_event(loop, descriptor, EV_READ);
}
