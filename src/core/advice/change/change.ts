// A change of a cluster that is under way or over, as its journal holds it: what was there before, what was to be written, how
// far it came. Data: nothing here reads or writes a cluster.
export const CHANGE_SCHEMA = 'portolan.dev/change/v1';

/** The only fields that a change may touch, in the two kinds of objects that have them. */
export const FIELD_PATHS = {
  natPortRange: ['spec', 'natPortRange'],
  topologySpreadConstraints: ['spec', 'template', 'spec', 'topologySpreadConstraints'],
  replicas: ['spec', 'replicas'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type FieldName = keyof typeof FIELD_PATHS;

export type ObjectRef =
  | {
      readonly kind: 'FelixConfiguration';
      readonly apiVersion: 'crd.projectcalico.org/v1' | 'projectcalico.org/v3';
      readonly name: string;
    }
  | {
      readonly kind: 'Deployment' | 'StatefulSet';
      readonly apiVersion: 'apps/v1';
      readonly namespace: string;
      readonly name: string;
    };

/** A field's stored value, exactly; `absent` is not the same as null. */
export type FieldState = { readonly absent: true } | { readonly value: unknown };

export type Fields = Readonly<Partial<Record<FieldName, FieldState>>>;

/** What an object was when the change was judged: the only state it may be written over, and the one it goes back to. */
export interface ObjectBefore {
  /** False: there was no such object. */
  readonly existed: boolean;
  readonly fields: Fields;
}

export interface ChangedObject {
  readonly ref: ObjectRef;
  /** `step`: written on the way and taken back before the end; `lasting`: what the change is for. */
  readonly role: 'step' | 'lasting';
  readonly wanted: Fields;
  readonly before: ObjectBefore;
  /** Version of the object that was judged last; absent when there was no object. */
  readonly seenVersion?: string;
  /** When its first write was about to be made, ISO 8601; absent: it was never written. */
  readonly intendedAt?: string;
  /** The object's version after our last write to it. */
  readonly writtenVersion?: string;
  /** How it ended when it was taken back; a sentence when something was left as it is. */
  readonly takenBack?: string;
}

export type StepState = 'open' | 'intended' | 'done';

export type ChangeStep =
  /** Objects by their title (`objectTitle`), written one after another. */
  | { readonly do: 'write'; readonly objects: readonly string[]; readonly state: StepState; readonly at?: string }
  | { readonly do: 'take-back'; readonly objects: readonly string[]; readonly state: StepState; readonly at?: string }
  | { readonly do: 'verify'; readonly nodes: readonly string[]; readonly state: StepState; readonly at?: string }
  | {
      readonly do: 'watch-rollout';
      readonly objects: readonly string[];
      readonly state: StepState;
      readonly at?: string;
    };

/** How sure a node's new range must be before the change goes on. */
export const VERIFY_LEVELS = ['rules', 'ready', 'none'] as const;

export type VerifyLevel = (typeof VERIFY_LEVELS)[number];

export type NodeOutcome =
  /** The kernel's rule and Felix were seen. */
  | 'verified'
  /** Felix took the value, by its own words or by being ready again; the kernel was not seen. */
  | 'felix-only'
  /** Nothing was looked at, because it was so asked. */
  | 'not-verified'
  | 'failed';

export interface NodeResult {
  readonly node: string;
  readonly outcome: NodeOutcome;
  /** What was seen, or what was not, in a person's words. */
  readonly evidence: string;
  readonly seconds: number;
  /** New flows of pods that left with a port of the range, and all new flows that were seen. */
  readonly flowsInside?: number;
  readonly flowsSeen?: number;
  /** Flows older than the change that still hold a port outside. */
  readonly oldFlows?: number;
}

export type ChangeState =
  /** Written down, nothing changed yet. */
  | 'planned'
  | 'running'
  /** It ended before its end and waits for a person. */
  | 'stopped'
  | 'done'
  | 'undoing'
  | 'undone';

export interface ChangeJournal {
  readonly schema: typeof CHANGE_SCHEMA;
  /** Four hexadecimal digits. */
  readonly id: string;
  /** `natPortRange 4790:65535`. */
  readonly title: string;
  /** FIRST:LAST for a change of a range. */
  readonly range?: string;
  /** User name by which the API server knows who made it. */
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
  /** Version of Portolan. */
  readonly tool: string;
  readonly state: ChangeState;
  /** Why it stopped or was undone. */
  readonly note?: string;
  readonly verify: VerifyLevel;
  /** Seconds that one node may take to show the new range. */
  readonly timeoutSeconds: number;
  /** Conflicts that were accepted by name. */
  readonly accepted: readonly string[];
  readonly objects: readonly ChangedObject[];
  readonly steps: readonly ChangeStep[];
  readonly nodes: readonly NodeResult[];
}

/** `FelixConfiguration node.worker-3`, `Deployment payments/checkout`: unique in a change. */
export function objectTitle(ref: ObjectRef): string {
  return ref.kind === 'FelixConfiguration' ? `${ref.kind} ${ref.name}` : `${ref.kind} ${ref.namespace}/${ref.name}`;
}

/** Whether nobody needs to do anything about it any more. */
export function isOver({ state }: ChangeJournal): boolean {
  return state === 'done' || state === 'undone';
}

/** The API path of an object. */
export function objectPath(ref: ObjectRef): string {
  const name = encodeURIComponent(ref.name);
  if (ref.kind === 'FelixConfiguration') return `/apis/${ref.apiVersion}/felixconfigurations/${name}`;
  return `/apis/${ref.apiVersion}/namespaces/${encodeURIComponent(ref.namespace)}/${ref.kind.toLowerCase()}s/${name}`;
}
