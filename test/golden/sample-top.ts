// Looks of the live view for the golden frames and the tests of its parts: made-up flows, the real analysis.
import { diagnose } from '../../src/core/analysis/diagnose.ts';
import type { NodeFacts } from '../../src/core/model/node-facts.ts';
import type { Pod } from '../../src/core/model/pod.ts';
import { TCP, UDP } from '../../src/core/model/protocol.ts';
import type { TopSnapshot } from '../../src/present/top/node-look.ts';
import { ObservedNode } from '../../src/present/top/observed-node.ts';
import {
  NOT_EVICTING,
  arrivalsFixture,
  closingFixture,
  countersFixture,
  datagramsFixture,
  flowsFixture,
  gapFixture,
  nodeFactsFixture,
  scatter,
} from '../analysis/node-facts-fixture.ts';

const RANGE = { first: 28_000, last: 32_095 };
const CHECKOUT = '10.244.3.17';
const REFUNDS = '10.244.3.22';

const POD: Pod = {
  namespace: 'payments',
  name: 'checkout-7f8d-x2x9p',
  node: 'worker-3',
  addresses: [CHECKOUT],
  isHostNetwork: false,
  hostPorts: [],
  workload: { kind: 'Deployment', namespace: 'payments', name: 'checkout' },
};

const CLOSING = scatter(
  [
    ...flowsFixture(90, { source: CHECKOUT }),
    ...flowsFixture(30, { source: REFUNDS }),
    ...closingFixture(3400, { source: CHECKOUT }),
    ...closingFixture(480, { source: REFUNDS }),
  ],
  RANGE,
);
const DATAGRAMS = scatter(datagramsFixture(1500, { source: '10.244.3.2', remote: '198.51.100.53' }), RANGE);
const THIN = Array.from({ length: 40 }, (_, index) =>
  flowsFixture(3, { remote: `198.51.100.${100 + index}`, port: 28_100 + 7 * index, source: REFUNDS }),
).flat();

/** One destination full of closing flows, one half full, many thin ones, ports claimed by others. */
export const BUSY: NodeFacts = nodeFactsFixture({
  flows: [...CLOSING, ...DATAGRAMS, ...THIN],
  range: RANGE,
  behaviour: NOT_EVICTING,
  arrivals: arrivalsFixture(60, { lowestPort: 28_010, highestPort: 32_000 }),
  counters: countersFixture({ insertFailed: 25, drop: 25, found: 1400 }),
  pods: [POD],
  claims: [
    { kind: 'tunnel', protocol: UDP, ports: { first: 30_820, last: 30_820 }, owner: 'WireGuard', source: 'link wg0' },
    { kind: 'listener', protocol: TCP, ports: { first: 31_000, last: 31_000 }, owner: 'kubelet', source: 'sock_diag' },
    { kind: 'node-port', protocol: TCP, ports: { first: 30_000, last: 30_200 }, owner: 'kube-proxy', source: 'nat' },
  ],
});

export const IDLE: NodeFacts = nodeFactsFixture({ node: 'worker-1' });

/** Nothing could be read. */
export const BLIND: NodeFacts = nodeFactsFixture({
  node: 'worker-7',
  flowsSource: undefined,
  counters: undefined,
  arrivals: undefined,
  table: undefined,
  gaps: [gapFixture('flows'), gapFixture('nat-rules'), gapFixture('events')],
});

export function lookAt(facts: NodeFacts): ObservedNode {
  return new ObservedNode(facts, diagnose(facts));
}

/** A snapshot of these nodes, taken in time. */
export function snapshotOf(...nodes: readonly NodeFacts[]): TopSnapshot {
  return {
    at: '2026-11-22T03:12:04Z',
    nodes: nodes.map((facts) => ({ node: facts.node, look: lookAt(facts) })),
    pace: { intervalSeconds: 2, actualSeconds: 2.1, lookSeconds: 0.08 },
  };
}

/** Three nodes that were looked at and one that was not. */
export function clusterSnapshot(): TopSnapshot {
  const seen = snapshotOf(IDLE, BUSY, BLIND);
  return { ...seen, nodes: [...seen.nodes, { node: 'worker-9', why: 'exec forbidden' }] };
}

/** Nodes at a glance, by their agents: nobody has opened one. */
export function agentsSnapshot(): TopSnapshot {
  const range = { first: 32_768, last: 65_535 };
  const worst = {
    protocol: 6,
    remoteAddress: '203.0.113.9',
    remotePort: 443,
    usedPorts: 32_101,
    capacityPorts: 32_768,
  };
  const full = { severity: 'critical', check: 'exhausted', newPerSecond: 31.4, range, worst, lostPackets: 25 } as const;
  const inner = { ...worst, remoteAddress: '2001:db8::9', usedPorts: 12 };
  return {
    at: '2026-11-22T03:12:04Z',
    nodes: [
      { node: 'worker-1', glance: { severity: 'ok', newPerSecond: 0, range, worst: inner, lostPackets: 0 } },
      { node: 'worker-3', glance: full },
      { node: 'worker-4', glance: { severity: 'unknown', newPerSecond: 0 } },
      { node: 'worker-9', why: 'no agent runs there' },
    ],
    pace: { intervalSeconds: 5, actualSeconds: 5, lookSeconds: 0.4 },
  };
}

export { CHECKOUT, REFUNDS };
