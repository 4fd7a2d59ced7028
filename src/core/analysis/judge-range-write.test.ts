import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  RANGE_ANNOTATION,
  UNREAD,
  answer,
  configuration,
  environment,
  seen,
  variable,
} from '../../../test/analysis/felix-facts-fixture.ts';
import type { IpPool } from '../model/calico/ip-pool.ts';
import { judgeNatPortRangeWrite } from './judge-range-write.ts';
import { NODE_PORT_PLANES, type NodePortPlane, type RangeWriteFacts, type WriteRemark } from './range-write.ts';

const POOL: IpPool = {
  name: 'default-ipv4-ippool',
  cidr: '172.30.0.0/16',
  natOutgoing: true,
  disabled: false,
  vxlanMode: 'Never',
  ipipMode: 'Always',
  allowedUses: [],
};

function facts(more: Partial<RangeWriteFacts> = {}): RangeWriteFacts {
  return {
    object: 'default',
    nodes: [
      answer([configuration('default', '32768:65535')], { node: 'worker-1' }),
      answer([configuration('default', '32768:65535')]),
    ],
    pools: seen([POOL]),
    vxlanPort: seen(undefined),
    nodePorts: { range: { first: 30_000, last: 32_767 }, source: 'api-server-answer' },
    nodePortPlane: 'kube-proxy-iptables',
    memberPorts: seen([]),
    masquerader: 'calico',
    ...more,
  };
}

function remarks(wanted: string, more: Partial<RangeWriteFacts> = {}): readonly WriteRemark[] {
  return judgeNatPortRangeWrite(wanted, facts(more)).remarks;
}

function said(wanted: string, more: Partial<RangeWriteFacts> = {}): string[] {
  return remarks(wanted, more).map(({ severity, id }) => `${severity} ${id}`);
}

describe('the text', () => {
  it('is accepted as a range of ports from 1024 on', () => {
    expect(judgeNatPortRangeWrite('33000:65535', facts())).toEqual({
      range: { first: 33_000, last: 65_535 },
      remarks: [],
    });
    expect(judgeNatPortRangeWrite('1024:65535', facts()).range).toEqual({ first: 1024, last: 65_535 });
  });

  it.each([
    ['32768-65535', 'named-port', 'write 32768:65535'],
    ['http', 'named-port', 'write FIRST:LAST, for example 24000:65535'],
    ['1024', 'single-port', undefined],
    ['0', 'single-port', undefined],
    ['5000:5000', 'single-port', undefined],
    ['none', 'none', undefined],
    ['', 'undecodable', undefined],
    ['70000:1', 'undecodable', undefined],
    ['1:70000', 'undecodable', undefined],
    ['65535:1024', 'undecodable', undefined],
    ['32768: 65535', 'undecodable', undefined],
    ['1023:65535', 'below-1024', undefined],
    ['0:65535', 'below-1024', undefined],
  ] as const)('%s is refused: %s', (wanted, id, remedy) => {
    const [first, ...rest] = remarks(wanted);
    expect(first).toMatchObject({ id, severity: 'refusal', ...(remedy === undefined ? {} : { remedy }) });
    expect(rest.filter(({ severity }) => severity === 'refusal')).toEqual([]);
  });

  it('that is refused leaves no range to write, except one below 1024 that is one', () => {
    for (const wanted of ['32768-65535', '1024', 'none', '', '70000:1', '512:65535'])
      expect(judgeNatPortRangeWrite(wanted, facts()).range).toBeUndefined();
  });

  it('never leaves a range that could be misread, whatever it is', () => {
    const texts = fc.oneof(fc.string(), fc.stringMatching(/^\d{1,5}[:-]\d{1,5}$/));
    fc.assert(
      fc.property(texts, (wanted) => {
        const { range, remarks: found } = judgeNatPortRangeWrite(wanted, facts());
        expect(range === undefined).toBe(found.some(({ severity }) => severity === 'refusal'));
        if (range !== undefined)
          expect([range.first >= 1024, range.last > range.first, range.last <= 65_535]).toEqual([true, true, true]);
      }),
      { seed: 4, numRuns: 1000 },
    );
  });
});

