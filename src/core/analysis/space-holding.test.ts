import { describe, expect, it } from 'vitest';
import {
  closingFixture,
  datagramsFixture,
  flowTableFixture,
  flowsFixture,
} from '../../../test/analysis/node-facts-fixture.ts';
import { INBOUND, SEEN_REPLY } from '../model/flow-status.ts';
import { SpaceHolding } from './space-holding.ts';

const A = '10.1.0.7';
const B = '10.1.0.8';

const FLOWS = [
  ...flowsFixture(3, { port: 40_000, source: A }),
  ...closingFixture(4, { port: 40_010, source: B, timeoutSeconds: 50 }),
  // A repeated entry, as a dump may hold one.
  ...flowsFixture(1, { port: 40_000, source: B }),
  ...flowsFixture(5, { port: 40_000, source: A, remote: '198.51.100.1' }),
  ...flowsFixture(1, { port: 22, source: '203.0.113.9', status: SEEN_REPLY | INBOUND }),
];
const table = flowTableFixture(FLOWS);
const holding = new SpaceHolding(table, table.portSpace(0));

describe('who holds the ports of a space', () => {
  it('counts a port once, for the first entry that holds it, most ports first', () => {
    expect(holding.sources).toEqual([
      { address: B, ports: 4, closing: 4, isInbound: false },
      { address: A, ports: 3, closing: 0, isInbound: false },
      { address: '203.0.113.9', ports: 1, closing: 0, isInbound: true },
    ]);
    expect(holding.ports).toBe(8);
    expect([...holding.occupied]).toEqual([22, 40_000, 40_001, 40_002, 40_010, 40_011, 40_012, 40_013]);
  });

  it('lists the ports of one source, ascending, with state and time to go', () => {
    expect(holding.portsOf(B)).toEqual(
      [40_010, 40_011, 40_012, 40_013].map((port, index) => ({
        port,
        sourcePort: 40_000 + index,
        state: 'TIME_WAIT',
        timeoutSeconds: 50,
      })),
    );
    expect([...holding.occupiedBy(A)]).toEqual([40_000, 40_001, 40_002]);
  });

  it('has nothing of a stranger', () => {
    expect(holding.portsOf('10.9.9.9')).toEqual([]);
    expect(holding.occupiedBy('10.9.9.9').count()).toBe(0);
  });

  it('calls datagrams by their protocol and never closing', () => {
    const datagrams = flowTableFixture(datagramsFixture(2, { source: A }));
    const held = new SpaceHolding(datagrams, datagrams.portSpace(0));
    expect(held.sources).toEqual([{ address: A, ports: 2, closing: 0, isInbound: false }]);
    expect(held.portsOf(A).map(({ state }) => state)).toEqual(['UDP', 'UDP']);
  });
});
