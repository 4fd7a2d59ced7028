// From a wish for a natPortRange to a judged course: what is written where, in which order, and everything that speaks against
// it. Reads and writes nothing.
import type { ClusterRange } from '../../analysis/cluster-range.ts';
import { judgeNatPortRangeWrite } from '../../analysis/judge-range-write.ts';
import type { RangeWriteFacts, WriteRemark } from '../../analysis/range-write.ts';
import type { CalicoApiGroup, FelixConfiguration } from '../../model/calico/felix-configuration.ts';
import type { PortRange } from '../../model/port-range.ts';
import type { ChangePreview, PreviewRow } from './change-preview.ts';
import { type ChangedObject, FIELD_PATHS, type VerifyLevel } from './change.ts';
import { ABSENT, listDifference, namesOf, stateText } from './field-values.ts';
import { type CourseSteps, type RangeCourse, batchesOf, rangeSteps } from './range-steps.ts';
import { type RangeTarget, type TargetNodes, targetNodes } from './range-target.ts';

/** All that a write is judged by, read at one time. */
export interface RangeView {
  readonly cluster: ClusterRange;
  readonly apiVersion: CalicoApiGroup;
  /** Empty where they were not read: then nothing is written. */
  readonly configurations: readonly FelixConfiguration[];
  readonly facts: Pick<RangeWriteFacts, 'vxlanPort' | 'nodePortPlane' | 'memberPorts'>;
}

export interface RangeWish {
  /** As given, `4790:65535`. */
  readonly range: string;
  readonly target: RangeTarget;
  readonly canary: string | undefined;
  readonly batchSize: number;
  readonly verify: VerifyLevel;
  /** Names of conflicts that the person accepts. */
  readonly accepted: readonly string[];
}

export interface PlannedChange extends CourseSteps {
  /** FIRST:LAST; undefined for a change that sets none. */
  readonly range?: string;
  readonly preview: ChangePreview;
  /** Empty: it may be done. */
  readonly refusals: readonly WriteRemark[];
}

export function planRangeChange(view: RangeView, wish: RangeWish): PlannedChange {
  const judgement = judgeWish(view, wish);
  const range = judgement.range ?? { first: 0, last: 0 };
  const targets = targetNodes(view.cluster, { target: wish.target, range, canary: wish.canary });
  const course = courseOf(view, { wish, targets });
  const steps = rangeSteps(course);
  return {
    ...steps,
    range: wish.range,
    refusals: refusalsOf(judgement.remarks, wish),
    preview: previewOf(view, { wish, targets, course, steps, remarks: judgement.remarks }),
  };
}

/** The refusals that nobody accepted by their name. */
export function refusalsOf(
  remarks: readonly WriteRemark[],
  { accepted }: Pick<RangeWish, 'accepted'>,
): readonly WriteRemark[] {
  return remarks.filter(
    ({ severity, conflict }) => severity === 'refusal' && (conflict === undefined || !accepted.includes(conflict)),
  );
}

/** For each object that would be written; what is said of several is said once. */
export function judgeWish(view: RangeView, { range, target }: Pick<RangeWish, 'range' | 'target'>) {
  const objects = target.object === undefined ? target.nodes.map((node) => `node.${node}`) : [target.object];
  const judgements = objects.map((object) => judgeNatPortRangeWrite(range, { ...factsOf(view, target), object }));
  const remarks = new Map(judgements.flatMap(({ remarks }) => remarks).map((remark) => [remark.sentence, remark]));
  const accepted: PortRange | undefined = judgements[0]?.range;
  return {
    ...(accepted === undefined ? {} : { range: accepted }),
    remarks: [...remarks.values()].toSorted((left, right) => rank(left) - rank(right)),
  };
}

function rank({ severity }: WriteRemark): number {
  return severity === 'refusal' ? 0 : 1;
}

