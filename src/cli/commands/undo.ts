// portolan undo: takes a change of a cluster back, from wherever it is.
import { readChange, takeUpChange } from '../../act/change/open-change.ts';
import { ObjectWriter } from '../../act/change/object-writer.ts';
import {
  type ChangeJournal,
  FIELD_PATHS,
  objectTitle,
  VERIFY_LEVELS,
  type VerifyLevel,
} from '../../core/advice/change/change.ts';
import type { NodeCheck } from '../../core/advice/change/node-check.ts';
import { namesOf, stateText } from '../../core/advice/change/field-values.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { checkDocument, formatChecks } from '../../present/change/check-table.ts';
import { changeDocument } from '../../present/change/change-document.ts';
import { nextForChange } from '../../present/change/status-text.ts';
import { commandText } from '../../present/style.ts';
import { aboutCluster, changeIdOperand, clusterFlags, readTimeout } from '../change/cluster-flags.ts';
import { readAgentChoice } from '../cluster/cluster-flags.ts';
import { type ClusterSession, withCluster } from '../change/cluster-session.ts';
import { confirm } from '../change/confirm.ts';
import { driverOf, leftOver } from '../change/drive-change.ts';
import { type Followed, followUndo } from '../change/follow-undo.ts';
import type { CommandInput } from '../command-spec.ts';
import { COULD_NOT_MEASURE, FAILED, FINE } from '../exit-code.ts';
import { printDocument } from '../print-document.ts';
import { withProgress } from '../progress-line.ts';

/** @returns 0 all is as it was, 1 something stayed, 3 all is stored as it was and not every node was seen to follow. Errors: PTL_NO_SUCH_CHANGE, PTL_CHANGE_*, PTL_JOURNAL, PTL_API_*. */
export async function runUndo(given: CommandInput): Promise<number> {
  const { flags, surroundings } = given;
  const request = { choice: readAgentChoice(flags), ...clusterFlags(flags) };
  const input = aboutCluster(given, request);
  const id = changeIdOperand(flags);
  const undo = {
    isDry: flags.isSet('dryRun'),
    isConfirmed: flags.isSet('yes'),
    takesOver: flags.isSet('takeOver'),
    verify: flags.isGiven('verify') ? flags.choice('verify', VERIFY_LEVELS, 'rules') : undefined,
    timeoutSeconds: readTimeout(flags),
  };
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
  /** Undefined: as the change itself was verified. */
  readonly verify: VerifyLevel | undefined;
  readonly timeoutSeconds: number;
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
  for (const line of left) session.surroundings.stderr.write(`left as it is: ${line}\n`);
  const end =
    left.length === 0
      ? `Change ${id} is taken back: everything is stored as it was before.`
      : `Change ${id} is taken back but for ${left.length} of its objects, which others wrote to.`;
  const code = await follow(undone, end, undo);
  return left.length === 0 ? code : FAILED;
}

/** What is stored is back; the nodes follow it in their own time, and are waited for. */
async function follow(journal: ChangeJournal, end: string, undo: Undo): Promise<number> {
  const { session, input } = undo;
  const { stdout } = session.surroundings;
  if (journal.range === undefined) return say(journal, [end, ...rolloutsOf(journal)].join('\n'), undo);
  if (input.format === 'table') stdout.write(`${end}\n`);
  const level = undo.verify ?? journal.verify;
  const followed = await withProgress(input, (progress) =>
    followUndo(journal, { session, level, timeoutSeconds: undo.timeoutSeconds, progress }),
  );
  if (input.format !== 'table') await print(journal, undo, followed);
  else if ('unseen' in followed)
    stdout.write(
      `Whether the nodes follow was not looked at: ${followed.unseen}. Next: ${commandText('portolan verify', input.style)}\n`,
    );
  else stdout.write(formatChecks(followed.nodes, input.style));
  return 'unseen' in followed ? (level === 'none' ? FINE : COULD_NOT_MEASURE) : exitCodeOf(followed.nodes);
}

function exitCodeOf(checks: readonly NodeCheck[]): number {
  if (checks.some(({ outcome }) => outcome === 'differs')) return FAILED;
  return checks.some(({ outcome }) => outcome === 'not-seen') ? COULD_NOT_MEASURE : FINE;
}

/** Pods come back by a rollout of their own, which is not waited for. */
function rolloutsOf({ objects }: ChangeJournal): readonly string[] {
  return objects.flatMap(({ ref, intendedAt }) =>
    ref.kind === 'FelixConfiguration' || intendedAt === undefined
      ? []
      : [`Not waited for: kubectl rollout status ${ref.kind.toLowerCase()} ${ref.name} -n ${ref.namespace}`],
  );
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

async function say(journal: ChangeJournal, text: string, undo: Undo): Promise<number> {
  const { format, surroundings } = undo.input;
  if (format === 'json' || format === 'yaml') await print(journal, undo);
  else surroundings.stdout.write(`${text}\n`);
  return FINE;
}

async function print(
  journal: ChangeJournal,
  { session, input: { format, style, surroundings } }: Undo,
  followed?: Followed,
): Promise<void> {
  if (format !== 'json' && format !== 'yaml') return;
  const place = session.store.placeOf(journal.id);
  const document = changeDocument(journal, { place, next: nextForChange(journal, style) });
  const after = followed === undefined || 'unseen' in followed ? null : followed.nodes.map(checkDocument);
  await printDocument({ ...document, nodesAfterUndo: after }, format, surroundings.stdout);
}
