import { describe, expect, it } from 'vitest';
import {
  flowsFixture,
  flowTableFixture,
  NODE_ADDRESS,
  nodeFactsFixture,
} from '../../../test/analysis/node-facts-fixture.ts';
import { INBOUND } from '../model/flow-status.ts';
import type { NodeFacts } from '../model/node-facts.ts';
import type { Pod } from '../model/pod.ts';
import { TCP, UDP } from '../model/protocol.ts';
import { answerPort } from './port-answer.ts';

const POD: Pod = {
  namespace: 'payments',
  name: 'checkout-a',
  node: 'worker-3',
  addresses: ['10.1.0.7'],
  isHostNetwork: false,
  hostPorts: [],
  workload: { kind: 'Deployment', namespace: 'payments', name: 'checkout' },
  startedAt: '2026-05-01T10:00:00Z',
};

/** Port 40000 towards two remotes over TCP and one over UDP, opened from the node's outside once; 40001 is another's. */
const FACTS: NodeFacts = {
  ...nodeFactsFixture({}),
  at: '2026-05-01T12:00:00.000Z',
  pods: [POD],
  flows: flowTableFixture([
    ...flowsFixture(2, { port: 40_000, sourcePort: 51_000 }),
    ...flowsFixture(1, { port: 40_000, remote: '203.0.113.10', source: '10.1.0.99' }),
    ...flowsFixture(1, { port: 40_000, protocol: UDP, remotePort: 53, tcpState: 0 }),
    ...flowsFixture(1, { port: 40_000, remote: '198.51.100.1', source: '198.51.100.1', status: INBOUND }),
  ]),
};

describe('answerPort', () => {
  it('finds every port space that shares the port', () => {
    const { flows } = answerPort(FACTS, { address: NODE_ADDRESS, port: 40_000 });
    expect(flows.map(({ portSpace, way }) => `${portSpace.protocol} ${portSpace.remoteAddress} ${way}`)).toEqual([
      '6 198.51.100.1 inbound',
      '6 203.0.113.10 snat',
      '6 203.0.113.9 snat',
      '17 203.0.113.9 snat',
    ]);
    expect(flows[2]).toMatchObject({
      pod: 'payments/checkout-a',
      source: '10.1.0.7',
      sourcePort: 51_000,
      podStartedAt: '2026-05-01T10:00:00Z',
      state: 'ESTABLISHED',
    });
    expect(flows[0]?.holder).toBeUndefined();
    expect(flows[1]).toMatchObject({ holder: { kind: 'stranger' } });
  });

  it('keeps to one protocol, and to one address', () => {
    expect(answerPort(FACTS, { address: NODE_ADDRESS, port: 40_000, protocol: UDP }).flows).toHaveLength(1);
    expect(answerPort(FACTS, { address: '192.0.2.99', port: 40_000 }).flows).toEqual([]);
    expect(answerPort(FACTS, { address: NODE_ADDRESS, port: 40_002 }).flows).toEqual([]);
  });

  it('says what else claims the port', () => {
    const owner = 'Service payments/lb';
    const claim = {
      kind: 'node-port',
      protocol: TCP,
      ports: { first: 40_000, last: 40_000 },
      owner,
      source: 'API',
    } as const;
    const { claims } = answerPort({ ...FACTS, claims: [claim] }, { address: NODE_ADDRESS, port: 40_000 });
    expect(claims).toEqual([claim]);
  });
});
