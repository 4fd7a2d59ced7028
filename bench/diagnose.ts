// How long diagnose() takes on a large node, and dropProbability() on one port space; medians of 9 runs after 3 to warm up.
import { performance } from 'node:perf_hooks';
import type { Benchmark, Measure } from './benchmark.ts';
import { dropProbability } from '../src/core/alloc/drop-probability.ts';
import { seededRandom } from '../src/core/alloc/seeded-random.ts';
import { diagnose } from '../src/core/analysis/diagnose.ts';
import { PortSet } from '../src/core/model/port-set.ts';
import { TCP } from '../src/core/model/protocol.ts';
import { SYNTHETIC_BEHAVIOUR, syntheticNode } from './synthetic-node.ts';

const FLOWS = 700_000;
const SPACES = 100_000;
const BUSY = 20;

function medianMilliseconds(run: () => void): number {
  const times = Array.from({ length: 12 }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return times.slice(3).toSorted((left, right) => left - right)[4] ?? 0;
}

function fullSpace(): { occupied: PortSet; evictable: PortSet } {
  const [occupied, evictable, random] = [new PortSet(), new PortSet(), seededRandom(2)];
  for (let port = 1024; port <= 65_535; port += 1) {
    if (random() < 0.999) occupied.add(port);
    if (occupied.has(port) && random() < 0.5) evictable.add(port);
  }
  return { occupied, evictable };
}

/** The search that costs most: the widest range, hardly a port free. */
function dropTimes(): readonly Measure[] {
  const space = { ...fullSpace(), range: { first: 1024, last: 65_535 }, protocol: TCP };
  return (['no', 'yes'] as const).map((evictsClosing) => ({
    what: `drop probability of 64,512 ports, ${evictsClosing === 'yes' ? 'evicting' : 'windows'}`,
    value: medianMilliseconds(() =>
      dropProbability({ ...space, behaviour: { ...SYNTHETIC_BEHAVIOUR, evictsClosing } }),
    ),
    unit: 'ms',
    goal: { atMost: 2 },
  }));
}

export const diagnoseBenchmark: Benchmark = {
  name: 'diagnose',
  async *run() {
    const node = syntheticNode({ flows: FLOWS, spaces: SPACES, busy: BUSY });
    const start = performance.now();
    diagnose(node);
    const cold = performance.now() - start;
    const warm = medianMilliseconds(() => diagnose(node));
    const what = `diagnose ${FLOWS} flows in ${SPACES} port spaces`;
    yield {
      title: 'Analysis',
      measures: [
        ...dropTimes(),
        { what: `${what}, first call`, value: cold, unit: 'ms' },
        { what: `${what}, warm`, value: warm, unit: 'ms' },
      ],
    };
  },
};
