// The spread of a plan as a change of its workload: constraints merged as Kubernetes merges them, replicas only where more are
// needed, then the rollout is watched.
import type { Change } from '../plan.ts';
import { type Fields, type ObjectRef, type VerifyLevel, objectTitle } from './change.ts';
import { fieldsOf } from './field-values.ts';
import { type PlannedChange, previewRow } from './plan-range-change.ts';

type Json = Readonly<Record<string, unknown>>;

export interface SpreadWish {
  readonly change: Extract<Change, { kind: 'spread' }>;
  readonly ref: Extract<ObjectRef, { kind: 'Deployment' | 'StatefulSet' }>;
  /** As it is stored now. */
  readonly workload: Json;
  readonly cluster: string;
  readonly verify: VerifyLevel;
  readonly risks: readonly string[];
}

export function planSpread({ change, ref, workload, cluster, verify, risks }: SpreadWish): PlannedChange {
  const present = fieldsOf(workload, ['topologySpreadConstraints', 'replicas']);
  const wanted = wantedFields(change, workload);
  const version = at(workload, 'metadata', 'resourceVersion');
  const object = {
    ref,
    role: 'lasting' as const,
    wanted,
    before: {
      existed: true,
      fields: Object.fromEntries(Object.keys(wanted).map((name) => [name, fieldNamed(present, name)])),
    },
    ...(typeof version === 'string' ? { seenVersion: version } : {}),
  };
  const title = objectTitle(ref);
  return {
    objects: [object],
    steps: [
      { do: 'write', objects: [title], state: 'open' },
      ...(verify === 'none' ? [] : [{ do: 'watch-rollout', objects: [title], state: 'open' } as const]),
    ],
    refusals: [],
    preview: {
      title: `spread ${ref.namespace}/${ref.name} over ${change.nodes} nodes`,
      cluster,
      lasting: [previewRow(object)],
      layer: 'the pod template: every pod is made anew',
      nodes: [],
      keeping: [],
      batches: [],
      remarks: [],
      accepted: [],
      verify,
      risks,
    },
  };
}

function fieldNamed(fields: Fields, name: string) {
  return (name === 'replicas' ? fields.replicas : fields.topologySpreadConstraints) ?? { absent: true as const };
}

/** Lists of constraints are merged by topologyKey and whenUnsatisfiable (k8s.io/api/core/v1, PodSpec). */
function wantedFields({ patch, replicas }: SpreadWish['change'], workload: Json): Fields {
  const path = ['spec', 'template', 'spec', 'topologySpreadConstraints'] as const;
  const stored = listAt(workload, ...path);
  const selector = at(workload, 'spec', 'selector');
  const added = listAt(patch, ...path).map((constraint) =>
    'labelSelector' in constraint ? constraint : { ...constraint, labelSelector: selector },
  );
  const kept = stored.filter((old) => !added.some((constraint) => key(constraint) === key(old)));
  const now = at(workload, 'spec', 'replicas');
  const isMore = replicas !== undefined && replicas > (typeof now === 'number' ? now : 1);
  return {
    topologySpreadConstraints: { value: [...kept, ...added] },
    ...(isMore ? { replicas: { value: replicas } } : {}),
  };
}

function key({ topologyKey, whenUnsatisfiable }: Json): string {
  return JSON.stringify([topologyKey, whenUnsatisfiable]);
}

function listAt(object: unknown, ...path: readonly string[]): readonly Json[] {
  const value = at(object, ...path);
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function at(object: unknown, ...path: readonly string[]): unknown {
  return path.reduce((place: unknown, name) => (isObject(place) ? place[name] : undefined), object);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
