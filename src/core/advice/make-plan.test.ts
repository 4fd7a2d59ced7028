import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GOAL, manyOpen, manyOpened, planFor, remedyIn } from '../../../test/advice/situation-fixture.ts';
import { TCP, UDP } from '../model/protocol.ts';
import { spreadOver, withLoad, withRange } from './changed-situation.ts';
import { effectOf, reachesGoal } from './effect.ts';
import { makePlan } from './make-plan.ts';
import { type Plan, REMEDY_KINDS } from './plan.ts';
import { situationOfFigures } from './situation-of-figures.ts';
import type { PlainFigures, Situation } from './situation.ts';

const SEED = { seed: 4789, numRuns: 150 };

const figures: fc.Arbitrary<PlainFigures> = fc
  .record(
    {
      protocol: fc.constantFrom(TCP, UDP),
      remoteAddress: fc.constantFrom('203.0.113.9', '2001:db8::9'),
      remotePort: fc.integer({ min: 1, max: 65_535 }),
      perSecond: fc.double({ min: 0.01, max: 5000, noNaN: true }),
      holdSeconds: fc.double({ min: 0.1, max: 600, noNaN: true }),
      flows: fc.integer({ min: 0, max: 400_000 }),
      pattern: fc.constantFrom('fixed' as const, 'exponential' as const, 'accumulating' as const),
      liveShare: fc.double({ min: 0, max: 1, noNaN: true }),
      remoteClosesFirst: fc.constantFrom(0, 0.5, 1),
      nodes: fc.integer({ min: 1, max: 200 }),
      pods: fc.integer({ min: 1, max: 2000 }),
      hottestShare: fc.double({ min: 0.01, max: 1, noNaN: true }),
      maxNodes: fc.integer({ min: 1, max: 300 }),
      surgePods: fc.integer({ min: 0, max: 5 }),
      owner: fc.constantFrom('calico' as const, 'flannel' as const, 'unknown' as const),
      behaviour: fc.record({
        search: fc.constant('windows' as const),
        evictsClosing: fc.constantFrom('yes' as const, 'no' as const, 'unknown' as const),
      }),
      ranges: fc.integer({ min: 1024, max: 60_000 }).map((first) => [{ first, last: 65_535 }]),
      vxlan: fc.boolean(),
      podCidrs: fc.constant(['10.244.0.0/16']),
      workload: fc.constant({ namespace: 'a', name: 'b', kind: 'deployment' }),
    },
    { requiredKeys: ['protocol', 'remoteAddress', 'remotePort', 'flows'] },
  )
  .map(({ flows, ...rest }) => (rest.perSecond === undefined ? { ...rest, flows } : rest));

const situations: fc.Arbitrary<Situation> = figures.map(situationOfFigures);
const goals = fc.record({
  targetDrop: fc.constantFrom(1e-9, 1e-4, 1e-3, 1e-2),
  loadFactor: fc.constantFrom(0.5, 1, 2, 5),
});

function planOf(situation: Situation, goal = GOAL): Plan {
  return makePlan(situation, { goal, at: '2026-11-22T03:12:00Z', whatIfs: [], gaps: [] });
}

