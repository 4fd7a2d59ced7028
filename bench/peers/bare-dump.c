// The floor: dumps the whole conntrack table of its network namespace into one 64 KiB buffer and throws the bytes away.
// Prints the messages it saw and the microseconds from start to NLMSG_DONE: by the clock, then on a CPU.
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static char buffer[65536] __attribute__((aligned(8)));

static long now(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec * 1000000L + t.tv_nsec / 1000;
}

int main(void) {
  long start = now(CLOCK_MONOTONIC), cpu = now(CLOCK_THREAD_CPUTIME_ID);
  struct { struct nlmsghdr header; struct nfgenmsg family; } request;
  long messages = 0;
  int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER);
  memset(&request, 0, sizeof request);
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  if (fd < 0 || send(fd, &request, sizeof request, 0) < 0) { perror("ctnetlink"); return 1; }
  for (;;) {
    ssize_t length = recv(fd, buffer, sizeof buffer, 0);
    if (length <= 0) { perror("recv"); return 1; }
    for (struct nlmsghdr *m = (void *)buffer; NLMSG_OK(m, length); m = NLMSG_NEXT(m, length)) {
      if (m->nlmsg_type == NLMSG_ERROR) { fprintf(stderr, "refused\n"); return 1; }
      if (m->nlmsg_type == NLMSG_DONE) { printf("%ld %ld %ld\n", messages, now(CLOCK_MONOTONIC) - start, now(CLOCK_THREAD_CPUTIME_ID) - cpu); return 0; }
      messages++;
    }
  }
}
