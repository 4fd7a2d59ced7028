// Reads a journal back. It lies in a ConfigMap that others may write to, and what it says is written to the cluster when a
// change is undone: so only the kinds, fields and forms of this program are taken, and all problems are named at once.
import {
  CHANGE_SCHEMA,
  type ChangedObject,
  type ChangeJournal,
  type ChangeStep,
  FIELD_PATHS,
  type FieldName,
  type Fields,
  type FieldState,
  type NodeResult,
  type ObjectBefore,
  type ObjectRef,
  VERIFY_LEVELS,
  objectTitle,
} from '../../core/advice/change/change.ts';
import { type JsonObject, listOf, numberOf, objectOf, textOf } from '../../core/kube-objects/parse-object.ts';

const STATES = ['planned', 'running', 'stopped', 'done', 'undoing', 'undone'] as const;
const STEPS = ['write', 'take-back', 'verify', 'watch-rollout'] as const;
const STEP_STATES = ['open', 'intended', 'done'] as const;
const OUTCOMES = ['verified', 'felix-only', 'not-verified', 'failed'] as const;
const CALICO_VERSIONS = ['crd.projectcalico.org/v1', 'projectcalico.org/v3'] as const;
const WORKLOAD_KINDS = ['Deployment', 'StatefulSet'] as const;
/** An object name of Kubernetes (RFC 1123 subdomain). */
const NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

export type ParsedJournal =
  | { readonly ok: true; readonly journal: ChangeJournal }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Of the text in the ConfigMap. */
export function parseChangeJournal(text: string | undefined): ParsedJournal {
  const problems: string[] = [];
  const journal = journalOf(jsonOf(text, problems), problems);
  return problems.length === 0 ? { ok: true, journal } : { ok: false, problems };
}

function jsonOf(text: string | undefined, problems: string[]): JsonObject {
  try {
    return objectOf(JSON.parse(text ?? ''));
  } catch {
    problems.push('the text is not JSON');
    return {};
  }
}

function journalOf(raw: JsonObject, problems: string[]): ChangeJournal {
  const read = new Reader(raw, problems, '');
  if (raw['schema'] !== CHANGE_SCHEMA)
    problems.push(`schema: ${JSON.stringify(raw['schema'])}, wanted ${CHANGE_SCHEMA}`);
  const objects = listOf(raw['objects']).map((each, index) =>
    changedObject(objectOf(each), read.at(`objects[${index}]`)),
  );
  const titles = new Set(objects.map(({ ref }) => objectTitle(ref)));
  if (titles.size < objects.length) problems.push('objects: one stands there twice');
  return {
    schema: CHANGE_SCHEMA,
    id: read.matching('id', /^[0-9a-f]{4,16}$/),
    title: read.text('title'),
    ...read.optional('range'),
    by: read.text('by'),
    at: read.text('at'),
    tool: read.text('tool'),
    state: read.oneOf('state', STATES),
    ...read.optional('note'),
    verify: read.oneOf('verify', VERIFY_LEVELS),
    timeoutSeconds: read.number('timeoutSeconds'),
    accepted: read.texts('accepted'),
    objects,
    steps: listOf(raw['steps']).map((each, index) =>
      stepOf(objectOf(each), { read: read.at(`steps[${index}]`), titles }),
    ),
    nodes: listOf(raw['nodes']).map((each, index) => resultOf(objectOf(each), read.at(`nodes[${index}]`))),
  };
}

type Place = (raw: JsonObject) => Reader;

class Reader {
  readonly #raw: JsonObject;
  readonly #problems: string[];
  readonly #path: string;

  constructor(raw: JsonObject, problems: string[], path: string) {
    this.#raw = raw;
    this.#problems = problems;
    this.#path = path;
  }

