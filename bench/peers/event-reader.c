// One thread that blocks in recv for conntrack NEW and DESTROY events of its network namespace. Without an argument it throws
// them away, which is the floor; with `keep` it parses each and keeps a table of the flows, which is the agent's work.
// Each SIGUSR2 notes how far it is; SIGTERM prints all events and overruns (ENOBUFS), and between the two notes: events,
// microseconds outside and inside the kernel.
#include <errno.h>
#include <linux/netfilter/nfnetlink_compat.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <arpa/inet.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#define SLOTS (1 << 20)
#define SNATED 0x10

struct flow {
  uint32_t snat, remote, source, id, status, timeout;
  uint16_t port, remote_port, source_port;
  uint8_t protocol, state;
};

struct note { long events, user, system; };

static char buffer[65536] __attribute__((aligned(8)));
static struct flow table[SLOTS];
static volatile sig_atomic_t stopped;
static volatile long events;
static struct note notes[2];
static int noted;

static long microseconds(struct timeval t) { return t.tv_sec * 1000000L + t.tv_usec; }

static void stop(int number) { (void)number; stopped = 1; }

static void note(int number) {
  struct rusage usage;
  (void)number;
  if (noted == 2) return;
  getrusage(RUSAGE_SELF, &usage);
  notes[noted++] = (struct note){ events, microseconds(usage.ru_utime), microseconds(usage.ru_stime) };
}

static uint32_t slot_of(const struct flow *f) {
  uint32_t hash = f->remote * 0xcc9e2d51u ^ f->snat * 0x1b873593u ^ (f->port << 16 | f->remote_port);
  hash = (hash ^ hash >> 16) * 0x85ebca6bu;
  return (hash ^ hash >> 13) & (SLOTS - 1);
}

static int same(const struct flow *a, const struct flow *b) {
  return a->id == b->id && a->port == b->port && a->remote == b->remote && a->remote_port == b->remote_port &&
         a->snat == b->snat && a->protocol == b->protocol;
}

static uint32_t find(const struct flow *f) {
  uint32_t slot = slot_of(f);
  while (table[slot].protocol && !same(&table[slot], f)) slot = (slot + 1) & (SLOTS - 1);
  return slot;
}

static void take_out(uint32_t hole) {
  for (uint32_t slot = (hole + 1) & (SLOTS - 1); table[slot].protocol; slot = (slot + 1) & (SLOTS - 1)) {
    uint32_t home = slot_of(&table[slot]);
    if (((slot - home) & (SLOTS - 1)) < ((slot - hole) & (SLOTS - 1))) continue;
    table[hole] = table[slot];
    hole = slot;
  }
  table[hole].protocol = 0;
}

