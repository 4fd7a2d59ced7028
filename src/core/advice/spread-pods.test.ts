import { describe, expect, it } from 'vitest';
import { CHECKOUT, manyOpen, manyOpened, planFor, remedyIn } from '../../../test/advice/situation-fixture.ts';
import { effectOf } from './effect.ts';
import type { Remedy } from './plan.ts';
import { spreadOver } from './changed-situation.ts';

function spread(situation = manyOpen(), loadFactor = 1): Remedy {
  return remedyIn(planFor(situation, { loadFactor }), 'spread');
}

describe('spreading that does not reach the goal', () => {
  it('adds replicas as far as the nodes go: it comes nearer', () => {
    const plan = planFor(manyOpen({ flows: 200_000, nodes: 1, maxNodes: 3, pods: 1 }), { loadFactor: 2 });
    const spread = remedyIn(plan, 'spread');
    expect(spread).toMatchObject({ standing: 'best', change: { nodes: 3, replicas: 3 } });
    expect(spread.effect.bearsFactor).toBeCloseTo(3 * plan.today.bearsFactor, 6);
    const more = remedyIn(
      planFor(manyOpened({ perSecond: 5000, pods: 3, nodes: 3, maxNodes: 4, hottestShare: 1 / 3 })),
      'spread',
    );
    expect(more).toMatchObject({ standing: 'helps', change: { nodes: 4, replicas: 4 } });
  });

  it('names the true reason first where nothing more can be spread', () => {
    const spread = remedyIn(
      planFor(manyOpen({ flows: 200_000, nodes: 3, maxNodes: 3, pods: 3, hottestShare: 1 / 3 })),
      'spread',
    );
    expect(spread.standing).toBe('not-possible');
    expect(spread.reasons[0]).toBe('The autoscaler makes 3 nodes at most, and the goal needs more.');
  });
});

describe('spreading the pods', () => {
  it('is the best answer to both causes of the page, with nodes that are there', () => {
    for (const situation of [manyOpen(), manyOpened()]) {
      const plan = planFor(situation);
      expect(plan.goalReached).toBe(true);
      expect(plan.remedies[0]).toMatchObject({ kind: 'spread', standing: 'best', rank: 1 });
      expect(plan.remedies[0]?.change).toMatchObject({ nodes: 6, podsPerNode: 2 });
      expect(plan.conclusion).toMatch(/^Best: spread checkout over 6 nodes/);
    }
  });

  it('counts the fewest nodes whose fullest one meets the goal, and no fewer', () => {
    const situation = manyOpen({ flows: 100_000, nodes: 2, pods: 12 });
    const remedy = spread(situation);
    expect(remedy.change).toMatchObject({ kind: 'spread', nodes: 4, podsPerNode: 3 });
    expect(remedy.title).toBe('spread checkout over 4 nodes (now 2)');
    const bears = (nodes: number): number =>
      effectOf(spreadOver(situation, { nodes, pods: 12, surge: 0 }), { targetDrop: 1e-3, loadFactor: 1 }).bearsFactor;
    expect(bears(4)).toBeGreaterThanOrEqual(1);
    expect(bears(3)).toBeLessThan(1);
    expect(remedy.preconditions.join(' ')).toContain('Add 2 nodes');
  });

  it('counts surge pods on the fullest node', () => {
    const plan = planFor(manyOpen({ flows: 100_000, nodes: 2, surgePods: 1 }));
    const bears = (12 / 3) * (plan.today.capacityFlows / 100_000);
    expect(remedyIn(plan, 'spread').effect.bearsFactor).toBeCloseTo(bears, 6);
    expect(remedyIn(plan, 'spread').change).toMatchObject({
      nodes: 6,
      podsPerNode: 2,
    });
  });

  it('divides evenly where the number of pods is not known', () => {
    const { pods: _, ...placement } = manyOpen({ flows: 100_000, nodes: 2 }).placement;
    const remedy = spread({ ...manyOpen({ flows: 100_000, nodes: 2 }), placement });
    expect(remedy.change).toMatchObject({ nodes: 4, podsPerNode: 1 });
    expect(remedy.preconditions.join(' ')).toContain('not known how many pods');
  });

  it('asks for more replicas where one pod alone exceeds a node', () => {
    const remedy = spread(manyOpen({ pods: 1 }), 2);
    expect(remedy.change).toMatchObject({ nodes: 3, replicas: 3, podsPerNode: 1 });
    expect(remedy.reasons.join(' ')).toContain('One pod alone opens 80,000 connections at once');
    expect(remedy.command).toContain('kubectl scale deployment checkout -n payments --replicas=3 &&\n');
    expect(remedy.undo).toMatch(
      /^kubectl rollout undo deployment checkout -n payments &&\nkubectl scale .*--replicas=1$/,
    );
  });

  it('stays within the autoscaler, and fills the nodes alike before it gives up', () => {
    const uneven = spread(manyOpen({ flows: 100_000, nodes: 2, pods: 5, maxNodes: 4 }));
    expect(uneven.change).toMatchObject({ nodes: 4, replicas: 8, podsPerNode: 2 });
    expect(uneven.standing).toBe('best');
    const out = spread(manyOpen({ flows: 200_000, nodes: 1, pods: 8, maxNodes: 3 }));
    expect(out.change).toMatchObject({ nodes: 3 });
    expect(out.reasons.join(' ')).toContain('makes 3 nodes at most');
  });

  it('writes constraints that count one rollout only and leave out tainted nodes', () => {
    const labelled = spread(manyOpen({ workload: { ...CHECKOUT, matchLabels: { app: 'checkout' } } }));
    expect(labelled.change).toMatchObject({
      patch: {
        spec: {
          template: {
            spec: {
              topologySpreadConstraints: [
                {
                  maxSkew: 1,
                  topologyKey: 'kubernetes.io/hostname',
                  whenUnsatisfiable: 'DoNotSchedule',
                  labelSelector: { matchLabels: { app: 'checkout' } },
                  matchLabelKeys: ['pod-template-hash'],
                  nodeTaintsPolicy: 'Honor',
                },
              ],
            },
          },
        },
      },
    });
    expect(labelled.command).toMatch(/^kubectl patch deployment checkout -n payments --type strategic -p '\{.*\}'$/);
    expect(labelled.risks.join(' ')).toMatch(/DoNotSchedule rather than ScheduleAnyway/);
    expect(spread().command).toContain(
      `"labelSelector":{"matchLabels":'"$(kubectl get deployment checkout -n payments -o jsonpath='{.spec.selector.matchLabels}')"'}`,
    );
  });

  it('lets pods wait for the autoscaler by minDomains', () => {
    const patch = JSON.stringify(spread(manyOpen({ flows: 100_000, nodes: 2, maxNodes: 10 })).change);
    expect(patch).toContain('"minDomains":4');
    expect(JSON.stringify(spread().change)).not.toContain('minDomains');
  });

  it('changes nothing where the load lies evenly, and gives no command for a workload it does not know', () => {
    const even = spread(manyOpen({ hottestShare: 1 / 6 }));
    expect(even.standing).toBe('not-worth-it');
    expect(even.reasons[0]).toContain('as evenly as it can be');
    const { workload: _, ...unnamed } = manyOpen();
    expect(spread(unnamed).command).toBeUndefined();
    expect(spread(manyOpen({ workload: { ...CHECKOUT, kind: 'daemonset' } })).command).toBeUndefined();
  });
});
