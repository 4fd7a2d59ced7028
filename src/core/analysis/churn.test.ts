import { describe, expect, it } from 'vitest';
import {
  EVICTING,
  NOT_EVICTING,
  arrivalsFixture,
  closingFixture,
  datagramsFixture,
  flowsFixture,
  nodeFactsFixture,
  scatter,
} from '../../../test/analysis/node-facts-fixture.ts';
import { SRC_NAT } from '../model/flow-status.ts';
import type { NodeFacts } from '../model/node-facts.ts';
import { SYN_SENT } from '../model/tcp-state.ts';
import { diagnose } from './diagnose.ts';
import type { PortSpaceVerdict } from './diagnosis.ts';

const RANGE = { first: 40_000, last: 40_999 };

function rowOf(options: Parameters<typeof nodeFactsFixture>[0]): PortSpaceVerdict | undefined {
  return diagnose(nodeFactsFixture({ range: RANGE, ...options })).portSpaces[0];
}

function arriving(perSecond: number): NonNullable<NodeFacts['arrivals']> {
  return arrivalsFixture(perSecond * 2, { lowestPort: 40_000, highestPort: 40_999 });
}

describe('when ports become free', () => {
  it('gives the first, the median and the last second of what nothing renews', () => {
    const flows = [...flowsFixture(300, { port: 40_000 }), ...closingFixture(119, { port: 40_300 })];
    expect(rowOf({ flows })?.release).toEqual({ firstSeconds: 1, medianSeconds: 60, lastSeconds: 119, ports: 119 });
    const unanswered = flowsFixture(300, { port: 40_000, tcpState: SYN_SENT, status: SRC_NAT, timeoutSeconds: 77 });
    expect(rowOf({ flows: unanswered })?.release).toMatchObject({ firstSeconds: 77, lastSeconds: 77, ports: 300 });
    expect(rowOf({ flows: datagramsFixture(300, { port: 40_000 }) })?.release?.ports).toBe(300);
  });

  it('is absent where everything lives as long as its connection', () => {
    expect(rowOf({ flows: flowsFixture(300, { port: 40_000 }) })).not.toHaveProperty('release');
  });
});

describe('growth', () => {
  const live = scatter(flowsFixture(400), RANGE);

  it('is arrivals less expiries on a kernel that evicts nothing', () => {
    const flows = [...flowsFixture(400, { port: 40_000 }), ...closingFixture(100, { port: 40_400, timeoutSeconds: 5 })];
    const row = rowOf({ flows, behaviour: NOT_EVICTING, arrivals: arriving(30) });
    expect(row?.newPerSecond).toBe(30);
    expect(row?.fullInSeconds).toBe((1000 - 500) / (30 - 10));
  });

  it('is arrivals less closes on a kernel that evicts, and counts live ports only', () => {
    const closed = closingFixture(100, { port: 40_400, timeoutSeconds: 115 });
    const row = rowOf({
      flows: [...flowsFixture(400, { port: 40_000 }), ...closed],
      behaviour: EVICTING,
      arrivals: arriving(30),
    });
    expect(row?.fullInSeconds).toBe((1000 - 400) / (30 - 10));
    const settings = { tcpTimeWaitSeconds: 300 };
    const older = rowOf({
      flows: [...flowsFixture(400, { port: 40_000 }), ...closed],
      settings,
      arrivals: arriving(30),
    });
    expect(older?.fullInSeconds).toBe((1000 - 400) / 30);
  });

  it('is unknown where most new flows take a closing entry over', () => {
    const closed = closingFixture(995, { port: 40_000, timeoutSeconds: 119 });
    const row = rowOf({ flows: closed, behaviour: EVICTING, arrivals: arriving(300) });
    expect(row).toMatchObject({ usedPorts: 995, livePorts: 0, newPerSecond: 300 });
    expect(row).not.toHaveProperty('fullInSeconds');
    expect(row).not.toHaveProperty('holdSeconds');
  });

  it('is unknown without events, and noise is not growth', () => {
    expect(rowOf({ flows: live, arrivals: undefined })).not.toHaveProperty('newPerSecond');
    expect(rowOf({ flows: live, arrivals: undefined })).not.toHaveProperty('fullInSeconds');
    expect(rowOf({ flows: live, arrivals: arrivalsFixture(0) })).not.toHaveProperty('fullInSeconds');
  });
});

describe('how long a port is held', () => {
  const full = closingFixture(1000, { port: 40_000 });
  const held = (options: Parameters<typeof nodeFactsFixture>[0]): number | undefined =>
    rowOf({ behaviour: NOT_EVICTING, ...options })?.holdSeconds;

  it('does not follow the arrivals of a few seconds where closed connections hold the ports: the table spans 2 min', () => {
    for (const perSecond of [7, 8, 10]) {
      expect(held({ flows: full, arrivals: arriving(perSecond) })).toBe(120);
    }
  });

  it('counts the time a connection is open', () => {
    const flows = [...flowsFixture(250, { port: 40_000 }), ...closingFixture(750, { port: 40_250 })];
    expect(held({ flows, arrivals: arriving(6) })).toBe(160);
  });

  it('is occupancy over arrivals where closed connections are held shorter than the sysctl says, or not at all', () => {
    const short = Array.from({ length: 30 }, (_, index) =>
      closingFixture(20, { port: 40_000 + 20 * index, timeoutSeconds: index }),
    ).flat();
    expect(held({ flows: short, arrivals: arriving(20) })).toBe(30);
    const open = [...flowsFixture(950, { port: 40_000 }), ...closingFixture(50, { port: 40_950, timeoutSeconds: 5 })];
    expect(held({ flows: open, arrivals: arriving(5) })).toBe(200);
  });

  it('does not make a full space fill up', () => {
    const row = rowOf({
      flows: [...flowsFixture(980, { port: 40_000 }), ...closingFixture(20, { port: 40_980, timeoutSeconds: 90 })],
      behaviour: NOT_EVICTING,
      arrivals: arriving(20),
    });
    expect(row?.newPerSecond).toBe(20);
    expect(row).not.toHaveProperty('fullInSeconds');
  });
});
