import { describe, expect, it } from 'vitest';
import {
  NOT_EVICTING,
  POD,
  REMOTE,
  arrivalsFixture,
  closingFixture,
  countersFixture,
  datagramsFixture,
  flowsFixture,
  gapFixture,
  nodeFactsFixture,
  ruleFixture,
  scatter,
} from '../../../test/analysis/node-facts-fixture.ts';
import { diagnose } from '../analysis/diagnose.ts';
import { REMOTE_CLOSED_FIRST, SRC_NAT } from '../model/flow-status.ts';
import type { NodeFacts } from '../model/node-facts.ts';
import { UDP } from '../model/protocol.ts';
import { effectOf } from './effect.ts';
import { type DiagnosisOptions, situationOfDiagnosis } from './situation-of-diagnosis.ts';
import type { Situation } from './situation.ts';

const RANGE = { first: 32_768, last: 65_535 };
const GOAL = { targetDrop: 1e-3, loadFactor: 1 };

function situationOf(facts: NodeFacts, options: DiagnosisOptions = {}): Situation {
  const situation = situationOfDiagnosis(facts, diagnose(facts), options);
  if (situation === undefined) throw new Error('no port space was charted');
  return situation;
}

/** 240 new connections a second, each held 2 s open and 120 s closing: 29,280 ports. */
function churning(options: Partial<Omit<NodeFacts, 'flows'>> = {}): NodeFacts {
  const flows = scatter([...closingFixture(28_800), ...flowsFixture(480)], RANGE);
  return nodeFactsFixture({ flows, arrivals: arrivalsFixture(480), behaviour: NOT_EVICTING, ...options });
}

describe('a situation from a diagnosis', () => {
  it('is the worst port space with its rate, hold time and live share', () => {
    const { subject, load, placement, ports } = situationOf(churning());
    expect(subject).toBe('node worker-3');
    expect(load).toMatchObject({
      remoteAddress: REMOTE,
      remotePort: 443,
      family: 4,
      pattern: 'fixed',
      remoteClosesFirst: 0,
    });
    expect(load.perSecond).toBeCloseTo(240, 0);
    expect(load.flows).toBeGreaterThan(28_000);
    expect(load.flows).toBeLessThan(30_500);
    expect(load.liveShare).toBeLessThan(0.05);
    expect(placement).toEqual({ nodes: 1, pods: 1, hottestShare: 1, surgePods: 0 });
    expect(ports).toMatchObject({ ranges: [RANGE], owner: 'calico', isDefault: false, vxlan: false });
  });

  it('agrees with the measured chance of a loss within the order of magnitude', () => {
    const facts = churning();
    const [row] = diagnose(facts).portSpaces;
    const { dropToday } = effectOf(situationOf(facts), GOAL);
    expect(Math.abs(Math.log10(dropToday / (row?.dropProbability ?? 1)))).toBeLessThan(1.5);
  });

  it('counts what was lost as asked for, but each connection once', () => {
    const counters = countersFixture({ insertFailed: 100, drop: 100, found: 24_800 });
    expect(situationOf(churning({ counters })).load.perSecond).toBeCloseTo(240 / (1 - (50 / 290) ** 4), 3);
    const dns = nodeFactsFixture({
      flows: scatter(datagramsFixture(30_000), RANGE),
      arrivals: arrivalsFixture(2000, { protocol: UDP, remotePort: 53 }),
      counters,
    });
    expect(situationOf(dns).load.perSecond).toBeCloseTo(1000 + 50, 3);
  });

  it('counts TIME_WAIT on top of the open part where the kernel takes closing entries over', () => {
    const { load } = situationOf(churning({ behaviour: { ...NOT_EVICTING, evictsClosing: 'yes' } }));
    expect(load.holdSeconds).toBeCloseTo(122, 0);
    expect(load.liveShare).toBeCloseTo(2 / 122, 2);
  });

  it('sees who closes first, and does not guess where the flags were not read', () => {
    const closing = closingFixture(25_000, { status: SRC_NAT | REMOTE_CLOSED_FIRST });
    const facts = nodeFactsFixture({ flows: scatter(closing, RANGE), behaviour: NOT_EVICTING });
    expect(situationOf(facts).load.remoteClosesFirst).toBe(1);
    expect(situationOf({ ...facts, flowsSource: 'proc' }).load.remoteClosesFirst).toBeUndefined();
  });

  it('takes the ports held for the load where no event was read', () => {
    const flows = scatter(flowsFixture(31_000), RANGE);
    const { load, assumptions } = situationOf(nodeFactsFixture({ flows, arrivals: undefined }));
    expect(load).toMatchObject({ flows: 31_000, liveShare: 1, pattern: 'accumulating' });
    expect(load.perSecond).toBeUndefined();
    expect(assumptions.join(' ')).toContain('at what rate flows come');
  });

  it('takes the other nodes to carry as much, and as many pods', () => {
    const { load, placement } = situationOf(churning(), { nodes: 6, maxNodes: 10 });
    expect(load.perSecond).toBeCloseTo(6 * 240, -1);
    expect(placement).toMatchObject({ nodes: 6, pods: 6, hottestShare: 1 / 6, maxNodes: 10 });
  });

  it('knows the CIDR of the pods where the rule tests one, kube-proxy by its rules, and VXLAN where a device or its gap is seen', () => {
    const rule = ruleFixture({ owner: 'flannel', range: RANGE, match: { source: '10.1.0.0/16', other: [] } });
    const rules = { sourceNat: [rule], dnatPorts: [], untrackedPorts: [] };
    expect(situationOf(churning({ natRules: rules })).ports).toMatchObject({
      podCidrs: ['10.1.0.0/16'],
      owner: 'flannel',
    });
    expect(situationOf(churning()).ports.podCidrs).toBeUndefined();
    expect(situationOf(churning()).ports.nodePortPlane).toBeUndefined();
    const kube = ruleFixture({ owner: 'kube-proxy', table: 'kube-proxy', scope: 'service-mark', order: 0 });
    const both = { ...rules, sourceNat: [kube, rule] };
    expect(situationOf(churning({ natRules: both })).ports.nodePortPlane).toBe('kube-proxy-nftables');
    const tunnel = {
      kind: 'tunnel',
      protocol: UDP,
      ports: { first: 4789, last: 4789 },
      owner: 'Calico VXLAN',
      source: 'link',
    } as const;
    expect(situationOf(churning({ claims: [tunnel] })).ports.vxlan).toBe(true);
    expect(situationOf(churning({ gaps: [gapFixture('links')] })).ports.vxlan).toBeUndefined();
  });

  it('may be another port space than the worst, datagrams too', () => {
    const dns = datagramsFixture(20_000);
    const facts = nodeFactsFixture({ flows: scatter([...dns], RANGE), arrivals: undefined });
    const [row] = diagnose(facts).portSpaces;
    expect(situationOf(facts, { portSpace: row?.portSpace.index ?? 0 }).load).toMatchObject({
      protocol: UDP,
      remotePort: 53,
      pattern: 'fixed',
    });
    expect(situationOfDiagnosis(facts, diagnose(facts), { portSpace: 99 })).toBeUndefined();
  });

  it('does not call a program on the node a pod', () => {
    const own = scatter(flowsFixture(31_000, { source: '192.0.2.10' }), RANGE);
    expect(situationOf(nodeFactsFixture({ flows: own })).placement.pods).toBeUndefined();
    expect(
      situationOf(nodeFactsFixture({ flows: scatter(flowsFixture(31_000, { source: POD }), RANGE) })).placement.pods,
    ).toBe(1);
  });
});
