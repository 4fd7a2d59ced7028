import { describe, expect, it } from 'vitest';
import { flowsFixture, flowTableFixture, nodeFactsFixture } from '../../../test/analysis/node-facts-fixture.ts';
import type { NodeFacts } from '../model/node-facts.ts';
import type { Pod } from '../model/pod.ts';
import { attributeHolders, type HolderShares } from './attribute-holders.ts';
import { diagnose } from './diagnose.ts';
import { PodAddresses } from './pod-addresses.ts';

const AT = '2026-05-01T12:00:00.000Z';
const workload = { kind: 'Deployment', namespace: 'payments', name: 'checkout' };

function pod(name: string, address: string, options: Partial<Pod> = {}): Pod {
  return {
    namespace: 'payments',
    name,
    node: 'worker-3',
    addresses: [address],
    isHostNetwork: false,
    hostPorts: [],
    workload,
    ...options,
  };
}

/** Seven flows of two pods, two of the node, one each of a gone pod and of a stranger. */
const FLOWS = flowTableFixture([
  ...flowsFixture(4, { source: '10.1.0.7' }),
  ...flowsFixture(3, { source: '10.1.0.8', port: 33_000 }),
  ...flowsFixture(2, { source: '192.0.2.10', port: 34_000 }),
  ...flowsFixture(1, { source: '10.1.0.99', port: 35_000 }),
  ...flowsFixture(1, { source: '172.17.0.2', port: 36_000 }),
]);

const PODS = [pod('checkout-a', '10.1.0.7'), pod('checkout-b', '10.1.0.8'), hostPod()];

/** A pod of the host network has the node's address: it says nothing about whose a flow is. */
function hostPod(): Pod {
  return pod('proxy', '192.0.2.10', { isHostNetwork: true, workload: { ...workload, name: 'proxy' } });
}

const FACTS: NodeFacts = { ...nodeFactsFixture({}), at: AT, flows: FLOWS, pods: PODS, podNetworks: ['10.1.0.0/16'] };

function attribute(facts: NodeFacts): HolderShares {
  const holders = Uint32Array.from({ length: facts.flows.flowCount }, (_, row) => row);
  return attributeHolders(facts, { holders, addresses: new PodAddresses(facts, facts.pods ?? []) });
}

describe('attributeHolders', () => {
  it('adds up pods of one workload, and tells the node, gone pods and strangers apart', () => {
    const { shares, attributedPorts, openedPorts } = attribute(FACTS);
    expect(shares.map(({ holder, pods, ports }) => [holder.kind, pods, ports])).toEqual([
      ['workload', 2, 7],
      ['host', 0, 2],
      ['gone', 0, 1],
      ['stranger', 0, 1],
    ]);
    expect([attributedPorts, openedPorts]).toEqual([9, 11]);
  });

  it('takes an address in no known network for a stranger', () => {
    const { podNetworks: _, ...unknown } = FACTS;
    expect(attribute(unknown).shares.at(-1)).toMatchObject({ holder: { kind: 'stranger' }, ports: 2 });
  });

  it.each<[string, string | undefined, number, number?]>([
    ['began before the silence', '2026-05-01T11:50:00Z', 4],
    ['began after it: the address is another pod’s now', '2026-05-01T11:59:00Z', 0],
    ['began at a time nobody knows', undefined, 4],
    ['began a moment ago, with data that is not acknowledged yet', '2026-05-01T11:59:00Z', 4, 250],
  ])('a pod that %s', (_, startedAt, ports, timeoutSeconds = 431_900) => {
    // Established for 432,000 s without a packet, less what is left: silent for 100 s.
    const flows = flowTableFixture(flowsFixture(4, { source: '10.1.0.7', timeoutSeconds }));
    const one = pod('checkout-a', '10.1.0.7', startedAt === undefined ? {} : { startedAt });
    const settings = { ...FACTS.settings, tcpEstablishedSeconds: 432_000 };
    const { attributedPorts, shares } = attribute({ ...FACTS, flows, settings, pods: [one] });
    expect(attributedPorts).toBe(ports);
    expect(shares[0]?.holder.kind).toBe(ports === 0 ? 'gone' : 'workload');
  });
});

describe('diagnose', () => {
  it('names pods and workloads where pods are known, and nothing where not', () => {
    const known = diagnose(FACTS);
    expect(known.portSpaces[0]?.sources[0]).toMatchObject({ address: '10.1.0.7', pod: 'payments/checkout-a' });
    expect(known.attribution).toEqual({ openedPorts: 11, attributedPorts: 9 });
    const { pods: _, ...unknown } = FACTS;
    expect(diagnose(unknown).portSpaces[0]?.holders).toBeUndefined();
    expect(diagnose(unknown).attribution).toBeUndefined();
  });
});
