// A redacted bundle gets the same verdicts and names nobody.
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/core/analysis/diagnose.ts';
import type { Diagnosis } from '../../src/core/analysis/diagnosis.ts';
import type { Finding } from '../../src/core/analysis/finding.ts';
import { familyOf, parseAddress } from '../../src/core/model/address.ts';
import { CLUSTER_FACTS_SCHEMA } from '../../src/core/model/cluster-facts.ts';
import type { NodeFacts } from '../../src/core/model/node-facts.ts';
import { TCP } from '../../src/core/model/protocol.ts';
import { keptBits } from '../../src/core/redact/address-classes.ts';
import type { KeyedHash } from '../../src/core/redact/keyed-hash.ts';
import { Pseudonyms } from '../../src/core/redact/pseudonyms.ts';
import { redactClusterFacts } from '../../src/core/redact/redact-cluster-facts.ts';
import { redactNodeFacts } from '../../src/core/redact/redact-node-facts.ts';
import {
  closingFixture,
  flowsFixture,
  gapFixture,
  nodeFactsFixture,
  ruleFixture,
} from '../analysis/node-facts-fixture.ts';
import { anyNodeFacts } from './any-facts.ts';

const hashWith =
  (key: string): KeyedHash =>
  (text) =>
    createHmac('sha256', key).update(text).digest();
const names = (key = 'one'): Pseudonyms => new Pseudonyms(hashWith(key));

/** All that a diagnosis decides, without the words it says it in; addresses as `address` maps them. */
function decisions(diagnosis: Diagnosis, address: (text: string) => string) {
  const finding = ({ check, severity, numbers, confidence, gaps }: Finding) => ({
    check,
    severity,
    confidence,
    gaps,
    numbers: Object.fromEntries(Object.entries(numbers).map(([name, { value, unit }]) => [name, [value, unit]])),
  });
  return {
    severity: diagnosis.severity,
    ranges: diagnosis.ranges.map(({ protocol, effective }) => [protocol, effective.range, effective.owner]),
    quiet: diagnosis.quiet,
    losses: diagnosis.losses,
    totals: diagnosis.totals,
    findings: diagnosis.findings.map(finding),
    claims: diagnosis.claims.map(({ claim, hurts, truth }) => [claim.kind, claim.protocol, claim.ports, hurts, truth]),
    addresses: diagnosis.addresses.map(address),
    // Those that are equally bad stand in the order of their addresses, which are others.
    portSpaces: diagnosis.portSpaces
      .toSorted((left, right) => left.portSpace.index - right.portSpace.index)
      .map(({ portSpace, effective, sources, holders, findings, ...rest }) => ({
        ...rest,
        portSpace: {
          ...portSpace,
          snatAddress: address(portSpace.snatAddress),
          remoteAddress: address(portSpace.remoteAddress),
        },
        range: [effective.range, effective.owner, effective.isDefault],
        holders: holders?.map((each) => [each.holder.kind, each.pods, each.ports]).toSorted(),
        sources: sources.map((source) => `${source.ports} ${address(source.address)}`).toSorted(),
        findings: findings.map(finding),
      })),
    next: diagnosis.next,
  };
}

function expectSameDecisions(facts: NodeFacts): void {
  const pseudonyms = names();
  const redacted = decisions(diagnose(redactNodeFacts(facts, pseudonyms)), (text) => text);
  expect(redacted).toEqual(decisions(diagnose(facts), (text) => pseudonyms.address(text)));
}

