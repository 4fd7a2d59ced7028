// The floor: one thread that blocks in recv for conntrack NEW and DESTROY events of its network namespace and throws them away.
// Prints events, overruns (ENOBUFS) and microseconds of CPU when it gets SIGTERM.
#include <errno.h>
#include <linux/netfilter/nfnetlink_compat.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

static char buffer[65536] __attribute__((aligned(8)));
static volatile sig_atomic_t stopped;

static void stop(int number) { (void)number; stopped = 1; }

int main(void) {
  struct sigaction action = { .sa_handler = stop };
  struct sockaddr_nl address = { .nl_family = AF_NETLINK };
  int size = 64 << 20, new_group = NFNLGRP_CONNTRACK_NEW, destroy_group = NFNLGRP_CONNTRACK_DESTROY;
  long events = 0, overruns = 0;
  int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER);
  sigaction(SIGTERM, &action, NULL);
  if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0) { perror("netlink"); return 1; }
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
  if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &new_group, sizeof new_group) < 0) { perror("join"); return 1; }
  if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &destroy_group, sizeof destroy_group) < 0) { perror("join"); return 1; }
  puts("ready");
  fflush(stdout);
  while (!stopped) {
    ssize_t length = recv(fd, buffer, sizeof buffer, 0);
    if (length > 0) events++;
    else if (errno == ENOBUFS) overruns++;
    else if (errno != EINTR) { perror("recv"); return 1; }
  }
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  printf("%ld %ld %ld\n", events, overruns, t.tv_sec * 1000000L + t.tv_nsec / 1000);
  return 0;
}
