// Opens a change for driving: a new one with its journal and the lock, or one that someone left unfinished.
import { type ChangeJournal, isOver } from '../../core/advice/change/change.ts';
import { withState } from '../../core/advice/change/transitions.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { ApiClient } from '../../kube/access/api-client.ts';
import { createObject } from '../../kube/access/create-object.ts';
import { refusalOf } from '../../kube/access/refusal.ts';
import type { ChangeLock } from './change-lock.ts';
import type { JournalStore, StoredJournal } from './journal-store.ts';

/** A change at work writes to its journal or its lock at least so often, also while it waits for an API server. */
export const SILENCE_SECONDS = 20;
const LOOK_MILLISECONDS = 1000;
/** Of 65,536 ids. */
const MOST_IDS = 20;

export interface ChangeHome {
  readonly client: ApiClient;
  readonly store: JournalStore;
  readonly lock: ChangeLock;
  readonly signal: AbortSignal;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** From 0 up to 1. */
  readonly random: () => number;
}

/** Four hexadecimal digits. */
export function newChangeId(random: () => number): string {
  return Math.floor(random() * 65_536)
    .toString(16)
    .padStart(4, '0');
}

/** Errors: PTL_CHANGE_UNFINISHED when another change is not over. */
export async function refuseUnfinished({ store, lock }: Pick<ChangeHome, 'store' | 'lock'>): Promise<void> {
  const { holder } = await lock.look();
  if (holder !== undefined && !(await isOverOrGone(store, holder))) throw unfinished(holder);
}

/** Writes the journal and takes the lock. Errors: PTL_CHANGE_UNFINISHED, PTL_JOURNAL, those of `send`. */
export async function beginChange(draft: ChangeJournal, home: ChangeHome): Promise<StoredJournal> {
  const stored = await createJournal(draft, home);
  const { lock, store } = home;
  try {
    await lock.take(stored.journal.id, (holder) => isOverOrGone(store, holder));
  } catch (error) {
    await store.save(stored, withState(stored.journal, 'undone', 'never begun: another change was under way'));
    throw error;
  }
  return stored;
}

async function createJournal(
  draft: ChangeJournal,
  { store, client, signal, random }: ChangeHome,
): Promise<StoredJournal> {
  let journal = draft;
  for (let attempt = 1; attempt <= MOST_IDS; attempt += 1) {
    const stored = await store.create(journal).catch(async (error: unknown) => {
      if (!isNoNamespace(error)) throw error;
      await createNamespace(client, store.namespace, signal);
      return store.create(journal);
    });
    if (stored !== undefined) return stored;
    journal = { ...journal, id: newChangeId(random) };
  }
  throw new PortolanError(
    'PTL_JOURNAL',
    `Cannot write a journal: ${MOST_IDS} ids in a row are taken, wanted a free one`,
  );
}

function isNoNamespace(error: unknown): boolean {
  const cause = error instanceof PortolanError && error.code === 'PTL_JOURNAL' ? error.cause : undefined;
  return cause instanceof PortolanError && cause.code === 'PTL_API_ABSENT';
}

/** Errors: PTL_JOURNAL. */
async function createNamespace(client: ApiClient, name: string, signal: AbortSignal): Promise<void> {
  const access = { verb: 'create', group: '', resource: 'namespaces' } as const;
  const labels = { 'app.kubernetes.io/managed-by': 'portolan' };
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
  const request = { path: '/api/v1/namespaces', access, object, isTrial: false };
  const answer = await createObject(client, request, signal);
  if (answer.status === 201 || answer.status === 409) return;
  const refusal = refusalOf(answer, request, client);
  throw new PortolanError(
    'PTL_JOURNAL',
    `Cannot keep a journal: namespace ${name} is not there and cannot be made (${refusal.message})`,
    {
      cause: refusal,
      hint: `kubectl create namespace ${name}, or --journal-namespace with one that is there; docs/reference/rbac.md has the role`,
    },
  );
}

export interface TakeOver {
  readonly id: string;
  /** True: the program that drove it is known to be gone. */
  readonly isSure: boolean;
  /** Called while it is watched whether the change still moves. */
  readonly onWait: (share: number) => void;
}

/** Errors: PTL_NO_SUCH_CHANGE, PTL_CHANGE_UNFINISHED, PTL_JOURNAL, those of `send`. */
export async function takeUpChange({ id, isSure, onWait }: TakeOver, home: ChangeHome): Promise<StoredJournal> {
  const { store, lock } = home;
  const found = await readChange(store, id);
  const { holder } = await lock.look();
  const isDriven = holder === id && !isOver(found.journal) && found.journal.state !== 'stopped';
  if (isDriven && !isSure) await watchSilence(found, { home, onWait });
  const stored = await readChange(store, id);
  await lock.take(id, (other) => isOverOrGone(store, other));
  // Whoever drove it until now stops at its next step: its version of the journal is old.
  return store.save(stored, stored.journal);
}

/** Errors: PTL_NO_SUCH_CHANGE, PTL_JOURNAL. */
export async function readChange(store: JournalStore, id: string): Promise<StoredJournal> {
  const found = await store.read(id);
  if (found !== undefined) return found;
  throw new PortolanError(
    'PTL_NO_SUCH_CHANGE',
    `Cannot find change ${id}: no ConfigMap ${store.placeOf(id)}, wanted its journal`,
  );
}

async function watchSilence(
  { journal: { id }, version }: StoredJournal,
  { home, onWait }: { readonly home: ChangeHome; readonly onWait: TakeOver['onWait'] },
): Promise<void> {
  const { store, lock, sleep, signal } = home;
  const before = await lock.look();
  const looks = (SILENCE_SECONDS * 1000) / LOOK_MILLISECONDS;
  for (let look = 1; look <= looks; look += 1) {
    onWait(look / looks);
    await sleep(LOOK_MILLISECONDS, signal);
    const [journal, now] = [await readChange(store, id), await lock.look()];
    if (journal.version === version && now.version === before.version) continue;
    throw new PortolanError(
      'PTL_CHANGE_UNFINISHED',
      `Cannot take up change ${id}: another portolan is at work on it, wanted to be the only one`,
      {
        hint: 'portolan status shows how far it is',
      },
    );
  }
}

async function isOverOrGone(store: JournalStore, id: string): Promise<boolean> {
  const found = await store.read(id);
  return found === undefined || isOver(found.journal);
}

function unfinished(id: string): PortolanError {
  return new PortolanError(
    'PTL_CHANGE_UNFINISHED',
    `Cannot begin a change: change ${id} is not finished, wanted one change at a time`,
    { hint: `portolan status ${id}; then portolan apply --resume ${id} or portolan undo ${id}` },
  );
}
