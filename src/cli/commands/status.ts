// portolan status: the changes in the journal of a cluster.
import { readChange } from '../../act/change/open-change.ts';
import { type StoredJournal, unfinished } from '../../act/change/journal-store.ts';
import { isOver } from '../../core/advice/change/change.ts';
import { changeDocument } from '../../present/change/change-document.ts';
import { formatChange, formatHistory, nextForChange } from '../../present/change/status-text.ts';
import { aboutCluster, changeIdOperand, clusterFlags } from '../change/cluster-flags.ts';
import { type ClusterSession, withCluster } from '../change/cluster-session.ts';
import type { CommandInput } from '../command-spec.ts';
import { FINE, FOUND } from '../exit-code.ts';
import { printDocument } from '../print-document.ts';

const STATUS_OUTPUT_SCHEMA = 'portolan.dev/output/status/v1';
/** Older ones stay in the journal. */
const MOST_SHOWN = 20;

/** @returns 0 nothing is unfinished, 2 a change is. Errors: PTL_NO_SUCH_CHANGE, PTL_JOURNAL, PTL_API_*. */
export async function runStatus(given: CommandInput): Promise<number> {
  const request = clusterFlags(given.flags);
  const input = aboutCluster(given, request);
  const id = changeIdOperand(input.flags);
  input.flags.finish();
  return withCluster(request, input.surroundings, (session) =>
    id === undefined ? showAll(session, input) : showOne(id, session, input),
  );
}

async function showOne(id: string, session: ClusterSession, input: CommandInput): Promise<number> {
  const { journal } = await readChange(session.store, id);
  await print([journal], [], session, input);
  return isOver(journal) ? FINE : FOUND;
}

async function showAll(session: ClusterSession, input: CommandInput): Promise<number> {
  const { journals, unreadable } = await session.store.list();
  for (const name of unreadable)
    input.surroundings.stderr.write(
      `warning: ConfigMap ${session.store.namespace}/${name} holds no journal that can be read\n`,
    );
  const open = unfinished(journals).map(({ journal }) => journal);
  const over = journals.map(({ journal }: StoredJournal) => journal).filter(isOver);
  await print(open, over.slice(0, MOST_SHOWN), session, input);
  return open.length === 0 ? FINE : FOUND;
}

type Journals = readonly StoredJournal['journal'][];

async function print(whole: Journals, history: Journals, session: ClusterSession, input: CommandInput): Promise<void> {
  const { format, style, surroundings } = input;
  const { stdout } = surroundings;
  const { holder, renewedAt } = await session.lock.look();
  if (format === 'json' || format === 'yaml') {
    const changes = [...whole, ...history].map((journal) =>
      changeDocument(journal, { place: session.store.placeOf(journal.id), next: nextForChange(journal, style) }),
    );
    const lock = holder === undefined ? null : { change: holder, renewedAt: renewedAt ?? null };
    return printDocument({ schema: STATUS_OUTPUT_SCHEMA, lock, changes }, format, stdout);
  }
  for (const journal of whole) {
    const lastSign = holder === journal.id && !isOver(journal) ? renewedAt : undefined;
    stdout.write(`${formatChange(journal, { style, lastSign })}\n`);
  }
  if (history.length > 0) stdout.write(`${formatHistory(history, style)}\n`);
  const [first] = [...whole, ...history];
  stdout.write(
    first === undefined ? 'No change was made here with portolan apply.\n' : `Next: ${nextForChange(first, style)}\n`,
  );
}