describe('every plan', () => {
  it('holds all kinds of remedy, each with a standing and a reason, ranked without a hole', () => {
    fc.assert(
      fc.property(situations, goals, (situation, goal) => {
        const { remedies } = planOf(situation, goal);
        expect(new Set(remedies.map(({ kind }) => kind))).toEqual(new Set(REMEDY_KINDS));
        for (const { reasons } of remedies) expect(reasons.length).toBeGreaterThan(0);
        expect(new Set(remedies.map(({ id }) => id)).size).toBe(remedies.length);
        const ranks = remedies.flatMap(({ rank }) => (rank === undefined ? [] : [rank]));
        expect(ranks).toEqual(ranks.map((_, index) => index + 1));
        expect(remedies.filter(({ standing }) => standing === 'best')).toHaveLength(Math.min(ranks.length, 1));
      }),
      SEED,
    );
  });

  it('survives JSON unchanged', () => {
    fc.assert(
      fc.property(situations, goals, (situation, goal) => {
        const plan = planOf(situation, goal);
        expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
      }),
      SEED,
    );
  });

  it('gives commands without a blank to fill in, and an undo with each', () => {
    fc.assert(
      fc.property(situations, goals, (situation, goal) => {
        for (const { command, undo, standing } of planOf(situation, goal).remedies) {
          expect(command === undefined).toBe(undo === undefined);
          for (const text of [command ?? '', undo ?? ''])
            expect(text).not.toMatch(/<[a-zA-Z]|undefined|NaN|Infinity|\b(NAME|LOWER|ADDRESS|CIDR)\b|\.\.\./);
          if (standing === 'not-possible' && command !== undefined) expect(command).toMatch(/^kubectl/);
        }
      }),
      SEED,
    );
  });

  it('says the goal is reached exactly where a remedy that is possible reaches it', () => {
    fc.assert(
      fc.property(situations, goals, (situation, goal) => {
        const { remedies, goalReached, conclusion } = planOf(situation, goal);
        const [best] = remedies;
        if (goalReached) expect(best !== undefined && reachesGoal(best.effect, goal)).toBe(true);
        expect(/^Nothing (here|that)/.test(conclusion)).toBe(!goalReached);
      }),
      SEED,
    );
  });
});

describe('spreading', () => {
  /** 1,024 ports a node: any wider range would do. */
  const kinds = (flows: number): readonly string[] => {
    const ranges = [{ first: 64_512, last: 65_535 }];
    const situation = manyOpen({ flows, nodes: 6, pods: 120, hottestShare: 1 / 6, ranges });
    return planFor(situation, { targetDrop: 1e-3 }).remedies.map(({ kind }) => kind);
  };

  it('leads while it takes at most twice the nodes there are', () => {
    expect(kinds(9000)[0]).toBe('spread');
  });

  it('gives way to what the nodes there are can do when it would take more', () => {
    const ranked = kinds(18_000);
    expect(ranked[0]).toBe('widen');
    expect(ranked.indexOf('spread')).toBeLessThan(ranked.indexOf('reuse-connections'));
  });
});

describe('advice is monotone', () => {
  it('more nodes never mean more drops', () => {
    const placements = fc.record({ nodes: fc.integer({ min: 1, max: 60 }), more: fc.integer({ min: 0, max: 60 }) });
    fc.assert(
      fc.property(situations, placements, (situation, { nodes, more }) => {
        const drop = (count: number): number =>
          effectOf(spreadOver(situation, { nodes: count, pods: situation.placement.pods, surge: 0 }), GOAL).dropAtGoal;
        expect(drop(nodes + more)).toBeLessThanOrEqual(drop(nodes) * (1 + 1e-9));
      }),
      SEED,
    );
  });

  it('a wider range never bears less', () => {
    const starts = fc.tuple(fc.integer({ min: 1024, max: 60_000 }), fc.integer({ min: 1024, max: 60_000 }));
    fc.assert(
      fc.property(situations, starts, (situation, [one, other]) => {
        const bears = (first: number): number =>
          effectOf(withRange(situation, { first, last: 65_535 }), GOAL).capacityFlows;
        expect(bears(Math.min(one, other))).toBeGreaterThanOrEqual(bears(Math.max(one, other)) * (1 - 1e-9));
      }),
      SEED,
    );
  });

  it('of two starts without a port that hurts, the narrower one never stands above the wider', () => {
    fc.assert(
      fc.property(situations, goals, (situation, goal) => {
        const widened = planOf(situation, goal).remedies.filter(
          ({ kind, conflicts }) => kind === 'widen' && conflicts.every(({ hurts }) => !hurts),
        );
        const starts = widened.map(({ change }) => (change.kind === 'nat-port-range' ? change.to.first : 0));
        expect(starts[0] ?? 0).toBe(Math.min(...starts, starts[0] ?? 0));
      }),
      SEED,
    );
  });

  it('more load never lowers a drop', () => {
    fc.assert(
      fc.property(situations, fc.double({ min: 1, max: 20, noNaN: true }), (situation, factor) => {
        const more = withLoad(situation, { flows: situation.load.flows * factor });
        const [before, after] = [effectOf(situation, GOAL), effectOf(more, GOAL)];
        expect(after.dropToday).toBeGreaterThanOrEqual(before.dropToday * (1 - 1e-9));
        expect(after.bearsFactor).toBeLessThanOrEqual(before.bearsFactor * (1 + 1e-9));
      }),
      SEED,
    );
  });
});

