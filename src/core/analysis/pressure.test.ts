import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVICTING, flowTableFixture, flowsFixture } from '../../../test/analysis/node-facts-fixture.ts';
import { dropProbability } from '../alloc/drop-probability.ts';
import { TCP } from '../model/protocol.ts';
import { TIME_WAIT } from '../model/tcp-state.ts';
import { chartPortUse } from './port-use.ts';
import { measurePressure } from './pressure.ts';

describe('measurePressure', () => {
  it('skips the search only where it cannot fail, whatever the range and however few ports are in use', () => {
    const size = fc.oneof(fc.integer({ min: 1, max: 400 }), fc.constantFrom(511, 4097, 65_536 / 2 - 20, 60_000));
    fc.assert(
      fc.property(size, fc.integer({ min: 0, max: 140 }), fc.boolean(), (ports, used, closing) => {
        const range = { first: 2000, last: 1999 + ports };
        const state = closing ? { tcpState: TIME_WAIT } : {};
        const flows = flowTableFixture(flowsFixture(Math.max(1, Math.min(used, ports)), { port: 2000, ...state }));
        const rows = Uint32Array.from({ length: flows.flowCount }, (_, row) => row);
        const use = chartPortUse(flows, { row: 0, rows, range });
        const pressure = measurePressure(use, TCP, EVICTING);
        const search = { ...use, protocol: TCP };
        expect(pressure.drop).toBe(
          dropProbability({ ...search, behaviour: { evictsClosing: 'yes', search: 'windows' } }),
        );
        expect(pressure.dropWithoutEviction).toBe(
          dropProbability({ ...search, behaviour: { evictsClosing: 'no', search: 'windows' } }),
        );
      }),
      { seed: 61, numRuns: 200 },
    );
  });
});