function factsOf({ cluster, facts }: RangeView, { object, nodes }: RangeTarget): Omit<RangeWriteFacts, 'object'> {
  return {
    ...facts,
    nodes: object === undefined ? cluster.nodes.filter(({ node }) => nodes.includes(node)) : cluster.nodes,
    pools: cluster.pools,
    nodePorts: cluster.nodePorts,
    masquerader: cluster.masquerader.by,
  };
}

/** While an object cannot be read no Felix may be restarted for another one: the write goes to its place at once. */
function courseOf(
  view: RangeView,
  { wish, targets }: { readonly wish: RangeWish; readonly targets: TargetNodes },
): RangeCourse {
  const isFrozen = view.cluster.nodes.some(({ range }) => range.kind === 'frozen');
  return {
    apiVersion: view.apiVersion,
    range: wish.range,
    object: wish.target.object,
    nodes: targets.changing,
    batchSize: wish.batchSize,
    isAtOnce: isFrozen,
    verifies: wish.verify !== 'none',
    configurations: view.configurations,
  };
}

interface PreviewParts {
  readonly wish: RangeWish;
  readonly targets: TargetNodes;
  readonly course: RangeCourse;
  readonly steps: CourseSteps;
  readonly remarks: readonly WriteRemark[];
}

function previewOf(view: RangeView, { wish, targets, course, steps, remarks }: PreviewParts): ChangePreview {
  const isStepped = steps.steps.length > 2;
  return {
    title: `natPortRange ${wish.range}`,
    cluster: view.cluster.cluster,
    lasting: steps.objects.filter(({ role }) => role === 'lasting').map(previewRow),
    layer: layerText(wish.target, targets),
    nodes: targets.changing,
    keeping: targets.keeping,
    batches: isStepped ? batchesOf(course) : [],
    remarks,
    accepted: wish.accepted,
    verify: wish.verify,
    risks: [
      'Felix restarts on each of these nodes (about 3 s each); traffic keeps flowing, policy updates wait meanwhile. Existing connections keep their ports.',
    ],
  };
}

function layerText({ object }: RangeTarget, { keeping }: TargetNodes): string {
  const layer = object === undefined ? 'node' : object === 'default' ? 'default' : 'selector';
  if (keeping.length === 0) return `layer: ${layer}; nothing shadows it`;
  return `layer: ${layer}; a higher layer rules on ${keeping.length} ${keeping.length === 1 ? 'node' : 'nodes'}`;
}

export function previewRow(object: ChangedObject): PreviewRow {
  const { before, wanted } = object;
  return {
    object,
    isNew: !before.existed,
    fields: namesOf(wanted).map((name) => {
      const items = listDifference(before.fields[name], wanted[name]);
      return {
        path: FIELD_PATHS[name].join('.'),
        from: stateText(before.fields[name]),
        to: stateText(wanted[name]),
        ...(items === undefined ? {} : { items }),
      };
    }),
  };
}

/**
 * The configurations as they would be without what an unfinished change wrote, so that its own steps do not count as someone
 * else's when it is judged again.
 */
export function withoutChange(
  configurations: readonly FelixConfiguration[],
  objects: readonly ChangedObject[],
): readonly FelixConfiguration[] {
  const touched = new Map(
    objects.flatMap((object) => (object.intendedAt === undefined ? [] : [[object.ref.name, object] as const])),
  );
  return configurations.flatMap((configuration) => {
    const object = touched.get(configuration.name);
    if (object === undefined || !holdsWanted(configuration, object)) return [configuration];
    const former = object.before.fields.natPortRange;
    if (!object.before.existed) return [];
    return [{ ...configuration, natPortRange: former === undefined || 'absent' in former ? undefined : former.value }];
  });
}

function holdsWanted({ natPortRange }: FelixConfiguration, { wanted }: ChangedObject): boolean {
  return stateText(natPortRange === undefined ? ABSENT : { value: natPortRange }) === stateText(wanted.natPortRange);
}
