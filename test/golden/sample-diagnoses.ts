// Hand-made diagnoses, one per situation a person can be in. Every figure is made up and consistent in itself.
import type { ClaimInRange, Diagnosis, EffectiveRange, PortSpaceVerdict } from '../../src/core/analysis/diagnosis.ts';
import { DIAGNOSIS_SCHEMA } from '../../src/core/analysis/diagnosis.ts';
import type { Finding } from '../../src/core/analysis/finding.ts';
import type { Holder } from '../../src/core/model/holder.ts';
import type { Gap } from '../../src/core/model/gap.ts';
import type { KernelBehaviour } from '../../src/core/model/kernel-behaviour.ts';
import type { NatRule } from '../../src/core/model/nat-rule.ts';
import type { PortSpace } from '../../src/core/model/port-space.ts';

const OLD_KERNEL: KernelBehaviour = {
  release: '6.1.0-18-amd64',
  evictsClosing: 'no',
  search: 'windows',
  filtersSnatDump: 'yes',
  moduloBias: 'yes',
  eventMode: 2,
  evidence: [
    'a new SYN to a range held by 64 TIME_WAIT entries was dropped: no eviction',
    'a failed search found exactly 248 occupied ports: window search',
  ],
};

const NEW_KERNEL: KernelBehaviour = {
  ...OLD_KERNEL,
  release: '6.12.30',
  evictsClosing: 'yes',
  evidence: ['a new SYN to a range held by 64 TIME_WAIT entries got a port: eviction'],
};

export const CALICO_RULE: NatRule = {
  backend: 'iptables-nft',
  family: 'ip',
  table: 'nat',
  path: ['POSTROUTING', 'cali-POSTROUTING', 'cali-nat-outgoing'],
  priority: 100,
  order: 3,
  match: { protocol: 6, source: '@cali40masq-ipam-pools', destination: '!@cali40all-ipam-pools', other: [] },
  action: { kind: 'masquerade', range: { first: 32_768, last: 65_535 }, random: 'random-fully' },
  owner: 'calico',
  scope: 'egress',
  packets: 91_204,
};

export const DOCKER_RULE: NatRule = {
  backend: 'nftables',
  family: 'ip',
  table: 'nat',
  path: ['POSTROUTING'],
  priority: 100,
  order: 4,
  match: { source: '172.17.0.0/16', outInterface: '!docker0', other: ['ct mark'] },
  action: { kind: 'masquerade', random: 'none' },
  owner: 'docker',
  scope: 'egress',
};

const CALICO: EffectiveRange = {
  range: { first: 32_768, last: 65_535 },
  isDefault: false,
  owner: 'calico',
  rule: CALICO_RULE,
};

const UNSET: EffectiveRange = { range: { first: 1024, last: 65_535 }, isDefault: true, owner: 'unknown' };

const PAYMENTS: PortSpace = {
  index: 0,
  zone: 0,
  protocol: 6,
  snatAddress: '192.0.2.10',
  remoteAddress: '203.0.113.9',
  remotePort: 443,
  flows: 32_101,
};

const DNS: PortSpace = {
  ...PAYMENTS,
  index: 1,
  protocol: 17,
  remoteAddress: '198.51.100.53',
  remotePort: 53,
  flows: 26_410,
};

const WAREHOUSE: PortSpace = {
  ...PAYMENTS,
  index: 2,
  snatAddress: '2001:db8:0:5::10',
  remoteAddress: '2001:db8:77:1234::5432:1',
  remotePort: 5432,
  flows: 210,
};

function finding(
  space: PortSpace | undefined,
  rest: Partial<Finding> & Pick<Finding, 'check' | 'severity' | 'sentence'>,
): Finding {
  return {
    subject: space === undefined ? { kind: 'node' } : { kind: 'port-space', portSpace: space },
    numbers: {},
    because: [],
    confidence: 'high',
    gaps: [],
    ...rest,
  };
}

