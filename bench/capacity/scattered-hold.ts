// The loss under hold times that scatter evenly around their mean: flows no longer leave in the order they came.
import { seededRandom } from '../../src/core/alloc/seeded-random.ts';
import { PortField } from './port-field.ts';

/** Slots of the wheel per hold; a flow ends at the end of its slot. */
const SLOTS = 2048;

/** Mean of the exact drop probability over the holds `from`..`to`; each hold is 1 plus or minus up to `scatter`. */
export function scatteredHoldDrop(load: {
  readonly size: number;
  readonly offered: number;
  readonly scatter: number;
  readonly from: number;
  readonly to: number;
}): number {
  const random = seededRandom(load.from + 1);
  const field = new PortField(load.size, random);
  const wheel: number[][] = Array.from({ length: 4 * SLOTS }, () => []);
  let [now, slot, sample, total] = [0, 0, load.from * 8, 0];
  while (sample < load.to * 8) {
    now -= Math.log(1 - random()) / load.offered;
    for (; slot < Math.floor(now * SLOTS); slot += 1) {
      const leaving = wheel[slot % wheel.length] ?? [];
      for (const port of leaving) field.delete(port);
      leaving.length = 0;
    }
    if (now * 8 >= sample) {
      total += field.drop();
      sample += 1;
    }
    const port = field.find();
    if (port < 0) continue;
    field.add(port);
    wheel[Math.floor((now + 1 + load.scatter * (2 * random() - 1)) * SLOTS) % wheel.length]?.push(port);
  }
  return total / ((load.to - load.from) * 8);
}
