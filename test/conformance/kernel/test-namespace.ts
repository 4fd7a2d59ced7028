// Makes the namespace of this process a node: addresses on loopback, remotes that swallow what they get, one rule at a time.
// Written with `ip` and `nft`, the programs people use, so that Portolan's own encoders are not tested by themselves.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { formatRange } from '../../../src/core/model/port-range.ts';
import { NODE_ADDRESS, NODE_ADDRESS_6, type Rule } from '../nat-node.ts';

/** Long enough that no entry expires during a test; the kernel's own are 30 to 120 s. */
const TIMEOUT_SECONDS = 86_400;

const TIMEOUTS = ['udp', 'udp_stream', 'icmp', 'tcp_syn_sent', 'tcp_time_wait', 'tcp_close'].map(
  (name) => `${name}_timeout`,
);

/** Once per process. Errors: Error with what the program said. */
export function prepareNamespace(): void {
  run('ip', ['-batch', '-'], LINKS);
  setTimeouts();
}

const LINKS = `
link set lo up
addr add ${NODE_ADDRESS}/32 dev lo
addr add ${NODE_ADDRESS_6}/128 dev lo nodad
route add local 203.0.113.0/24 dev lo
route add local 2001:db8:1::/64 dev lo
`;

function setTimeouts(): void {
  for (const name of TIMEOUTS) {
    const path = name.startsWith('tcp_')
      ? `tcp_timeout_${name.slice(4, -8)}`
      : name.replace(/^udp_stream_timeout$/, 'udp_timeout_stream');
    writeFileSync(`/proc/sys/net/netfilter/nf_conntrack_${path}`, String(TIMEOUT_SECONDS));
  }
}

/** Replaces the rules of the node; entries stay. */
export function installRule(rule: Rule): void {
  run('nft', ['-f', '-'], rulesetOf(rule));
}

/** The ruleset as a person would write it. */
export function rulesetOf(rule: Rule): string {
  return `
add table inet node
delete table inet node
table inet node {
  chain part0 { }
  chain nat {
    type nat hook postrouting priority srcnat; policy accept;
    ip daddr 203.0.113.0/24 ${statementOf(rule)}
    ip6 daddr 2001:db8:1::/64 masquerade
  }
  chain swallow {
    type filter hook input priority filter; policy drop;
  }
}
`;
}

/** What stands behind the match of the rule. */
export function statementOf(rule: Rule): string {
  const random = rule.random === 'none' ? '' : rule.random === 'random' ? ' random' : ' fully-random';
  const range = rule.range === undefined ? '' : `:${formatRange(rule.range)}`;
  if (rule.addresses === undefined)
    return `meta l4proto { tcp, udp } masquerade${range === '' ? '' : ` to ${range}`}${random}`;
  return `meta l4proto { tcp, udp } snat ip to ${rule.addresses.join('-')}${range}${random}`;
}

function run(program: string, args: readonly string[], input: string): void {
  const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };
  const ran = spawnSync(program, args, { input, encoding: 'utf8', env });
  if (ran.status !== 0) throw new Error(`${program}: ${ran.error?.message ?? ran.stderr} for ${input}`);
}