describe('what shadows the write', () => {
  const fallback = configuration('default', '32768:65535');
  const own = configuration('node.worker-3', '20000:65535');
  const here = { nodes: [answer([fallback, own])] };
  const both = { nodes: [answer([fallback, own], { node: 'worker-1' }), answer([fallback, own])] };

  it('a variable or a file refuses it', () => {
    const env = { nodes: [answer([fallback], { environment: variable('32768:65535') })] };
    expect(said('33000:65535', env)).toEqual(['refusal shadowed-by-environment']);
    const file = {
      nodes: [answer([fallback], { environment: environment({ configFile: seen('NATPortRange = none') }) })],
    };
    expect(said('33000:65535', file)).toEqual(['refusal shadowed-by-config-file']);
  });

  it('an annotation of the same object refuses it, also an empty one', () => {
    for (const text of ['20000:65535', '']) {
      const annotated = configuration('default', undefined, { annotations: { [RANGE_ANNOTATION]: text } });
      expect(said('33000:65535', { nodes: [answer([annotated])] })).toEqual(['refusal shadowed-by-annotation']);
      expect(said('33000:65535', { nodes: [answer([annotated])], object: 'node.worker-3' })).toEqual([]);
    }
  });

  it('an object of its own refuses it on every node, warns on some', () => {
    expect(said('33000:65535', here)).toEqual(['refusal shadowed-by-node-object']);
    expect(remarks('33000:65535', both)).toMatchObject([
      { id: 'shadowed-by-node-object', severity: 'warning', nodes: ['worker-3'] },
    ]);
    expect(said('33000:65535', { ...here, object: 'node.worker-3' })).toEqual([]);
  });

  it('an older object with a node selector does too', () => {
    const egress = configuration('egress', undefined, { nodeSelector: 'all()' });
    expect(said('33000:65535', { nodes: [answer([fallback, egress])] })).toEqual([]);
    const speaking = { nodes: [answer([fallback, { ...egress, natPortRange: '20000:65535' }])] };
    expect(said('33000:65535', speaking)).toEqual(['refusal shadowed-by-selector-object']);
    expect(said('33000:65535', { ...speaking, object: 'egress' })).toEqual([]);
    expect(said('33000:65535', { nodes: [answer([fallback, egress])], object: 'other' })).toEqual([
      'refusal shadowed-by-selector-object',
    ]);
  });

  it('an unreadable object refuses it, unless the write repairs it', () => {
    const poisoned = { nodes: [answer([configuration('default', '70000:1')])] };
    expect(said('33000:65535', poisoned)).toEqual(['warning stored-undecodable']);
    expect(remarks('33000:65535', { ...poisoned, object: 'node.worker-3' })).toMatchObject([
      { id: 'stored-undecodable', severity: 'refusal', remedy: expect.stringMatching(/^kubectl patch .* default /) },
    ]);
  });

  it('what was not read is a warning', () => {
    const unread = { nodes: [answer([fallback], { environment: UNREAD }), answer([fallback], { node: 'worker-1' })] };
    expect(remarks('33000:65535', unread)).toMatchObject([
      { id: 'layer-not-read', severity: 'warning', nodes: ['worker-3'] },
      { id: 'layer-not-read', severity: 'warning', nodes: ['worker-3'] },
    ]);
    expect(remarks('33000:65535', { nodes: unread.nodes.slice(0, 1) })[0]?.nodes).toEqual([]);
  });
});

