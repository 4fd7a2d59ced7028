import { describe, expect, it } from 'vitest';
import { capacityCurve } from '../../src/core/alloc/capacity/capacity-curve.ts';
import { COLUMN_DROPS } from '../../src/core/alloc/capacity/capacity-row.ts';
import { BETWEEN_ROWS } from './recorded-capacities.ts';
import { erlangLoss, erlangOffered } from '../../src/core/alloc/capacity/erlang-loss.ts';

describe('the capacity table', () => {
  const recorded = BETWEEN_ROWS.flatMap(([kind, rows]) =>
    rows.map((row) => ({ kind, size: row[0], flows: row.slice(1) })),
  );

  it.each(recorded)(
    'says what a direct simulation says between its rows: $kind, $size ports',
    ({ kind, size, flows }) => {
      const curve = capacityCurve(kind, size);
      COLUMN_DROPS.forEach((drop, column) => {
        // Equal holds were run longest. Rarer than 1 in 10,000 the simulations themselves scatter more.
        const usual = kind === 'fixed' ? 0.01 : 0.02;
        const bound = drop < 1e-4 ? 0.03 : usual;
        const fits = curve.capacity(drop);
        expect(Math.abs(fits / (flows[column] ?? 0) - 1), `${fits} at ${drop}`).toBeLessThan(bound);
      });
    },
  );

  it.each(['fixed', 'exponential', 'accumulating'] as const)(
    'rises with the drop probability and with the size: %s',
    (kind) => {
      let below = COLUMN_DROPS.map(() => 0);
      for (let size = 1; size <= 65_536; size += size < 200 ? 1 : 97) {
        const curve = capacityCurve(kind, size);
        const row = COLUMN_DROPS.map((drop) => curve.capacity(drop));
        row.forEach((flows, column) => {
          expect(flows).toBeGreaterThanOrEqual((below[column] ?? 0) * (1 - 1e-9));
          expect(flows).toBeGreaterThanOrEqual(row[column - 1] ?? 0);
        });
        below = row;
      }
    },
  );
});

describe('erlangLoss', () => {
  it('is the loss formula of Erlang', () => {
    // B(1, a) = a / (1 + a); B(2, 1) = 0.5 / 2.5; the load for 1 in 100 of 100 servers stands in every table.
    expect(erlangLoss(1, 3)).toBeCloseTo(0.75, 12);
    expect(erlangLoss(2, 1)).toBeCloseTo(0.2, 12);
    expect(erlangOffered(100, 0.01)).toBeCloseTo(84.064, 3);
  });

  it.each([
    [1, 0.5],
    [128, 1e-6],
    [32_768, 1e-3],
    [64_512, 1e-9],
    [64_512, 0.9],
  ])('is undone by erlangOffered: %d ports, %d', (ports, target) => {
    expect(erlangLoss(ports, erlangOffered(ports, target)) / target).toBeCloseTo(1, 6);
  });
});