const CHURN: PortSpaceVerdict = {
  portSpace: PAYMENTS,
  effective: CALICO,
  usedPorts: 32_101,
  livePorts: 32_101,
  evictablePorts: 0,
  closingPorts: 30_897,
  capacityPorts: 32_768,
  dropProbability: 0.0455,
  dropProbabilityWithoutEviction: 0.0455,
  states: { ESTABLISHED: 1180, SYN_SENT: 24, TIME_WAIT: 30_897 },
  sources: [
    { address: '10.244.3.17', ports: 26_002, share: 0.81 },
    { address: '10.244.3.22', ports: 3852, share: 0.12 },
    { address: '10.244.3.4', ports: 1284, share: 0.04 },
    { address: '10.244.3.9', ports: 963, share: 0.03 },
  ],
  newPerSecond: 268,
  sustainablePerSecond: 247,
  holdSeconds: 120,
  release: { firstSeconds: 3, medianSeconds: 61, lastSeconds: 118, ports: 30_897 },
  severity: 'critical',
  findings: [
    finding(PAYMENTS, {
      check: 'churn',
      severity: 'critical',
      sentence:
        'Closed connections (TIME_WAIT) hold most source ports towards this destination, and the kernel does not take them over.',
      numbers: {
        usedPorts: { value: 32_101, unit: 'ports', source: 'ctnetlink dump' },
        closingPorts: { value: 30_897, unit: 'ports', source: 'ctnetlink dump' },
        dropProbability: { value: 0.0455, unit: 'probability', source: 'port bitmap, window search' },
        newPerSecond: { value: 268, unit: '1/s', source: 'NEW events over 2 s' },
      },
      because: [
        'This kernel takes over no closing entry, so each port is held for the full TIME_WAIT timeout.',
        'The drop probability is exact for these ports: the share of all 65,536 start points whose search meets no free port.',
        'A lost SYN is sent again after 1 s: most connections are late before they fail.',
      ],
      remedy: `calicoctl patch felixconfiguration default --patch '{"spec":{"natPortRange": "4790:65535"}}'`,
    }),
    finding(PAYMENTS, {
      check: 'leak',
      severity: 'warning',
      sentence: 'Some connections have had no peer for a long time.',
      numbers: { entries: { value: 212, unit: 'entries', source: 'ctnetlink dump' } },
      because: ['212 entries are in CLOSE_WAIT with more than 50 min to live.'],
      confidence: 'medium',
      gaps: ['events'],
    }),
  ],
};

const NEARING: PortSpaceVerdict = {
  portSpace: DNS,
  effective: CALICO,
  usedPorts: 26_410,
  livePorts: 26_410,
  evictablePorts: 0,
  closingPorts: 0,
  capacityPorts: 32_768,
  dropProbability: 5.5e-6,
  dropProbabilityWithoutEviction: 5.5e-6,
  states: { UDP: 26_410 },
  sources: [{ address: '10.244.3.2', ports: 26_410, share: 1 }],
  newPerSecond: 905,
  sustainablePerSecond: 930,
  holdSeconds: 30,
  release: { firstSeconds: 0.4, medianSeconds: 14, lastSeconds: 29, ports: 26_410 },
  fullInSeconds: 240,
  severity: 'warning',
  findings: [
    finding(DNS, {
      check: 'nearing',
      severity: 'warning',
      sentence:
        'At the present growth new connections to this destination will soon be lost for want of a source port.',
      numbers: { fullInSeconds: { value: 240, unit: 's', source: 'growth over 2 s' } },
      because: ['905 new flows/s and 880 ports becoming free/s were seen.'],
      confidence: 'medium',
      remedy:
        'run the pods that open these connections on more nodes, or let them reuse connections (keep-alive, pooling)',
    }),
  ],
};

const FINE: PortSpaceVerdict = {
  portSpace: WAREHOUSE,
  effective: CALICO,
  usedPorts: 210,
  livePorts: 200,
  evictablePorts: 10,
  closingPorts: 10,
  capacityPorts: 32_768,
  dropProbability: 0,
  dropProbabilityWithoutEviction: 0,
  states: { ESTABLISHED: 200, TIME_WAIT: 10 },
  sources: [{ address: '2001:db8:a::17', ports: 210, share: 1 }],
  newPerSecond: 0,
  severity: 'ok',
  findings: [finding(WAREHOUSE, { check: 'fine', severity: 'ok', sentence: 'Plenty of ports are free.' })],
};

const workload = (kind: string, name: string): Holder => ({
  kind: 'workload',
  workload: { kind, namespace: 'payments', name },
});