const BUSY = nodeFactsFixture({
  flows: [
    ...closingFixture(30_000, { port: 33_000 }),
    ...flowsFixture(900, { source: '10.1.0.8', port: 64_000 }),
    ...flowsFixture(50, { remote: '2001:db8::7', source: 'fd00::5' }),
  ],
  natRules: {
    sourceNat: [
      ruleFixture({
        order: 0,
        table: 'acme-nat',
        path: ['bank-egress'],
        owner: 'unknown',
        match: { source: '10.1.0.0/24', other: ['acme'] },
        range: { first: 1024, last: 5000 },
      }),
      ruleFixture({
        order: 1,
        range: { first: 32_768, last: 65_535 },
        match: { protocol: TCP, source: '10.0.0.0/8', other: [] },
        comment: 'for the bank',
      }),
    ],
    dnatPorts: [
      {
        protocol: TCP,
        ports: { first: 40_000, last: 40_000 },
        address: '192.0.2.10',
        owner: 'kube-proxy',
        where: 'kube-proxy service-ABC-payments/checkout/tcp/http',
      },
    ],
    untrackedPorts: [],
  },
  claims: [
    { kind: 'listener', protocol: TCP, ports: { first: 10_250, last: 10_250 }, owner: 'kubelet', source: 'sock_diag' },
    { kind: 'listener', protocol: TCP, ports: { first: 40_001, last: 40_001 }, owner: 'bankd', source: 'sock_diag' },
    {
      kind: 'host-port',
      protocol: TCP,
      ports: { first: 40_002, last: 40_002 },
      owner: 'payments/cilium-proxy',
      source: 'Pod payments/checkout-7f8d-x2x9p',
    },
    {
      kind: 'tunnel',
      protocol: 17,
      ports: { first: 40_003, last: 40_003 },
      owner: 'unknown',
      source: 'link bank-vxlan',
    },
  ],
  pods: [
    {
      namespace: 'payments',
      name: 'checkout-7f8d-x2x9p',
      node: 'worker-3',
      addresses: ['10.1.0.7'],
      isHostNetwork: false,
      hostPorts: [],
      workload: { kind: 'Deployment', namespace: 'payments', name: 'checkout' },
    },
  ],
  podNetworks: ['10.1.0.0/16'],
  linksRead: true,
  gaps: [
    { ...gapFixture('links'), what: 'port of bank-vxlan' },
    { ...gapFixture('decoder'), why: 'pod payments/checkout-7f8d-x2x9p on worker-3 at 10.1.0.7 did not answer' },
  ],
});

const SECRETS = [
  'worker-3',
  'acme',
  'bank',
  'payments',
  'checkout',
  'x2x9p',
  '192.0.2.10',
  '203.0.113.9',
  '10.1.0.',
  '2001:db8',
  'fd00::5',
];

describe('redacted facts', () => {
  it('get the same verdicts', () => {
    expect(diagnose(BUSY).severity).toBe('critical');
    expectSameDecisions(BUSY);
  });

  it('get the same verdicts whatever the facts are', () => {
    fc.assert(fc.property(anyNodeFacts, expectSameDecisions), { numRuns: 100, seed: 21 });
  });

  it('name nobody: neither facts nor addresses in columns nor sentences', () => {
    const redacted = redactNodeFacts(BUSY, names());
    const { flows, ...rest } = redacted;
    const rows = Array.from({ length: flows.addressCount }, (_, row) => flows.address(row));
    const all = `${JSON.stringify(rest)} ${rows.join(' ')} ${JSON.stringify(diagnose(redacted))}`;
    expect(SECRETS.filter((secret) => all.includes(secret))).toEqual([]);
    for (const kept of ['kubelet', 'calico', 'kube-proxy', 'cali-nat-outgoing', 'Deployment', 'cilium'])
      expect(all).toContain(kept);
  });

  it('say the same of a thing wherever it stands', () => {
    const { node, pods, gaps } = redactNodeFacts(BUSY, names());
    const [pod] = pods ?? [];
    expect(pod?.node).toBe(node);
    expect(gaps[1]?.why).toBe(`pod ${pod?.namespace}/${pod?.name} on ${node} at ${pod?.addresses[0]} did not answer`);
  });

  it('are the same under one key, and others under another', () => {
    expect(redactNodeFacts(BUSY, names())).toEqual(redactNodeFacts(BUSY, names()));
    const other = redactNodeFacts(BUSY, names('two'));
    expect(other.node).not.toBe(redactNodeFacts(BUSY, names()).node);
    expect(other.addresses).not.toEqual(redactNodeFacts(BUSY, names()).addresses);
  });
});