#define EACH(a, start, length) \
  for (struct nlattr *a = (void *)(start), *end_##a = (void *)((char *)(start) + (length)); \
       (char *)a + NLA_HDRLEN <= (char *)end_##a && a->nla_len >= NLA_HDRLEN; a = (void *)((char *)a + NLA_ALIGN(a->nla_len)))
#define DATA(a) ((char *)(a) + NLA_HDRLEN)
#define SIZE(a) ((a)->nla_len - NLA_HDRLEN)
#define TYPE(a) ((a)->nla_type & NLA_TYPE_MASK)

static void parse_tuple(struct nlattr *tuple, uint32_t addresses[2], uint16_t ports[2], uint8_t *protocol) {
  EACH(part, DATA(tuple), SIZE(tuple)) EACH(field, DATA(part), SIZE(part)) {
    if (TYPE(part) == CTA_TUPLE_IP && TYPE(field) == CTA_IP_V4_SRC) addresses[0] = *(uint32_t *)DATA(field);
    else if (TYPE(part) == CTA_TUPLE_IP && TYPE(field) == CTA_IP_V4_DST) addresses[1] = *(uint32_t *)DATA(field);
    else if (TYPE(part) != CTA_TUPLE_PROTO) continue;
    else if (TYPE(field) == CTA_PROTO_NUM) *protocol = *(uint8_t *)DATA(field);
    else if (TYPE(field) == CTA_PROTO_SRC_PORT) ports[0] = ntohs(*(uint16_t *)DATA(field));
    else if (TYPE(field) == CTA_PROTO_DST_PORT) ports[1] = ntohs(*(uint16_t *)DATA(field));
  }
}

static void parse_info(struct nlattr *info, struct flow *f) {
  EACH(tcp, DATA(info), SIZE(info)) if (TYPE(tcp) == CTA_PROTOINFO_TCP)
    EACH(field, DATA(tcp), SIZE(tcp)) if (TYPE(field) == CTA_PROTOINFO_TCP_STATE) f->state = *(uint8_t *)DATA(field);
}

static void keep(struct nlmsghdr *m) {
  struct flow f = { 0 };
  uint32_t original[2] = { 0 }, reply[2] = { 0 };
  uint16_t original_ports[2] = { 0 }, reply_ports[2] = { 0 };
  EACH(a, (char *)NLMSG_DATA(m) + NLMSG_ALIGN(sizeof(struct nfgenmsg)), m->nlmsg_len - NLMSG_LENGTH(sizeof(struct nfgenmsg)))
    switch (TYPE(a)) {
      case CTA_TUPLE_ORIG: parse_tuple(a, original, original_ports, &f.protocol); break;
      case CTA_TUPLE_REPLY: parse_tuple(a, reply, reply_ports, &f.protocol); break;
      case CTA_STATUS: f.status = ntohl(*(uint32_t *)DATA(a)); break;
      case CTA_TIMEOUT: f.timeout = ntohl(*(uint32_t *)DATA(a)); break;
      case CTA_ID: f.id = ntohl(*(uint32_t *)DATA(a)); break;
      case CTA_PROTOINFO: parse_info(a, &f); break;
    }
  if (!(f.status & SNATED) || !f.protocol) return;
  f.source = original[0], f.source_port = original_ports[0];
  f.remote = reply[0], f.remote_port = reply_ports[0], f.snat = reply[1], f.port = reply_ports[1];
  uint32_t slot = find(&f);
  if (NFNL_MSG_TYPE(m->nlmsg_type) == IPCTNL_MSG_CT_NEW) table[slot] = f;
  else if (table[slot].protocol) take_out(slot);
}

int main(int count, char **arguments) {
  struct sigaction stopping = { .sa_handler = stop }, noting = { .sa_handler = note, .sa_flags = SA_RESTART };
  struct sockaddr_nl address = { .nl_family = AF_NETLINK };
  struct timeval patience = { .tv_usec = 500000 };
  int size = 64 << 20, new_group = NFNLGRP_CONNTRACK_NEW, destroy_group = NFNLGRP_CONNTRACK_DESTROY;
  int keeps = count > 1 && strcmp(arguments[1], "keep") == 0;
  long overruns = 0;
  int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER);
  sigaction(SIGTERM, &stopping, NULL);
  sigaction(SIGUSR2, &noting, NULL);
  if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0) { perror("netlink"); return 1; }
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
  // A signal may come right before recv blocks.
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &new_group, sizeof new_group) < 0) { perror("join"); return 1; }
  if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &destroy_group, sizeof destroy_group) < 0) { perror("join"); return 1; }
  puts("ready");
  fflush(stdout);
  while (!stopped) {
    ssize_t length = recv(fd, buffer, sizeof buffer, 0);
    if (length > 0) {
      events++;
      if (keeps) keep((struct nlmsghdr *)buffer);
    } else if (errno == ENOBUFS) overruns++;
    else if (errno != EINTR && errno != EAGAIN) { perror("recv"); return 1; }
  }
  printf("%ld %ld %ld %ld %ld\n", events, overruns, notes[1].events - notes[0].events, notes[1].user - notes[0].user,
         notes[1].system - notes[0].system);
  return 0;
}
