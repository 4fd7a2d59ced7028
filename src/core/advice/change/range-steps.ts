// The order in which a natPortRange reaches the nodes: one node first, then batches, then the object that rules them all, then
// what was only a step on the way is taken away again.
import type { FelixConfiguration } from '../../model/calico/felix-configuration.ts';
import { type ChangedObject, type ChangeStep, type ObjectRef, objectTitle } from './change.ts';
import { ABSENT } from './field-values.ts';

/** Thousands of objects, one per node, would be a burden on the API server and on the journal, which one ConfigMap holds. */
export const MOST_NODE_OBJECTS = 200;

export interface RangeCourse {
  readonly apiVersion: Extract<ObjectRef, { kind: 'FelixConfiguration' }>['apiVersion'];
  /** FIRST:LAST. */
  readonly range: string;
  /** The object that shall hold the range in the end; undefined: each node's own. */
  readonly object: string | undefined;
  /** Nodes whose range changes, the canary first. */
  readonly nodes: readonly string[];
  /** Nodes per batch after the canary; 0: no batches, the object comes right after the canary. */
  readonly batchSize: number;
  /** True: straight to the object, without a canary. */
  readonly isAtOnce: boolean;
  readonly verifies: boolean;
  /** As they are stored now. */
  readonly configurations: readonly FelixConfiguration[];
}

export interface CourseSteps {
  readonly objects: readonly ChangedObject[];
  readonly steps: readonly ChangeStep[];
}

export function rangeSteps(course: RangeCourse): CourseSteps {
  return course.object === undefined ? nodeCourse(course) : objectCourse(course, course.object);
}

/** The nodes of each batch, the canary alone in the first; the rest is left to the object. */
export function batchesOf({ nodes, batchSize, object }: RangeCourse): readonly (readonly string[])[] {
  const [canary, ...others] = nodes;
  if (canary === undefined) return [];
  const most = object === undefined ? others.length : Math.min(others.length, MOST_NODE_OBJECTS - 1);
  // With one more node left the object itself is the batch.
  const stepped = object !== undefined && (batchSize === 0 || others.length <= 1) ? [] : others.slice(0, most);
  const size = batchSize === 0 ? stepped.length : batchSize;
  const batches: string[][] = [[canary]];
  for (let index = 0; index < stepped.length; index += size) batches.push(stepped.slice(index, index + size));
  return batches;
}

function nodeCourse(course: RangeCourse): CourseSteps {
  const batches = batchesOf(course);
  return {
    objects: batches.flat().map((node) => objectOf(course, `node.${node}`, 'lasting')),
    steps: batches.flatMap((batch) => batchSteps(course, batch)),
  };
}

function objectCourse(course: RangeCourse, name: string): CourseSteps {
  const last = objectOf(course, name, 'lasting');
  if (course.isAtOnce || course.nodes.length <= 1)
    return { objects: [last], steps: [write([objectTitle(last.ref)]), ...verify(course, course.nodes)] };
  const batches = batchesOf(course);
  const own = batches.flat().map((node) => objectOf(course, `node.${node}`, 'step'));
  return {
    objects: [...own, last],
    steps: [
      ...batches.flatMap((batch) => batchSteps(course, batch)),
      write([objectTitle(last.ref)]),
      { do: 'take-back', objects: own.map(({ ref }) => objectTitle(ref)), state: 'open' },
      ...verify(course, course.nodes),
    ],
  };
}

function batchSteps(course: RangeCourse, batch: readonly string[]): ChangeStep[] {
  return [write(batch.map((node) => objectTitle(refOf(course, `node.${node}`)))), ...verify(course, batch)];
}

function write(objects: readonly string[]): ChangeStep {
  return { do: 'write', objects, state: 'open' };
}

function verify({ verifies }: RangeCourse, nodes: readonly string[]): ChangeStep[] {
  return verifies && nodes.length > 0 ? [{ do: 'verify', nodes, state: 'open' }] : [];
}

function refOf({ apiVersion }: RangeCourse, name: string): ObjectRef {
  return { kind: 'FelixConfiguration', apiVersion, name };
}

function objectOf(course: RangeCourse, name: string, role: ChangedObject['role']): ChangedObject {
  return felixObject({ ref: refOf(course, name), role, wanted: { natPortRange: { value: course.range } } }, course);
}

/** With what is stored there now. */
export function felixObject(
  object: Pick<ChangedObject, 'ref' | 'role' | 'wanted'>,
  { configurations }: Pick<RangeCourse, 'configurations'>,
): ChangedObject {
  const stored = configurations.find(({ name }) => name === object.ref.name);
  const raw = stored?.natPortRange;
  return {
    ...object,
    before: { existed: stored !== undefined, fields: { natPortRange: raw === undefined ? ABSENT : { value: raw } } },
    ...(stored === undefined ? {} : { seenVersion: stored.resourceVersion }),
  };
}
