// How a change moves on: pure steps from one journal to the next. Each is stored before and after what it describes is done.
import {
  type ChangedObject,
  type ChangeJournal,
  type ChangeState,
  type ChangeStep,
  type NodeResult,
  objectTitle,
} from './change.ts';

/** The first step that is not done; undefined when all are. */
export function nextStep({ steps }: ChangeJournal): { readonly step: ChangeStep; readonly index: number } | undefined {
  const index = steps.findIndex(({ state }) => state !== 'done');
  const step = steps[index];
  return step === undefined ? undefined : { step, index };
}

export interface SeenObject {
  readonly title: string;
  /** Undefined: it is not there. */
  readonly version: string | undefined;
}

/** Before a write: at which version, and that it is about to be written. */
export function intend(
  journal: ChangeJournal,
  { index, seen, at }: { readonly index: number; readonly seen: readonly SeenObject[]; readonly at: string },
): ChangeJournal {
  const byTitle = new Map(seen.map((each) => [each.title, each]));
  const objects = journal.objects.map((object): ChangedObject => {
    const look = byTitle.get(objectTitle(object.ref));
    if (look === undefined) return object;
    const { seenVersion: _, ...rest } = object;
    return {
      ...rest,
      intendedAt: object.intendedAt ?? at,
      ...(look.version === undefined ? {} : { seenVersion: look.version }),
    };
  });
  return withStep({ ...journal, objects, state: 'running' }, index, { state: 'intended', at });
}

export interface ObjectEnd {
  readonly title: string;
  /** The object's version after the write; undefined when it is gone. */
  readonly version: string | undefined;
  /** For what was taken back: how it ended. */
  readonly takenBack?: string;
}

/** After a step: what came of it. */
export function complete(
  journal: ChangeJournal,
  { index, ends, at }: { readonly index: number; readonly ends: readonly ObjectEnd[]; readonly at: string },
): ChangeJournal {
  return withStep(withEnds(journal, ends), index, { state: 'done', at });
}

export function withEnds(journal: ChangeJournal, ends: readonly ObjectEnd[]): ChangeJournal {
  const byTitle = new Map(ends.map((end) => [end.title, end]));
  const objects = journal.objects.map((object): ChangedObject => {
    const end = byTitle.get(objectTitle(object.ref));
    if (end === undefined) return object;
    const { writtenVersion: _, ...rest } = object;
    return {
      ...rest,
      ...(end.version === undefined ? {} : { writtenVersion: end.version }),
      ...(end.takenBack === undefined ? {} : { takenBack: end.takenBack }),
    };
  });
  return { ...journal, objects };
}

/** Later results of a node take the place of earlier ones. */
export function withResults(journal: ChangeJournal, results: readonly NodeResult[]): ChangeJournal {
  const renewed = new Set(results.map(({ node }) => node));
  return { ...journal, nodes: [...journal.nodes.filter(({ node }) => !renewed.has(node)), ...results] };
}

export function withState(journal: ChangeJournal, state: ChangeState, note?: string): ChangeJournal {
  const { note: _, ...rest } = journal;
  return { ...rest, state, ...(note === undefined ? {} : { note }) };
}

function withStep(
  journal: ChangeJournal,
  index: number,
  change: { readonly state: ChangeStep['state']; readonly at: string },
): ChangeJournal {
  return { ...journal, steps: journal.steps.map((step, each) => (each === index ? { ...step, ...change } : step)) };
}
