#pragma once
#include <stdint.h>

/* What Linux counted on one TCP connection (struct tcp_info of <linux/tcp.h>, which glibc's own header of that
   name cuts short and which cannot be included beside it). */
struct ckernel_connection {
  uint64_t bytes_sent;          /* payload, retransmissions included */
  uint64_t bytes_retransmitted;
  uint64_t bytes_acknowledged;  /* by the peer; the end of either side may count as one */
  uint64_t bytes_received;      /* payload; one more or less where a reset followed one side's FIN */
  uint64_t bytes_waiting;       /* payload that was not sent yet */
  uint32_t segments_out;        /* SYN, pure ACKs and FIN included */
  uint32_t segments_in;
  uint32_t retransmissions;
  uint32_t round_trip_us;       /* smoothed */
};

/* `opened_here` says that this end has connected, and not accepted. 0, or -1 with errno set. */
int ckernel_connection_read(int descriptor, int opened_here, struct ckernel_connection *out);

/* Lets a thread run on these processors only; 0 is the calling thread. 0, or -1 with errno set. */
int ckernel_pin(int thread, const int *processors, int count);

/* Processors that this process may run on, at most `capacity`; returns how many there are. */
int ckernel_allowed_processors(int *processors, int capacity);

/* Lets the calling process run only when nobody else wants the processor. 0, or -1 with errno set. */
int ckernel_run_when_idle(void);

/* Ends the calling thread's sleeps at their instants, and not within the slack that the kernel gathers them with
   (prctl(2), PR_SET_TIMERSLACK). */
void ckernel_wake_at_once(void);

/* Gives all threads of this process one heap instead of one each. */
void ckernel_use_one_heap(void);

/* Starts a program, looked for in PATH if its name has no slash, with `streams` as its descriptors 0 to 2 (-1 is
   /dev/null) and no others, in a process group of its own, with no signal blocked or ignored, in `folder` unless
   that is null. `arguments` and `environment` end with a null. 0 with the process in `process`, or an errno. */
int ckernel_spawn(const char *executable, char *const *arguments, char *const *environment, const char *folder,
                  const int *streams, int *process);

/* An epoll set, which Glibc's module lacks: a new one, or -1 with errno set; a descriptor that joins it, named by
   `tag` when there is something to read; and the tags of those that have, at most `capacity`, waited for so many
   nanoseconds. Returns how many. */
int ckernel_watch_create(void);
int ckernel_watch_add(int set, int descriptor, uint32_t tag);
int ckernel_watch_wait(int set, uint32_t *tags, int capacity, int64_t nanoseconds);

/* The calling thread's network namespace: a new one, with its loopback interface up; or the one behind a path
   (setns(2)). 0, or -1 with errno set. */
int ckernel_network_new(void);
int ckernel_network_enter(const char *path);

/* A TUN device in the calling thread's network namespace, up, with this IPv4 address in a network of
   /24: a descriptor to read its packets from and write them to, which does not block. `control` is one more, to change
   the device by from any namespace. Or -1 with errno set. */
int ckernel_tun_open(const char *name, const char *address, int queue_length, int *control);

/* The largest packet that an interface of the control's namespace sends. 0, or -1 with errno set. */
int ckernel_set_mtu(int control, const char *name, int mtu);

/* Asks the processor to bring memory near that is going to be changed, and does not wait for it. */
static inline void ckernel_prefetch(const void *address, int cache_lines) {
  for (int line = 0; line < cache_lines; line++) __builtin_prefetch((const char *)address + 64 * line, 1);
}