describe('an impossible goal', () => {
  const situation = manyOpen({ flows: 200_000, nodes: 1, maxNodes: 1, pods: 1 });

  it('is called so, with the nearest that is possible', () => {
    const plan = planFor(situation);
    expect(plan.goalReached).toBe(false);
    expect(plan.conclusion).toMatch(/^Nothing here reaches the goal by itself\. Nearest: /);
    expect(plan.conclusion).toMatch(/the goal needs 4 nodes that share the load evenly, or 4 SNAT addresses/);
    expect(plan.remedies[0]?.effect.dropAtGoal).toBeGreaterThan(0.5);
    expect(remedyIn(plan, 'spread').standing).toBe('not-possible');
  });

  it('says when two remedies together reach it', () => {
    const plan = planFor(manyOpen({ flows: 90_000, nodes: 1, maxNodes: 2, pods: 2 }));
    expect(plan.goalReached).toBe(false);
    expect(plan.conclusion).toMatch(
      /the goal needs 2 nodes that share the load evenly.* So many nodes may be had: do both\.$/,
    );
  });

  it('becomes possible with the nodes or the addresses that it names', () => {
    expect(planFor(manyOpen({ flows: 200_000, nodes: 1, maxNodes: 7, pods: 7 })).goalReached).toBe(true);
    const spareAddresses = Array.from({ length: 7 }, (_, index) => `192.0.2.${index + 50}`);
    expect(planFor(manyOpen({ flows: 200_000, nodes: 1, maxNodes: 1, pods: 1, spareAddresses })).goalReached).toBe(
      true,
    );
  });

  it('refuses what is no goal', () => {
    for (const goal of [{ targetDrop: 0 }, { targetDrop: 1 }, { loadFactor: 0 }, { targetDrop: Number.NaN }])
      expect(() => planFor(situation, goal)).toThrow(RangeError);
  });
});

describe('the order', () => {
  it('puts a range with a port that hurts behind remedies without one', () => {
    const claims = [4000, 5000, 9000, 17_000, 25_000, 31_000].map(
      (port) =>
        ({
          kind: 'host-port',
          protocol: TCP,
          ports: { first: port, last: port },
          owner: 'cilium',
          source: 'bpf',
        }) as const,
    );
    const { remedies } = planFor(manyOpened({ claims, vxlan: false }));
    const place = (kind: string): number => remedies.findIndex((remedy) => remedy.kind === kind);
    expect(remedyIn(planFor(manyOpened({ claims, vxlan: false })), 'widen').standing).toBe('reaches-goal');
    expect(place('widen')).toBeGreaterThan(place('hold-time'));
    expect(place('spread')).toBe(0);
  });

  it('puts what comes nearest first where nothing reaches the goal', () => {
    const { remedies } = planFor(manyOpened({ maxNodes: 2, nodes: 1, pods: 2 }), { loadFactor: 10 });
    const helping = remedies.filter(({ rank, kind }) => rank !== undefined && kind !== 'reuse-connections');
    const factors = helping.filter(({ standing }) => standing === 'helps').map(({ effect }) => effect.bearsFactor);
    expect(factors.length).toBeGreaterThan(1);
    expect(factors).toEqual(factors.toSorted((left, right) => right - left));
  });
});
