// Entries of many kinds for the namespace of a child, made by `conntrack -I`: what tables of real nodes hold, and odd ones.
import { execFileSync } from 'node:child_process';

/** Addresses that the tables take for the node's own. */
export const NODE_ADDRESSES: readonly string[] = ['192.0.2.10', '2001:db8::10'];

const POD = '-s 10.244.0.5 -d 203.0.113.9';
const POD6 = '-s fd00::5 -d 2001:db8::9';
const STATES = ['SYN_SENT', 'SYN_RECV', 'ESTABLISHED', 'FIN_WAIT', 'CLOSE_WAIT', 'LAST_ACK', 'TIME_WAIT', 'CLOSE'];

const ODD: readonly string[] = [
  // DNAT and SNAT, fixed timeout, mark
  `-p tcp ${POD} --sport 1500 --dport 443 --state ESTABLISHED -t 3000 -u SEEN_REPLY,ASSURED,FIXED_TIMEOUT -n 192.0.2.10:41500 -g 10.1.1.1:8443 -m 17`,
  `-p tcp ${POD} --sport 1501 --dport 443 --state ESTABLISHED -t 3000 -g 10.1.1.1:8443`,
  `-p tcp ${POD} --sport 1502 --dport 443 --state SYN_SENT2 -t 3000 -n 192.0.2.10:41502`,
  `-p udp ${POD} --sport 1000 --dport 53 -t 3000 -n 192.0.2.10:40000`,
  `-p udp ${POD} --sport 1001 --dport 53 -t 3000 -u SEEN_REPLY -n 192.0.2.10:40011`,
  `-p sctp ${POD} --sport 1000 --dport 99 -t 3000 --state ESTABLISHED --orig-vtag 1 --reply-vtag 2 -n 192.0.2.10`,
  `-p icmp ${POD} --icmp-type 8 --icmp-code 0 --icmp-id 77 -t 3000 -n 192.0.2.10`,
  `-p icmpv6 -s 2001:db8::10 -d 2001:db8::9 --icmpv6-type 128 --icmpv6-code 0 --icmpv6-id 77 -t 3000`,
  `-p tcp ${POD} --sport 2000 --dport 443 --state ESTABLISHED -t 3000 -w 7 -n 192.0.2.10:40000`,
  `-p udp ${POD} --sport 2001 --dport 53 -t 3000 --orig-zone 3 -n 192.0.2.10:40001`,
  `-p udp ${POD} --sport 2002 --dport 53 -t 3000 --reply-zone 4 -n 192.0.2.10:40002`,
  `-p tcp ${POD6} --sport 1000 --dport 443 --state ESTABLISHED -t 3000 -u SEEN_REPLY,ASSURED -n [2001:db8::10]:40000`,
  `-p udp ${POD6} --sport 1000 --dport 53 -t 3000 -n [2001:db8::10]:40000`,
  // Forwarded; host-owned; inbound
  `-p tcp ${POD} --sport 3000 --dport 443 --state ESTABLISHED -t 3000`,
  `-p udp ${POD6} --sport 3000 --dport 53 -t 3000`,
  `-p tcp -s 192.0.2.10 -d 203.0.113.9 --sport 45000 --dport 443 --state ESTABLISHED -t 3000`,
  `-p tcp -s 198.51.100.7 -d 192.0.2.10 --sport 443 --dport 30080 --state ESTABLISHED -t 3000 -u SEEN_REPLY,ASSURED`,
  `-p udp -s 2001:db8::9 -d 2001:db8::10 --sport 53 --dport 5353 -t 3000`,
  `-p udp -s 198.51.100.7 -d 192.0.2.10 --sport 53 --dport 5353 -t 3000 --orig-zone 9`,
  `-p icmp -s 198.51.100.7 -d 192.0.2.10 --icmp-type 8 --icmp-code 0 --icmp-id 78 -t 3000`,
  // Protocols whose NAT spends no port
  `-p gre ${POD} --srckey 1 --dstkey 2 -t 3000`,
  `-p udplite ${POD} --sport 1002 --dport 53 -t 3000`,
  `-p 2 -s 10.244.0.5 -d 224.0.0.1 -t 3000`,
  // An SNAT address that is not the node's, with traffic of its own
  `-p tcp ${POD} --sport 4000 --dport 443 --state ESTABLISHED -t 3000 -n 198.18.0.1:50000`,
  ...Array.from(
    { length: 20 },
    (_, index) => `-p udp -s 198.51.100.${10 + index} -d 198.18.0.1 --sport 53 --dport 5353 -t 3000`,
  ),
];

/** Fills the namespace. `accounting`: with packets, bytes and time stamps, as many distributions set it. */
export function insertFlowEntries({ accounting }: { readonly accounting: boolean }): void {
  const flag = accounting ? 1 : 0;
  run('sysctl', '-qw', `net.netfilter.nf_conntrack_acct=${flag}`, `net.netfilter.nf_conntrack_timestamp=${flag}`);
  STATES.forEach((state, index) =>
    insert(
      `-p tcp ${POD} --sport ${1000 + index} --dport 443 --state ${state} -t 3000 -u SEEN_REPLY -n 192.0.2.10:${40_000 + index}`,
    ),
  );
  ODD.forEach(insert);
}

function insert(text: string): void {
  run('conntrack', '-I', ...text.split(' '));
}

function run(command: string, ...args: readonly string[]): void {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
