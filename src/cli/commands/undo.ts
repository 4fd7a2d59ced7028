// portolan undo: takes a change of a cluster back, from wherever it is.
import { readChange, takeUpChange } from '../../act/change/open-change.ts';
import { ObjectWriter } from '../../act/change/object-writer.ts';
import { type ChangeJournal, FIELD_PATHS, objectTitle } from '../../core/advice/change/change.ts';
import { namesOf, stateText } from '../../core/advice/change/field-values.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { changeDocument } from '../../present/change/change-document.ts';
import { nextForChange } from '../../present/change/status-text.ts';
import { changeIdOperand, clusterFlags } from '../change/cluster-flags.ts';
import { type ClusterSession, withCluster } from '../change/cluster-session.ts';
import { confirm } from '../change/confirm.ts';
import { driverOf, leftOver } from '../change/drive-change.ts';
import type { CommandInput } from '../command-spec.ts';
import { FAILED, FINE } from '../exit-code.ts';
import { printDocument } from '../print-document.ts';
import { withProgress } from '../progress-line.ts';

/** @returns 0 all is as it was, 1 something stayed. Errors: PTL_NO_SUCH_CHANGE, PTL_CHANGE_*, PTL_JOURNAL, PTL_API_*. */
export async function runUndo(input: CommandInput): Promise<number> {
  const { flags, surroundings } = input;
  const request = clusterFlags(flags);
  const id = changeIdOperand(flags);
  const undo = { isDry: flags.isSet('dryRun'), isConfirmed: flags.isSet('yes'), takesOver: flags.isSet('takeOver') };
  flags.finish();
  return withCluster(request, surroundings, async (session) => {
    const journal = id === undefined ? await latest(session) : (await readChange(session.store, id)).journal;
    return undoChange(journal, { ...undo, session, input });
  });
}

interface Undo {
  readonly isDry: boolean;
  readonly isConfirmed: boolean;
  readonly takesOver: boolean;
  readonly session: ClusterSession;
  readonly input: CommandInput;
}

/** The newest that is not taken back yet. */
async function latest({ store }: ClusterSession): Promise<ChangeJournal> {
  const { journals } = await store.list();
  const found = journals.map(({ journal }) => journal).find(({ state }) => state !== 'undone');
  if (found !== undefined) return found;
  throw new PortolanError(
    'PTL_NO_SUCH_CHANGE',
    `Cannot undo: no change in namespace ${store.namespace} is left to take back, wanted one`,
    {
      hint: 'portolan status',
    },
  );
}

async function undoChange(journal: ChangeJournal, undo: Undo): Promise<number> {
  const { session, input, isDry, isConfirmed, takesOver } = undo;
  const { id } = journal;
  if (journal.state === 'undone') return say(journal, `Change ${id} is taken back already.`, undo);
  const lines = await foresee(journal, undo);
  if (input.format === 'table')
    session.surroundings.stdout.write(`${[`Undo of change ${id}: ${journal.title}`, ...lines].join('\n')}\n`);
  if (isDry) return say(journal, 'Dry run: nothing was changed.', undo);
  await confirm(`Take change ${id} back?`, { isConfirmed, input });
  const undone = await withProgress(input, async (progress) => {
    const onWait = (share: number): void => progress(`watching whether change ${id} is still at work`, share);
    const stored = await takeUpChange({ id, isSure: takesOver, onWait }, session);
    const judgeAgain = () => Promise.resolve([]);
    const driver = driverOf(stored, { session, input, witness: undefined, judgeAgain, progress });
    progress('taking everything back', 0);
    await driver.back(undefined);
    return driver.journal;
  });
  const left = leftOver(undone);
  if (left.length === 0) return say(undone, `Change ${id} is taken back: everything is as it was before.`, undo);
  for (const line of left) session.surroundings.stderr.write(`left as it is: ${line}\n`);
  await say(undone, `Change ${id} is taken back but for ${left.length} of its objects, which others wrote to.`, undo);
  return FAILED;
}

/** What would happen to each object that was written. */
async function foresee(journal: ChangeJournal, { session }: Undo): Promise<readonly string[]> {
  const { client, signal } = session;
  const writer = new ObjectWriter({ client, id: journal.id, signal, rejudge: () => Promise.resolve() });
  const lines: string[] = [];
  for (const object of journal.objects.toReversed()) {
    if (object.intendedAt === undefined || object.takenBack !== undefined) continue;
    const { decision, fields } = await writer.foresee(object);
    const title = objectTitle(object.ref);
    if (decision.do === 'put')
      for (const name of namesOf(decision.fields))
        lines.push(
          `  ${title}  ${FIELD_PATHS[name].join('.')}: ${stateText(fields[name])} -> ${stateText(decision.fields[name])}`,
        );
    else if (decision.do === 'remove') lines.push(`  ${title}: removed, it was made by this change`);
    else if (decision.do === 'leave') lines.push(`  ${title}: left: ${decision.because}`);
  }
  return lines.length === 0 ? ['  nothing is left to take back'] : lines;
}

async function say(
  journal: ChangeJournal,
  text: string,
  { session, input: { format, style, surroundings } }: Undo,
): Promise<number> {
  if (format === 'json' || format === 'yaml') {
    const next = nextForChange(journal, style);
    await printDocument(
      changeDocument(journal, { place: session.store.placeOf(journal.id), next }),
      format,
      surroundings.stdout,
    );
  } else surroundings.stdout.write(`${text}\n`);
  return FINE;
}