  at(path: string): Place {
    return (raw) => new Reader(raw, this.#problems, `${this.#path}${path}.`);
  }

  problem(name: string, wanted: string): void {
    this.#problems.push(`${this.#path}${name}: ${JSON.stringify(this.#raw[name]) ?? 'nothing'}, wanted ${wanted}`);
  }

  text(name: string): string {
    const value = textOf(this.#raw[name]);
    if (value === undefined) this.problem(name, 'a text');
    return value ?? '';
  }

  matching(name: string, form: RegExp): string {
    const value = textOf(this.#raw[name]);
    if (value === undefined || !form.test(value)) this.problem(name, `a text of the form ${form.source}`);
    return value ?? '';
  }

  optional<Name extends string>(name: Name): { [Key in Name]?: string } {
    return this.#raw[name] === undefined ? {} : ({ [name]: this.text(name) } as { [Key in Name]?: string });
  }

  texts(name: string): string[] {
    const values = listOf(this.#raw[name]).filter((value) => typeof value === 'string');
    if (!Array.isArray(this.#raw[name]) || values.length < listOf(this.#raw[name]).length) this.problem(name, 'texts');
    return values;
  }

  number(name: string): number {
    const value = numberOf(this.#raw[name]);
    if (value === undefined || !(value >= 0)) this.problem(name, 'a number from 0 up');
    return value ?? 0;
  }

  optionalNumber<Name extends string>(name: Name): { [Key in Name]?: number } {
    return this.#raw[name] === undefined ? {} : ({ [name]: this.number(name) } as { [Key in Name]?: number });
  }

  oneOf<Word extends string>(name: string, words: readonly [Word, ...Word[]]): Word {
    const found = words.find((word) => word === this.#raw[name]);
    if (found === undefined) this.problem(name, words.join(', '));
    return found ?? words[0];
  }
}

function changedObject(raw: JsonObject, place: Place): ChangedObject {
  const read = place(raw);
  const ref = refOf(objectOf(raw['ref']), read.at('ref'));
  const wanted = fieldsIn(raw['wanted'], { ref, read: read.at('wanted') });
  if (Object.keys(wanted).length === 0) read.problem('wanted', 'a field of this kind');
  return {
    ref,
    role: read.oneOf('role', ['step', 'lasting']),
    wanted,
    before: beforeOf(objectOf(raw['before']), { ref, read: read.at('before') }),
    ...read.optional('seenVersion'),
    ...read.optional('intendedAt'),
    ...read.optional('writtenVersion'),
    ...read.optional('takenBack'),
  };
}

function refOf(raw: JsonObject, place: Place): ObjectRef {
  const read = place(raw);
  const name = read.matching('name', NAME);
  if (raw['kind'] === 'FelixConfiguration')
    return { kind: raw['kind'], apiVersion: read.oneOf('apiVersion', CALICO_VERSIONS), name };
  const kind = read.oneOf('kind', WORKLOAD_KINDS);
  return { kind, apiVersion: read.oneOf('apiVersion', ['apps/v1']), namespace: read.matching('namespace', NAME), name };
}

interface FieldPlace {
  readonly ref: ObjectRef;
  readonly read: Place;
}

function beforeOf(raw: JsonObject, { ref, read: place }: FieldPlace): ObjectBefore {
  const read = place(raw);
  if (typeof raw['existed'] !== 'boolean') read.problem('existed', 'true or false');
  return {
    existed: raw['existed'] === true,
    fields: fieldsIn(raw['fields'], { ref, read: read.at('fields') }),
  };
}

const FIELDS: Readonly<Record<'felix' | 'workload', readonly FieldName[]>> = {
  felix: ['natPortRange'],
  workload: ['topologySpreadConstraints', 'replicas'],
};

function fieldsIn(value: unknown, { ref, read: place }: FieldPlace): Fields {
  const raw = objectOf(value);
  const read = place(raw);
  const allowed = FIELDS[ref.kind === 'FelixConfiguration' ? 'felix' : 'workload'];
  for (const name of Object.keys(raw)) if (!allowed.some((each) => each === name)) read.problem(name, 'no such field');
  const present = allowed.filter((name) => raw[name] !== undefined && name in FIELD_PATHS);
  return Object.fromEntries(present.map((name) => [name, stateOf(name, { raw: objectOf(raw[name]), read })]));
}

function stateOf(name: FieldName, { raw, read }: { readonly raw: JsonObject; readonly read: Reader }): FieldState {
  if (raw['absent'] === true) return { absent: true };
  if (!('value' in raw)) read.problem(name, '{"absent": true} or {"value": ...}');
  return { value: raw['value'] };
}

function stepOf(
  raw: JsonObject,
  { read: place, titles }: { readonly read: Place; readonly titles: ReadonlySet<string> },
): ChangeStep {
  const read = place(raw);
  const common = { state: read.oneOf('state', STEP_STATES), ...read.optional('at') };
  const kind = read.oneOf('do', STEPS);
  if (kind === 'verify') return { do: kind, nodes: read.texts('nodes'), ...common };
  const objects = read.texts('objects');
  if (objects.some((title) => !titles.has(title))) read.problem('objects', 'titles of objects of this journal');
  return { do: kind, objects, ...common };
}

function resultOf(raw: JsonObject, place: Place): NodeResult {
  const read = place(raw);
  return {
    node: read.text('node'),
    outcome: read.oneOf('outcome', OUTCOMES),
    evidence: read.text('evidence'),
    seconds: read.number('seconds'),
    ...read.optionalNumber('flowsInside'),
    ...read.optionalNumber('flowsSeen'),
    ...read.optionalNumber('oldFlows'),
  };
}
