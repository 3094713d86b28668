#define _GNU_SOURCE
#include "kernel.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/tcp.h>
#include <malloc.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* As <netinet/tcp.h> has them, which cannot stand beside <linux/tcp.h>. */
enum { TIME_WAIT = 6, CLOSED = 7, CLOSE_WAIT = 8, LAST_ACK = 9, CLOSING = 11 };

/* Whether the peer's FIN has come. A connection that is closed does not say how; but where both ends had theirs, and
   no reset ended it before, ours was acknowledged, which is counted as sequence numbers are, beside the SYN of who has
   connected. A reset that comes between the two is taken for the one or the other. */
static int peer_has_ended(const struct tcp_info *info, int opened_here) {
  switch (info->tcpi_state) {
    case CLOSE_WAIT: case LAST_ACK: case CLOSING: case TIME_WAIT: return 1;
    case CLOSED:
      return info->tcpi_bytes_acked > info->tcpi_bytes_sent - info->tcpi_bytes_retrans + (opened_here != 0);
    default: return 0;
  }
}

int ckernel_connection_read(int descriptor, int opened_here, struct ckernel_connection *out) {
  struct tcp_info info;
  socklen_t length = sizeof info;
  memset(&info, 0, sizeof info);
  if (getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &length) != 0) return -1;
  if (length < offsetof(struct tcp_info, tcpi_bytes_retrans) + sizeof info.tcpi_bytes_retrans) {
    errno = ENOTSUP; /* a kernel before 4.19 */
    return -1;
  }
  out->bytes_sent = info.tcpi_bytes_sent;
  out->bytes_retransmitted = info.tcpi_bytes_retrans;
  out->bytes_acknowledged = info.tcpi_bytes_acked;
  /* Linux counts sequence numbers, and the peer's FIN has one (RFC 9293, section 3.4). */
  out->bytes_received = info.tcpi_bytes_received - (info.tcpi_bytes_received > 0 && peer_has_ended(&info, opened_here));
  out->bytes_waiting = info.tcpi_notsent_bytes;
  out->segments_out = info.tcpi_segs_out;
  out->segments_in = info.tcpi_segs_in;
  out->retransmissions = info.tcpi_total_retrans;
  out->round_trip_us = info.tcpi_rtt;
  return 0;
}

int ckernel_pin(int thread, const int *processors, int count) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (int i = 0; i < count; i++) CPU_SET(processors[i], &set);
  return sched_setaffinity(thread, sizeof set, &set);
}

int ckernel_allowed_processors(int *processors, int capacity) {
  cpu_set_t set;
  int count = 0;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 0;
  for (int i = 0; i < CPU_SETSIZE; i++) {
    if (!CPU_ISSET(i, &set)) continue;
    if (count < capacity) processors[count] = i;
    count++;
  }
  return count;
}

int ckernel_run_when_idle(void) {
  struct sched_param parameters = {.sched_priority = 0};
  return sched_setscheduler(0, SCHED_IDLE, &parameters);
}

void ckernel_wake_at_once(void) { prctl(PR_SET_TIMERSLACK, 1); }

void ckernel_use_one_heap(void) { mallopt(M_ARENA_MAX, 1); }

int ckernel_spawn(const char *executable, char *const *arguments, char *const *environment, const char *folder,
                  const int *streams, int *process) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, all;
  posix_spawn_file_actions_init(&actions);
  for (int stream = 0; stream < 3; stream++) {
    if (streams[stream] < 0) posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0);
    else posix_spawn_file_actions_adddup2(&actions, streams[stream], stream);
  }
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  if (folder) posix_spawn_file_actions_addchdir_np(&actions, folder);
  posix_spawnattr_init(&attributes);
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  int code = posix_spawnp(process, executable, &actions, &attributes, arguments, environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return code;
}

int ckernel_watch_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

int ckernel_watch_add(int set, int descriptor, uint32_t tag) {
  struct epoll_event event = {.events = EPOLLIN, .data.u32 = tag};
  return epoll_ctl(set, EPOLL_CTL_ADD, descriptor, &event);
}

int ckernel_watch_wait(int set, uint32_t *tags, int capacity, int64_t nanoseconds) {
  struct epoll_event events[256];
  struct timespec timeout = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
  int count = epoll_pwait2(set, events, capacity < 256 ? capacity : 256, &timeout, NULL);
  for (int i = 0; i < count; i++) tags[i] = events[i].data.u32;
  return count;
}

static int set_up(int control, struct ifreq *request) {
  if (ioctl(control, SIOCGIFFLAGS, request) != 0) return -1;
  request->ifr_flags |= IFF_UP;
  return ioctl(control, SIOCSIFFLAGS, request);
}

static void name_interface(struct ifreq *request, const char *name) {
  memset(request, 0, sizeof *request);
  strncpy(request->ifr_name, name, sizeof request->ifr_name - 1);
}

/* Closes it, and lets errno say what it said. */
static int closed(int descriptor, int result) {
  int code = errno;
  close(descriptor);
  errno = code;
  return result;
}

int ckernel_network_new(void) {
  struct ifreq request;
  if (unshare(CLONE_NEWNET) != 0) return -1;
  int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (control < 0) return -1;
  name_interface(&request, "lo");
  return closed(control, set_up(control, &request));
}

int ckernel_network_enter(const char *path) {
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return -1;
  return closed(descriptor, setns(descriptor, CLONE_NEWNET));
}

static int set_address(int control, const char *name, unsigned long what, const char *address) {
  struct ifreq request;
  struct sockaddr_in *in = (struct sockaddr_in *)&request.ifr_addr;
  name_interface(&request, name);
  in->sin_family = AF_INET;
  inet_pton(AF_INET, address, &in->sin_addr);
  return ioctl(control, what, &request);
}

int ckernel_set_mtu(int control, const char *name, int mtu) {
  struct ifreq request;
  name_interface(&request, name);
  request.ifr_mtu = mtu;
  return ioctl(control, SIOCSIFMTU, &request);
}

static int configure(int control, const char *name, const char *address, int queue_length) {
  struct ifreq request;
  if (set_address(control, name, SIOCSIFADDR, address) != 0) return -1;
  if (set_address(control, name, SIOCSIFNETMASK, "255.255.255.0") != 0) return -1;
  name_interface(&request, name);
  request.ifr_qlen = queue_length;
  /* Only the machine's own root may; for others the kernel's 500 packets have to do. */
  (void)ioctl(control, SIOCSIFTXQLEN, &request);
  name_interface(&request, name);
  return set_up(control, &request);
}

int ckernel_tun_open(const char *name, const char *address, int queue_length, int *control) {
  struct ifreq request;
  int tun = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
  if (tun < 0) return -1;
  name_interface(&request, name);
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  if (ioctl(tun, TUNSETIFF, &request) != 0) return closed(tun, -1);
  *control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (*control < 0) return closed(tun, -1);
  if (configure(*control, name, address, queue_length) == 0) return tun;
  return closed(tun, closed(*control, -1));
}
