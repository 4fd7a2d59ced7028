import { describe, expect, it } from 'vitest';
import {
  NODE_ADDRESS,
  POD,
  flowsFixture,
  nodeFactsFixture,
  ruleFixture,
} from '../../../test/analysis/node-facts-fixture.ts';
import { diagnose } from '../../core/analysis/diagnose.ts';
import type { NodeFacts } from '../../core/model/node-facts.ts';
import type { Pod } from '../../core/model/pod.ts';
import { MOST_LINES, ObservedNode } from './observed-node.ts';

function lookAt(facts: NodeFacts): ObservedNode {
  return new ObservedNode(facts, diagnose(facts));
}

const pod = (name: string, options: Partial<Pod>): Pod => ({
  namespace: 'shop',
  name,
  node: 'worker-3',
  addresses: [POD],
  isHostNetwork: false,
  hostPorts: [],
  workload: { kind: 'Pod', namespace: 'shop', name },
  ...options,
});

/** Destinations with 1, 2, 3, ... flows. */
function many(count: number): NodeFacts {
  const flows = Array.from({ length: count }, (_, index) =>
    flowsFixture(1 + (index % 5), { remotePort: 1 + index, port: 40_000 }),
  );
  return nodeFactsFixture({ flows: flows.flat() });
}

describe('a look at a node', () => {
  it('lists every port space once: charted ones as the diagnosis orders them, then the fullest', () => {
    const facts = many(200);
    const look = lookAt(facts);
    expect(look.spaces).toHaveLength(200);
    expect(new Set(look.spaces.map(({ key }) => key)).size).toBe(200);
    expect(look.unlisted).toBe(0);
    const charted = look.diagnosis.portSpaces.length;
    expect(charted).toBeLessThan(200);
    expect(look.spaces.slice(0, charted).map(({ verdict }) => verdict)).toEqual(look.diagnosis.portSpaces);
    const quiet = look.spaces.slice(charted);
    expect(quiet.every(({ verdict }) => verdict === undefined)).toBe(true);
    expect(quiet.map(({ usedPorts }) => usedPorts)).toEqual(
      quiet.map(({ usedPorts }) => usedPorts).toSorted((left, right) => right - left),
    );
  });

  it('bounds its lines and says how many it left out', () => {
    const look = lookAt(many(MOST_LINES + 500));
    expect(look.spaces).toHaveLength(MOST_LINES + look.diagnosis.portSpaces.length);
    expect(look.spaces.length + look.unlisted).toBe(MOST_LINES + 500);
  });

  it('names the SNAT address only where there are several', () => {
    const flows = [...flowsFixture(2), ...flowsFixture(2, { remote: '203.0.113.10', port: 40_000 })];
    const facts = nodeFactsFixture({ flows });
    expect(lookAt(facts).spaces.map(({ name }) => name)).toEqual(['tcp 203.0.113.9:443', 'tcp 203.0.113.10:443']);
    facts.flows.portSpaces.snatAddress.set([0, 1]);
    const names = lookAt(facts).spaces.map(({ name }) => name);
    expect(names.every((name) => name.includes(' via '))).toBe(true);
  });

  it('gives a quiet space the range of its protocol', () => {
    const rules = [ruleFixture({ range: { first: 40_000, last: 40_999 } })];
    const facts = { ...many(60), natRules: { sourceNat: rules, dnatPorts: [], untrackedPorts: [] } };
    const quiet = lookAt(facts).spaces.findLast(({ verdict }) => verdict === undefined);
    expect(quiet?.effective?.range).toEqual({ first: 40_000, last: 40_999 });
  });

  it('tells who holds the ports, and keeps the last answer', () => {
    const look = lookAt(nodeFactsFixture({ flows: [...flowsFixture(4), ...flowsFixture(2, { remotePort: 80 })] }));
    const [first, second] = look.spaces;
    if (first === undefined || second === undefined) throw new RangeError('two spaces wanted');
    expect(look.holdingOf(first).sources).toEqual([{ address: POD, ports: 4, closing: 0, isInbound: false }]);
    expect(look.holdingOf(first)).toBe(look.holdingOf(first));
    expect(look.holdingOf(second).ports).toBe(2);
    expect(look.holdingOf(first).ports).toBe(4);
  });

  it('calls addresses by their pods, and its own by what it is', () => {
    const pods = [
      pod('checkout', {}),
      pod('agent', { isHostNetwork: true, addresses: [NODE_ADDRESS] }),
      pod('both', { addresses: ['10.1.0.8', '2001:db8::8'] }),
    ];
    const look = lookAt(nodeFactsFixture({ pods }));
    expect(look.nameOf(POD)).toBe('shop/checkout');
    expect(look.nameOf('2001:db8::8')).toBe('shop/both');
    expect(look.nameOf(NODE_ADDRESS)).toBe('this node');
    expect(look.nameOf('10.1.0.99')).toBeUndefined();
    expect(lookAt(nodeFactsFixture()).nameOf(POD)).toBeUndefined();
  });
});
