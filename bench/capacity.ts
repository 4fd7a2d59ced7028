// How the capacity table compares with the figures it was made to bear out, and what asking it costs.
import { performance } from 'node:perf_hooks';
import {
  type HoldPattern,
  type PoolUse,
  partsBySize,
  poolCapacity,
  poolDrop,
} from '../src/core/alloc/capacity/port-pool.ts';
import { MAX_PORT } from '../src/core/model/port-range.ts';
import { TCP, UDP } from '../src/core/model/protocol.ts';
import type { Benchmark, Measure, Report } from './benchmark.ts';
import { REFERENCE_CAPACITIES, REFERENCE_CURVES } from './capacity/reference-figures.ts';

export const capacityBenchmark: Benchmark = {
  name: 'capacity',
  async *run({ quick }): AsyncIterable<Report> {
    yield { title: 'capacity: flows that fit, against an independent simulation (reference 3.3)', measures: fits() };
    yield {
      title:
        'capacity: load at which so many are lost, against the load an independent simulation gives (reference 3.3)',
      measures: REFERENCE_CURVES.flatMap(({ pattern, first, points }) =>
        points.map(([share, drop]) => loadAt(windowsUse(first, pattern), share, drop)),
      ),
      notes: ['the difference is in flows; a curve this steep turns 1 % of flows into a third to a half of P'],
    };
    yield { title: 'capacity: what asking costs', measures: costs(quick ? 20_000 : 200_000) };
  },
};

function windowsUse(first: number, pattern: HoldPattern): PoolUse {
  const behaviour = { search: 'windows', evictsClosing: 'no' } as const;
  return { parts: partsBySize([{ first, last: MAX_PORT }]), protocol: UDP, behaviour, pattern, liveShare: 1 };
}

function fits(): readonly Measure[] {
  return REFERENCE_CAPACITIES.flatMap(([first, ...flows]) =>
    flows.map((reference, index) => {
      const target = 10 ** (index - 4);
      const ours = poolCapacity(windowsUse(first, 'fixed'), target);
      return difference(`${first}-${MAX_PORT} at ${target.toExponential(0)}`, { ours, reference });
    }),
  );
}

function loadAt(use: PoolUse, share: number, drop: number): Measure {
  const size = MAX_PORT + 1 - (use.parts[0]?.range.first ?? 0);
  const what = `${use.pattern}, ${size} ports, P ${drop.toPrecision(2)}`;
  const measure = difference(what, { ours: poolCapacity(use, drop), reference: share * size });
  return { ...measure, detail: `${measure.detail ?? ''}; P there ${poolDrop(use, share * size).toPrecision(2)}` };
}

function difference(what: string, { ours, reference }: { readonly ours: number; readonly reference: number }): Measure {
  const value = 100 * Math.abs(ours / reference - 1);
  return {
    what,
    value,
    unit: '%',
    goal: { atMost: 1 },
    detail: `${Math.round(ours)}, reference ${Math.round(reference)}`,
  };
}

function costs(rounds: number): readonly Measure[] {
  const one = windowsUse(20_000, 'fixed');
  const evicting: PoolUse = {
    ...one,
    parts: partsBySize([
      { first: 1024, last: 17_407 },
      { first: 32_768, last: 65_535 },
    ]),
    protocol: TCP,
    behaviour: { search: 'windows', evictsClosing: 'yes' },
    liveShare: 0.3,
  };
  const scanning: PoolUse = { ...one, behaviour: { search: 'full-scan', evictsClosing: 'no' } };
  return [
    cost('poolCapacity of one range', rounds, (target) => poolCapacity(one, target)),
    cost('poolDrop of one range', rounds, (target) => poolDrop(one, 40_000 * (1 + target))),
    cost('poolCapacity of two parts with eviction', rounds / 10, (target) => poolCapacity(evicting, target)),
    cost('poolCapacity of one range, full scan', rounds / 100, (target) => poolCapacity(scanning, target)),
  ];
}

function cost(what: string, rounds: number, ask: (target: number) => number): Measure {
  const began = performance.now();
  let sum = 0;
  for (let round = 0; round < rounds; round += 1) sum += ask(1e-5 + (round % 1000) * 1e-5);
  const microseconds = ((performance.now() - began) * 1000) / rounds;
  const perSecond = Math.round(1e6 / microseconds).toLocaleString('en');
  return {
    what,
    value: microseconds,
    unit: 'us',
    detail: `${perSecond} calls a second${sum > 0 ? '' : ', no answer'}`,
  };
}