/** The same churn with pods known. */
const CHURN_BY_PODS: PortSpaceVerdict = {
  ...CHURN,
  sources: CHURN.sources.map((source, index) => ({ ...source, pod: `payments/checkout-7f8d-x${index}p9` })),
  holders: [
    { holder: workload('Deployment', 'checkout'), pods: 3, ports: 26_002, share: 0.81 },
    { holder: workload('CronJob', 'refunds'), pods: 1, ports: 3852, share: 0.12 },
    { holder: { kind: 'host' }, pods: 0, ports: 1284, share: 0.04 },
    { holder: { kind: 'gone' }, pods: 0, ports: 642, share: 0.02 },
    { holder: { kind: 'stranger' }, pods: 0, ports: 321, share: 0.01 },
  ],
  attribution: { openedPorts: 32_101, attributedPorts: 31_138 },
};

const WIREGUARD: ClaimInRange = {
  claim: {
    kind: 'tunnel',
    protocol: 17,
    ports: { first: 51_820, last: 51_820 },
    owner: 'WireGuard',
    source: 'link wireguard.cali',
  },
  hurts: false,
  truth:
    'harmless here as long as it is tracked: only a flow to the very same peer address and port would share a connection entry',
};

const KUBELET: ClaimInRange = {
  claim: {
    kind: 'listener',
    protocol: 6,
    ports: { first: 43_211, last: 43_211 },
    address: '127.0.0.1',
    owner: 'containerd',
    source: 'sock_diag',
  },
  hurts: false,
  truth: 'bound to 127.0.0.1, no masqueraded packet arrives there',
};

const VXLAN: ClaimInRange = {
  claim: {
    kind: 'untracked',
    protocol: 17,
    ports: { first: 4789, last: 4789 },
    owner: 'Calico VXLAN',
    source: 'raw PREROUTING',
  },
  hurts: true,
  truth: 'packets to this port skip conntrack, so the reply to a flow that was given it never comes back',
};

const NO_FLOWS: Gap = {
  id: 'flows',
  what: 'connections of this node',
  why: 'EPERM: needs CAP_NET_ADMIN',
  weakens: 'every verdict',
  remedy: 'sudo portolan diagnose',
};

const GAPS: readonly Gap[] = [
  NO_FLOWS,
  {
    id: 'events',
    what: 'new connections per second',
    why: 'EPERM: needs CAP_NET_ADMIN',
    weakens: 'churn and forecasts',
  },
  {
    id: 'nat-rules',
    what: 'NAT rules',
    why: 'EPERM: needs CAP_NET_ADMIN',
    weakens: 'the range and whose it is',
    remedy: 'sudo portolan rules',
  },
  {
    id: 'kernel-behaviour',
    what: 'what this kernel does with closing ports',
    why: 'user namespaces are refused',
    weakens: 'the chance of a lost connection',
    remedy: 'sudo portolan probe',
  },
  {
    id: 'remote-counters',
    what: 'counters of the remote side',
    why: 'they are not on this node',
    weakens: 'recycled too early (PAWS)',
  },
];

const COUNTERS = {
  seconds: 2,
  found: 13_292,
  invalid: 0,
  insertFailed: 0,
  drop: 0,
  earlyDrop: 0,
  chainTooLong: 0,
  clashResolve: 0,
};

const BASE: Diagnosis = {
  schema: DIAGNOSIS_SCHEMA,
  node: 'worker-3',
  addresses: ['127.0.0.1', '192.0.2.10', 'fe80::1'],
  at: '2026-11-22T03:12:07.000Z',
  behaviour: OLD_KERNEL,
  ranges: [
    { protocol: 'tcp', effective: CALICO },
    { protocol: 'udp', effective: CALICO },
  ],
  severity: 'ok',
  portSpaces: [],
  quiet: { count: 3118, highestShare: 0.058 },
  findings: [],
  claims: [],
  rules: [CALICO_RULE, DOCKER_RULE],
  counters: COUNTERS,
  table: { count: 61_004, max: 262_144 },
  totals: { flows: 61_004, portSpaces: 3121, newPerSecond: 1402 },
  gaps: [],
  next: 'portolan diagnose --explain',
};

const CALM = { ...BASE, losses: { seconds: 2, snat: 0, tableFull: 0, probesPerFlow: 1.2 } };

const TABLE_FULL = finding(undefined, {
  check: 'table-full',
  severity: 'critical',
  sentence: 'The conntrack table is full: new connections of every kind are dropped.',
  numbers: {
    entries: { value: 262_144, unit: 'entries', source: 'nf_conntrack_count' },
    limit: { value: 262_144, unit: 'entries', source: 'nf_conntrack_max' },
  },
  because: ['nf_conntrack_count is at nf_conntrack_max.', 'drop grew by 1,904 in 2 s beyond what SNAT explains.'],
  remedy: 'sysctl -w net.netfilter.nf_conntrack_max=524288',
});