describe('what makes the write useless', () => {
  it('no natOutgoing, or pools that were not read', () => {
    expect(said('33000:65535', { pools: seen([{ ...POOL, natOutgoing: false }]) })).toEqual([
      'refusal no-nat-outgoing',
    ]);
    expect(said('33000:65535', { pools: seen([{ ...POOL, disabled: true }]) })).toEqual([]);
    expect(said('33000:65535', { pools: UNREAD })).toEqual(['warning pools-not-read']);
  });

  it('another masquerader, or none that is known', () => {
    for (const masquerader of ['cilium', 'ovn-kubernetes', 'windows', 'other'] as const)
      expect(said('33000:65535', { masquerader })).toEqual(['refusal not-masqueraded-by-calico']);
    expect(said('33000:65535', { masquerader: 'unknown' })).toEqual(['warning masquerader-unknown']);
  });

  it('the range that is there already', () => {
    expect(said('32768:65535')).toEqual(['warning no-change']);
    const some = { nodes: [...facts().nodes, answer([], { node: 'worker-9' })] };
    expect(remarks('32768:65535', some)).toMatchObject([{ id: 'no-change', nodes: ['worker-1', 'worker-3'] }]);
  });
});

describe('what lies inside the range', () => {
  it("refuses VXLAN's port while VXLAN is on", () => {
    for (const wanted of ['4789:65535', '1025:65535'])
      expect(remarks(wanted, { vxlanPort: seen(4789) })[0]).toMatchObject({
        id: 'vxlan-port-inside',
        severity: 'refusal',
        remedy: 'begin at 4790 or above',
      });
    expect(said('4790:29999', { vxlanPort: seen(4789) })).toEqual([]);
    expect(said('1025:29999', { vxlanPort: seen(undefined) })).toEqual([]);
    expect(said('1025:29999', { vxlanPort: UNREAD })).toEqual(['warning vxlan-unknown']);
    expect(said('8000:29999', { vxlanPort: seen(8472) })).toEqual(['refusal vxlan-port-inside']);
  });

  it('refuses the ports of load balancers with direct server return, by a name that can be accepted', () => {
    const member = {
      kind: 'load-balancer-member',
      protocol: 6,
      owner: 'Service payments/lb',
      source: 'API services',
    } as const;
    const memberPorts = seen([{ ...member, ports: { first: 31_313, last: 31_313 } }]);
    expect(remarks('4790:65535', { memberPorts })[0]).toMatchObject({
      id: 'load-balancer-inside',
      severity: 'refusal',
      conflict: 'payments/lb',
      sentence: expect.stringContaining('from TCP 31313: 1 in 60,700 egress connections'),
    });
    expect(said('33000:65535', { memberPorts })).toEqual([]);
    const already = [answer([configuration('default', '30000:65535')])];
    expect(remarks('4790:65535', { memberPorts, nodes: already })[0]).not.toHaveProperty('conflict');
    expect(said('33000:65535', { memberPorts: UNREAD })).toEqual(['warning load-balancers-not-read']);
  });

  it('warns of NodePorts, with the truth of the data plane', () => {
    const truths: Readonly<Record<NodePortPlane, RegExp>> = {
      'kube-proxy-iptables': /harmless here/,
      'kube-proxy-nftables': /harmless here/,
      'kube-proxy-ipvs': /the node itself/,
      'calico-ebpf': /not tried here/,
      cilium: /before connection tracking/,
      'ovn-kubernetes': /before its fix/,
      unknown: /not known/,
    };
    for (const nodePortPlane of NODE_PORT_PLANES)
      expect(remarks('24000:65535', { nodePortPlane })).toMatchObject([
        { id: 'node-ports-inside', severity: 'warning', sentence: expect.stringMatching(truths[nodePortPlane]) },
      ]);
    expect(said('32767:65535')).toEqual(['warning node-ports-inside']);
    expect(said('4790:29999')).toEqual([]);
    const assumed = { nodePorts: { range: { first: 30_000, last: 32_767 }, source: 'assumed' } } as const;
    expect(remarks('24000:65535', assumed)[0]?.sentence).toContain('assumed');
  });
});

it('says everything at once, refusals first', () => {
  const all = said('1025:65535', {
    pools: seen([]),
    masquerader: 'cilium',
    vxlanPort: seen(4789),
    nodes: [answer([configuration('default', '1025:65535')], { environment: variable('1025:65535') })],
  });
  expect(all).toEqual([
    'refusal shadowed-by-environment',
    'refusal no-nat-outgoing',
    'refusal not-masqueraded-by-calico',
    'refusal vxlan-port-inside',
    'warning node-ports-inside',
    'warning no-change',
  ]);
});