describe('redacted cluster facts', () => {
  it('agree with those of its nodes and name nobody', () => {
    const pseudonyms = names();
    const cluster = redactClusterFacts(
      {
        schema: CLUSTER_FACTS_SCHEMA,
        cluster: 'acme-prod',
        at: BUSY.at,
        nodes: {
          seen: true,
          value: [
            {
              name: 'worker-3',
              labels: {
                'kubernetes.io/hostname': 'worker-3',
                'kubernetes.io/os': 'linux',
                'acme.example/team': 'payments',
              },
              annotations: { 'projectcalico.org/IPv4Address': '192.0.2.10/24' },
              addresses: [
                { type: 'InternalIP', address: '192.0.2.10' },
                { type: 'Hostname', address: 'worker-3' },
              ],
              operatingSystem: 'linux',
            },
          ],
        },
        pods: { seen: false, why: 'forbidden: pods on worker-3' },
        serviceClaims: { seen: true, value: [] },
        gaps: [],
      },
      pseudonyms,
    );
    const node = redactNodeFacts(BUSY, pseudonyms);
    const [first] = cluster.nodes.seen ? cluster.nodes.value : [];
    expect(first?.name).toBe(node.node);
    expect(first?.labels).toMatchObject({ 'kubernetes.io/hostname': node.node, 'kubernetes.io/os': 'linux' });
    expect(first?.addresses).toEqual([
      { type: 'InternalIP', address: node.addresses[0] },
      { type: 'Hostname', address: node.node },
    ]);
    expect(cluster.pods).toEqual({ seen: false, why: `forbidden: pods on ${node.node}` });
    expect(SECRETS.filter((secret) => JSON.stringify(cluster).includes(secret))).toEqual([]);
  });
});

const bytesOf = (text: string): Uint8Array => parseAddress(text) ?? new Uint8Array(16);

describe('address pseudonyms', () => {
  const { addresses } = names();
  const any = fc.oneof(fc.ipV4(), fc.ipV6()).map(bytesOf);
  const common = (left: Uint8Array, right: Uint8Array): number => {
    for (let bit = 0; bit < 128; bit += 1)
      if ((((left[bit >>> 3] ?? 0) ^ (right[bit >>> 3] ?? 0)) & (0x80 >>> (bit & 7))) !== 0) return bit;
    return 128;
  };

  it('share exactly the leading bits that the addresses share', () => {
    fc.assert(
      fc.property(any, any, (left, right) => {
        fc.pre(familyOf(left) === familyOf(right));
        expect(common(addresses.ofBytes(left), addresses.ofBytes(right))).toBe(common(left, right));
      }),
      { numRuns: 2000, seed: 22 },
    );
  });

  it('stay in their class and family', () => {
    fc.assert(
      fc.property(any, (address) => {
        const pseudonym = addresses.ofBytes(address);
        expect(familyOf(pseudonym)).toBe(familyOf(address));
        expect(keptBits(pseudonym)).toBe(keptBits(address));
      }),
      { numRuns: 2000, seed: 23 },
    );
    for (const [network, members] of [
      [/^10\./, ['10.0.0.1', '10.255.1.2']],
      [/^172\.(?:1[6-9]|2\d|3[01])\./, ['172.16.0.1', '172.31.255.9']],
      [/^192\.168\./, ['192.168.0.1']],
      [/^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./, ['100.64.0.1']],
      [/^fd/, ['fd12:3456::1']],
    ] as const)
      for (const member of members) expect(addresses.ofText(member)).toMatch(network);
    for (const kept of [
      '127.0.0.1',
      '0.0.0.0',
      '169.254.20.10',
      '224.0.0.1',
      '255.255.255.255',
      '::1',
      '::',
      'ff02::1',
    ])
      expect(addresses.ofText(kept)).toBe(kept);
  });

  it('of a network hold those of its addresses', () => {
    expect(addresses.ofNetwork('10.244.0.0/16')).toMatch(/^10\.\d+\.0\.0\/16$/);
    expect(addresses.ofText('10.244.3.4')?.split('.').slice(0, 2)).toEqual(
      addresses.ofNetwork('10.244.0.0/16')?.split('.').slice(0, 2),
    );
  });
});
