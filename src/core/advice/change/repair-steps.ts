// Stored values that no Felix can read, and the change that takes them away: all at once and without a canary, because while one
// is left no Felix that restarts comes up.
import type { RangeTrap } from '../../analysis/range-chain.ts';
import { configurationIndex } from '../../analysis/configuration-index.ts';
import type { ChangedObject, Fields, VerifyLevel } from './change.ts';
import { type PlannedChange, type RangeView, judgeWish, previewRow, refusalsOf } from './plan-range-change.ts';
import { felixObject } from './range-steps.ts';
import { ABSENT } from './field-values.ts';

export interface RepairWish {
  /** FIRST:LAST for the repaired objects; undefined: the field is taken away. */
  readonly range: string | undefined;
  readonly verify: VerifyLevel;
  readonly accepted: readonly string[];
}

/** Without an object when there is nothing to repair. */
export function planRepair(view: RangeView, { range, verify, accepted }: RepairWish): PlannedChange {
  const wanted: Fields = { natPortRange: range === undefined ? ABSENT : { value: range } };
  const objects = configurationIndex(view.configurations).unreadable.map(
    ({ name }): ChangedObject =>
      felixObject(
        { ref: { kind: 'FelixConfiguration', apiVersion: view.apiVersion, name }, role: 'lasting', wanted },
        view,
      ),
  );
  const titles = objects.map(({ ref }) => `${ref.kind} ${ref.name}`);
  const nodes = view.cluster.nodes.map(({ node }) => node);
  const isVerified = verify !== 'none' && nodes.length > 0;
  const refusals = range === undefined ? [] : textRefusals(view, range, accepted);
  return {
    objects,
    steps: [
      { do: 'write', objects: titles, state: 'open' },
      ...(isVerified ? [{ do: 'verify', nodes, state: 'open' } as const] : []),
    ],
    refusals,
    preview: {
      title: range === undefined ? 'repair of natPortRange' : `repair of natPortRange to ${range}`,
      cluster: view.cluster.cluster,
      lasting: objects.map(previewRow),
      layer: 'no Felix can read what stands there now',
      nodes,
      keeping: [],
      batches: [],
      remarks: refusals,
      accepted,
      verify,
      risks: [
        ...damage(view),
        'Every Felix takes the repaired objects up at once; one whose range changes restarts (about 3 s).',
      ],
    },
  };
}

/** Only what is wrong with the text itself: nothing else may keep a cluster from its repair. */
function textRefusals(view: RangeView, range: string, accepted: readonly string[]) {
  const text = new Set([
    'named-port',
    'single-port',
    'undecodable',
    'none',
    'below-1024',
    'vxlan-port-inside',
    'load-balancer-inside',
  ]);
  const { remarks } = judgeWish(view, { range, target: { object: 'default', nodes: [] } });
  return refusalsOf(remarks, { accepted }).filter(({ id }) => text.has(id));
}

function damage({ cluster }: RangeView): readonly string[] {
  const traps: readonly RangeTrap[] = cluster.nodes
    .flatMap(({ traps }) => traps)
    .filter(({ id }) => id === 'undecodable');
  return [...new Set(traps.map(({ place, what }) => `${place}: ${what}.`))];
}
