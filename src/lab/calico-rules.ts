// Calico's egress NAT rules as Felix writes them: with a range five rules, without one only the last
// (felix/rules/nat.go, NATOutgoingChain), in nf_tables form and in iptables form.
import { TCP, UDP } from '../core/model/protocol.ts';
import { formatRange, type PortRange } from '../core/model/port-range.ts';
import type { NatRandom } from '../core/model/nat-rule.ts';
import type { NftCommand, NftStatement } from '../kernel/nftables/nft-command.ts';

export interface EgressNat {
  /** natPortRange; undefined is Calico's unset. */
  readonly range?: PortRange;
  /** Protocols that get the range; Calico: both. */
  readonly protocols?: readonly number[];
  /** Calico: random-fully. */
  readonly random?: NatRandom;
}

const CALICO = { family: 'ip', table: 'calico' } as const;
const OUTGOING = 'nat-cali-nat-outgoing';
/** The pod network: what Calico keeps in cali40masq-ipam-pools and cali40network-ip-pools. */
const POD_NETWORK = '10.244.0.0/16';

/** Table, chains and rules of a node that has none yet. */
export function installCalicoRules(nat: EgressNat): readonly NftCommand[] {
  const jump = (from: string, to: string): NftCommand => ({
    ...CALICO,
    kind: 'add-rule',
    chain: from,
    statements: [{ kind: 'counter' }, { kind: 'jump', chain: to }],
  });
  return [
    { ...CALICO, kind: 'add-table' },
    {
      ...CALICO,
      kind: 'add-chain',
      chain: 'nat-POSTROUTING',
      base: { type: 'nat', hook: 'postrouting', priority: 110 },
    },
    { ...CALICO, kind: 'add-chain', chain: 'nat-cali-POSTROUTING' },
    { ...CALICO, kind: 'add-chain', chain: OUTGOING },
    jump('nat-POSTROUTING', 'nat-cali-POSTROUTING'),
    jump('nat-cali-POSTROUTING', OUTGOING),
    ...outgoingRules(nat),
  ];
}

/** Replaces the egress rules; as one transaction no packet sees the chain empty. */
export function replaceCalicoRules(nat: EgressNat): readonly NftCommand[] {
  return [{ ...CALICO, kind: 'flush-chain', chain: OUTGOING }, ...outgoingRules(nat)];
}

function outgoingRules(nat: EgressNat): readonly NftCommand[] {
  const random = nat.random ?? 'random-fully';
  const ranged = nat.range === undefined ? [] : (nat.protocols ?? [TCP, UDP]);
  const actions: (readonly NftStatement[])[] = ranged.flatMap((protocol) => [
    [...fromPods(protocol), { kind: 'masquerade', ...(nat.range === undefined ? {} : { range: nat.range }), random }],
    [...fromPods(protocol), { kind: 'return' }],
  ]);
  actions.push([...fromPods(), { kind: 'masquerade', random }]);
  return actions.map((statements, index) => ({
    ...CALICO,
    kind: 'add-rule',
    chain: OUTGOING,
    statements,
    comment: `cali:portolanRule00${index};`,
  }));
}

function fromPods(protocol?: number): readonly NftStatement[] {
  return [
    ...(protocol === undefined ? [] : [{ kind: 'l4proto', protocol } as const]),
    { kind: 'saddr', cidr: POD_NETWORK },
    { kind: 'daddr', cidr: POD_NETWORK, negate: true },
    { kind: 'counter' },
  ];
}

/** The same rules as iptables-restore input, with CIDR tests in place of Calico's ip sets. */
export function calicoIptablesRules(nat: EgressNat): string {
  const random = { none: '', random: ' --random', 'random-fully': ' --random-fully' }[nat.random ?? 'random-fully'];
  const ranged = nat.range === undefined ? [] : (nat.protocols ?? [TCP, UDP]);
  const ports = nat.range === undefined ? '' : ` --to-ports ${formatRange(nat.range)}`;
  const test = `-s ${POD_NETWORK} ! -d ${POD_NETWORK}`;
  const comment = (index: number): string => `-m comment --comment "cali:portolanRule00${index}"`;
  const rules = ranged.flatMap((protocol, index) => {
    const head = `-A cali-nat-outgoing -p ${protocol === TCP ? 'tcp' : 'udp'} ${comment(index * 2)} ${test}`;
    return [`${head} -j MASQUERADE${ports}${random}`, `${head} -j RETURN`];
  });
  return [
    '*nat',
    ':cali-POSTROUTING - [0:0]',
    ':cali-nat-outgoing - [0:0]',
    '-F POSTROUTING',
    '-A POSTROUTING -m comment --comment "cali:O3lYWMrLQYEMJtB5" -j cali-POSTROUTING',
    '-A cali-POSTROUTING -j cali-nat-outgoing',
    ...rules,
    `-A cali-nat-outgoing ${comment(4)} ${test} -j MASQUERADE${random}`,
    'COMMIT',
    '',
  ].join('\n');
}