const CONFLICT = finding(undefined, {
  check: 'conflict',
  severity: 'warning',
  sentence: 'The range holds a port whose packets skip conntrack.',
  numbers: { port: { value: 4789, unit: 'port', source: 'raw PREROUTING' } },
  because: ['A NOTRACK rule for udp 4789 was read, and no rule keeps SNAT away from it.'],
  remedy: 'set natPortRange above 4789, for example 32768:65535',
});

/** Situation to diagnosis; the names are those of the golden files. */
export const SAMPLE_DIAGNOSES = {
  'critical-churn': {
    ...BASE,
    severity: 'critical',
    portSpaces: [CHURN, NEARING, FINE],
    claims: [WIREGUARD],
    losses: { seconds: 2, snat: 25, tableFull: 0, probesPerFlow: 24.8 },
    counters: { ...COUNTERS, insertFailed: 25, drop: 25 },
    gaps: GAPS.slice(4),
    next: 'portolan plan',
  },
  'with-workloads': {
    ...BASE,
    severity: 'critical',
    portSpaces: [CHURN_BY_PODS, FINE],
    attribution: { openedPorts: 32_311, attributedPorts: 31_990 },
    next: 'portolan plan',
  },
  nearing: {
    ...CALM,
    severity: 'warning',
    behaviour: NEW_KERNEL,
    portSpaces: [NEARING],
    next: 'portolan plan',
  },
  fine: { ...CALM, behaviour: NEW_KERNEL, portSpaces: [FINE], claims: [KUBELET, WIREGUARD] },
  idle: { ...CALM, quiet: { count: 0, highestShare: 0 }, totals: { flows: 0, portSpaces: 0 } },
  'cannot-tell': {
    ...BASE,
    severity: 'unknown',
    behaviour: { ...OLD_KERNEL, evictsClosing: 'unknown', search: 'unknown', evidence: [] },
    ranges: [{ protocol: 'tcp', effective: UNSET }],
    rules: [],
    quiet: { count: 0, highestShare: 0 },
    findings: [
      finding(undefined, {
        check: 'cannot-tell',
        severity: 'unknown',
        sentence: 'Whether ports run out on this node cannot be told: connections of this node.',
        confidence: 'low',
        gaps: ['flows'],
        remedy: 'sudo portolan diagnose',
      }),
    ],
    totals: { flows: 0, portSpaces: 0 },
    gaps: GAPS.slice(0, 3),
    next: 'sudo portolan diagnose',
  },
  'blind-but-busy': {
    ...CALM,
    severity: 'unknown',
    findings: [
      finding(undefined, {
        check: 'cannot-tell',
        severity: 'unknown',
        sentence: 'Whether ports run out on this node cannot be told: NAT rules.',
        confidence: 'low',
        gaps: ['nat-rules'],
        remedy: 'sudo portolan rules',
      }),
    ],
    ranges: [
      {
        protocol: 'tcp',
        effective: {
          ...UNSET,
          range: { first: 32_771, last: 65_531 },
          isDefault: false,
          note: 'inferred from the ports seen (32771-65531): the rules could not be read',
        },
      },
    ],
    gaps: GAPS.slice(2, 3),
    next: 'sudo portolan diagnose',
  },
  conflict: {
    ...CALM,
    severity: 'warning',
    ranges: [
      { protocol: 'tcp', effective: CALICO },
      { protocol: 'udp', effective: UNSET },
    ],
    findings: [CONFLICT],
    claims: [VXLAN, WIREGUARD, KUBELET, KUBELET, KUBELET],
    next: 'portolan rules',
  },
  'table-full': {
    ...BASE,
    severity: 'critical',
    findings: [TABLE_FULL],
    losses: { seconds: 2, snat: 0, tableFull: 1904 },
    counters: { ...COUNTERS, drop: 1904 },
    table: { count: 262_144, max: 262_144 },
    next: 'portolan diagnose --explain',
  },
  'many-gaps': {
    ...BASE,
    severity: 'critical',
    behaviour: { ...OLD_KERNEL, evictsClosing: 'unknown' },
    portSpaces: [{ ...CHURN, dropProbability: 1.2e-7, evictablePorts: 30_897, livePorts: 1204 }],
    gaps: GAPS.slice(1),
    next: 'sudo portolan diagnose',
  },
} satisfies Record<string, Diagnosis>;
