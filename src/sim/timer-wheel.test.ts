import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FlowPool } from './flow-pool.ts';
import { MOST_TICKS, TimerWheel } from './timer-wheel.ts';

type Step =
  | { readonly kind: 'set'; readonly ahead: number }
  | { readonly kind: 'enqueue'; readonly queue: number }
  | { readonly kind: 'cancel'; readonly nth: number }
  | { readonly kind: 'advance'; readonly by: number };

const SPANS = [0, 700, 300_000];

const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), ahead: fc.oneof(fc.nat(50), fc.nat(600_000), fc.nat(90_000_000)) }),
  fc.record({ kind: fc.constant('enqueue' as const), queue: fc.nat(2) }),
  fc.record({ kind: fc.constant('cancel' as const), nth: fc.nat(20) }),
  fc.record({ kind: fc.constant('advance' as const), by: fc.oneof(fc.nat(100), fc.nat(900_000)) }),
);

/** The same by a plain list. */
class PlainTimers {
  readonly due = new Map<number, number>();

  /** What fires up to the tick, as `tick id` in no order within a tick. */
  take(until: number): readonly string[] {
    const fired = [...this.due].filter(([, due]) => due <= until);
    for (const [id] of fired) this.due.delete(id);
    return fired.map(([id, due]) => `${due} ${id}`).toSorted();
  }
}

describe('TimerWheel', () => {
  it('fires what a plain list fires, each at its tick, in order of ticks', () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 60 }), (plan) => {
        const flows = new FlowPool();
        const wheel = new TimerWheel(flows, MOST_TICKS - 1);
        const plain = new PlainTimers();
        SPANS.forEach((span) => wheel.addQueue(span));
        let now = 0;
        for (const step of plan) {
          if (step.kind === 'advance') {
            now += step.by;
            const fired: string[] = [];
            let last = 0;
            for (let id = wheel.pop(now); id >= 0; id = wheel.pop(now)) {
              expect(wheel.tick).toBeGreaterThanOrEqual(last);
              last = wheel.tick;
              fired.push(`${wheel.tick} ${id}`);
              flows.give(id);
            }
            expect(fired.toSorted()).toEqual(plain.take(now));
          } else if (step.kind === 'cancel') {
            const [id] = [...plain.due.keys()].slice(step.nth);
            if (id === undefined) continue;
            wheel.cancel(id);
            wheel.cancel(id);
            plain.due.delete(id);
            flows.give(id);
          } else {
            const id = flows.take(0, { tick: now, sourcePort: 0 });
            if (step.kind === 'set') wheel.set(id, now + step.ahead);
            else wheel.enqueue(id, step.queue);
            plain.due.set(id, now + (step.kind === 'set' ? step.ahead : (SPANS[step.queue] ?? 0)));
            expect(wheel.dueOf(id)).toBe(plain.due.get(id));
          }
        }
      }),
      { numRuns: 200, seed: 7 },
    );
  });

  it('remembers and never fires what is due after the last tick', () => {
    const flows = new FlowPool();
    const wheel = new TimerWheel(flows, 1000);
    const id = flows.take(0, { tick: 0, sourcePort: 0 });
    wheel.set(id, 5000);
    expect(wheel.pop(1000)).toBe(-1);
    expect(wheel.dueOf(id)).toBe(5000);
  });
});
