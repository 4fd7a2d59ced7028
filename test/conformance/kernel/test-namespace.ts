// Makes the namespace of this process a node: addresses on loopback, remotes that swallow what they get, one rule at a time.
// Written with `ip` and `nft`, the programs people use, so that Portolan's own encoders are not tested by themselves.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { formatRange } from '../../../src/core/model/port-range.ts';
import { NODE_ADDRESS, NODE_ADDRESS_6, type Rule, type RulePart } from '../nat-node.ts';

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

let installed = '';

/** Replaces the rules of the node; entries stay. */
export function installRule(rule: Rule): void {
  const ruleset = rulesetOf(rule);
  if (ruleset !== installed) run('nft', ['-f', '-'], ruleset);
  installed = ruleset;
}

/** The ruleset as a person would write it; only what pods send is translated. */
export function rulesetOf(rule: Rule): string {
  return `
add table inet node
delete table inet node
table inet node {
  ${partChains(rule)}
  chain nat {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr 10.244.0.0/16 meta l4proto { tcp, udp } ${translation(rule)}
    ip6 saddr fd00::/8 meta l4proto { tcp, udp } ${hasOwnAddresses(rule) ? 'accept' : translation(rule)}
    ip saddr 10.244.0.0/16 masquerade ${randomWord(rule)}
    ip6 saddr fd00::/8 masquerade ${randomWord(rule)}
  }
  chain swallow {
    type filter hook input priority filter; policy drop;
  }
}
`;
}

/** What stands behind the match of the rule: masquerade, snat, or a choice among parts. */
function translation(rule: Rule): string {
  if (rule.parts !== undefined)
    return hasOwnAddresses(rule)
      ? addressParts(rule.parts)
      : `numgen random mod ${STEPS} vmap { ${shared(rule.parts, (_, index) => `goto part${index}`)} }`;
  const range = rule.range === undefined ? '' : `:${formatRange(rule.range)}`;
  if (rule.addresses !== undefined) return `snat ip to ${rule.addresses.join('-')}${range} ${natFlags(rule)}`;
  return `masquerade${range === '' ? '' : ` to ${range}`} ${randomWord(rule)}`;
}

function hasOwnAddresses({ addresses, parts = [] }: Rule): boolean {
  return addresses !== undefined || parts.some(({ address }) => address !== undefined);
}

function addressParts(parts: readonly RulePart[]): string {
  const targets = shared(parts, ({ address = NODE_ADDRESS, range }) => `${address} . ${formatRange(range)}`);
  return `snat ip addr . port to numgen random mod ${STEPS} map { ${targets} } fully-random`;
}

/** How finely the shares of parts are divided. */
const STEPS = 65_536;

function shared(parts: readonly RulePart[], target: (part: RulePart, index: number) => string): string {
  let from = 0;
  return parts
    .map((part, index) => {
      const to = index === parts.length - 1 ? STEPS : from + Math.round(part.share * STEPS);
      const element = `${from}-${to - 1} : ${target(part, index)}`;
      from = to;
      return element;
    })
    .join(', ');
}

function partChains(rule: Rule): string {
  return (rule.parts ?? [])
    .map(
      ({ range }, index) =>
        `chain part${index} { meta l4proto { tcp, udp } masquerade to :${formatRange(range)} ${randomWord(rule)} ; }`,
    )
    .join('\n  ');
}

function natFlags(rule: Rule): string {
  return [randomWord(rule), rule.persistent === true ? 'persistent' : ''].filter((word) => word !== '').join(',');
}

function randomWord({ random }: Rule): string {
  return random === 'none' ? '' : random === 'random' ? 'random' : 'fully-random';
}

function run(program: string, args: readonly string[], input: string): void {
  const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };
  const ran = spawnSync(program, args, { input, encoding: 'utf8', env });
  if (ran.status !== 0) throw new Error(`${program}: ${ran.error?.message ?? ran.stderr} for ${input}`);
}
