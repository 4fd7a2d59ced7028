// Drives an opened change to its end, says each node as it comes, and what to do when it does not get there.
import { ChangeDriver } from '../../act/change/change-driver.ts';
import type { StoredJournal } from '../../act/change/journal-store.ts';
import type { NodeWitness } from '../../act/change/node-witness.ts';
import type { ChangeJournal, NodeResult } from '../../core/advice/change/change.ts';
import type { WriteRemark } from '../../core/analysis/range-write.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { changeDocument } from '../../present/change/change-document.ts';
import { formatResult, isSeenAsAsked, outcomeText } from '../../present/change/result-text.ts';
import { nextForChange } from '../../present/change/status-text.ts';
import { progressLines, stepText } from '../../present/change/step-text.ts';
import { commandText } from '../../present/style.ts';
import type { CommandInput } from '../command-spec.ts';
import { COULD_NOT_MEASURE, FINE } from '../exit-code.ts';
import { printDocument } from '../print-document.ts';
import { clearProgress } from '../progress-line.ts';
import type { Progress } from '../watched.ts';
import type { ClusterSession } from './cluster-session.ts';

export interface Drive {
  readonly session: ClusterSession;
  readonly input: CommandInput;
  readonly witness: NodeWitness | undefined;
  /** What speaks against going on, after someone else wrote to an object of the change. */
  readonly judgeAgain: (journal: ChangeJournal) => Promise<readonly WriteRemark[]>;
  readonly progress: Progress;
}

/** @returns 0 verified as asked, 3 done but not all was seen. Errors: PTL_CHANGE_FAILED when it was taken back, PTL_CHANGE_*, PTL_API_*. */
export async function driveForward(stored: StoredJournal, drive: Drive): Promise<number> {
  const { now } = drive.session.surroundings;
  const startedAt = now();
  const driver = driverOf(stored, drive);
  const failed = await driver.forward().catch((error: unknown) => handleBreak(error, driver, drive));
  if (failed.length > 0) return takeBack(driver, { why: failureText(failed), drive });
  await printEnd(driver.journal, drive, outcomeText(driver.journal, (now() - startedAt) / 1000));
  return isSeenAsAsked(driver.journal) ? FINE : COULD_NOT_MEASURE;
}

export function driverOf(
  stored: StoredJournal,
  { session, input, witness, judgeAgain, progress }: Drive,
): ChangeDriver {
  const { client, store, lock, signal, sleep, surroundings } = session;
  const { now, wallClock, stdout } = surroundings;
  const shown = new Set<string>();
  return new ChangeDriver(stored, {
    client,
    store,
    lock,
    witness,
    signal,
    now,
    wallClock,
    sleep,
    rejudge: async (journal) => refuseAgain(await judgeAgain(journal), journal),
    onStep: (journal, step) => {
      const done = journal.steps.filter(({ state }) => state === 'done').length;
      progress(stepText(step), done / Math.max(1, journal.steps.length));
    },
    onResult: (result) => {
      // The last look is at all nodes once more: those that went well have their row.
      const isKnown = shown.has(result.node) && result.outcome !== 'failed';
      if (input.format !== 'table' || isKnown) return;
      shown.add(result.node);
      clearProgress(input);
      stdout.write(`${formatResult(result, input.style)}\n`);
    },
  });
}

function refuseAgain(refusals: readonly WriteRemark[], { title }: ChangeJournal): void {
  if (refusals.length === 0) return;
  const message = refusals.map(({ sentence }) => `Cannot go on with ${title}: ${sentence}`).join('\n');
  throw new PortolanError('PTL_CHANGE_CONFLICT', message);
}

function failureText(failed: readonly NodeResult[]): string {
  const [first] = failed;
  const more = failed.length > 1 ? ` (and ${failed.length - 1} more)` : '';
  return `${first?.node ?? ''}${more}: ${first?.evidence ?? ''}`;
}

/** What the API server refuses for good cannot be gone on with; what someone else wrote is for a person to judge. */
const FINAL = new Set(['PTL_API_FORBIDDEN', 'PTL_API_REFUSED', 'PTL_API_ABSENT']);

async function handleBreak(error: unknown, driver: ChangeDriver, drive: Drive): Promise<never> {
  const { signal, surroundings } = drive.session;
  clearProgress(drive.input);
  if (signal.aborted || !(error instanceof PortolanError)) {
    surroundings.stderr.write(breakText(driver.journal, drive));
    throw error;
  }
  if (FINAL.has(error.code)) return takeBack(driver, { why: error.message, drive, cause: error });
  if (error.code === 'PTL_CHANGE_CONFLICT') await noteStop(driver, error.message);
  surroundings.stderr.write(breakText(driver.journal, drive));
  throw new PortolanError(error.code, error.message, {
    cause: error,
    facts: error.facts,
    hint: nextForChange(driver.journal, drive.input.style),
  });
}

/** Without it the journal still says how far the change came. */
async function noteStop(driver: ChangeDriver, why: string): Promise<void> {
  try {
    await driver.stop(why);
  } catch (error) {
    if (!(error instanceof PortolanError)) throw error;
  }
}

function breakText(journal: ChangeJournal, { input: { style } }: Drive): string {
  const lines = [
    `change ${journal.id} is not finished`,
    ...progressLines(journal).map((line) => `  ${line}`),
    `how to go on: ${nextForChange(journal, style)}`,
  ];
  return `${lines.join('\n')}\n`;
}

interface Retreat {
  readonly why: string;
  readonly drive: Drive;
  readonly cause?: PortolanError;
}

/** Errors: always; PTL_CHANGE_FAILED when all is back. */
async function takeBack(driver: ChangeDriver, { why, drive, cause }: Retreat): Promise<never> {
  drive.progress('taking everything back', 0);
  await driver.back(why).catch((error: unknown) => {
    drive.session.surroundings.stderr.write(`${why}\n${breakText(driver.journal, drive)}`);
    throw error;
  });
  clearProgress(drive.input);
  const { journal } = driver;
  const left = leftOver(journal);
  const end = left.length === 0 ? 'everything was taken back' : `taken back but for ${left.join('; ')}`;
  const { style } = drive.input;
  if (drive.input.format !== 'table') await printJournal(journal, drive);
  throw new PortolanError('PTL_CHANGE_FAILED', `Cannot finish ${journal.title}: ${why}; ${end}`, {
    hint: cause?.hint ?? commandText(`portolan status ${journal.id}`, style),
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Objects of which something stayed that the change would have taken back. */
export function leftOver({ objects }: ChangeJournal): readonly string[] {
  return objects.flatMap(({ ref, takenBack }) =>
    takenBack === undefined || ['removed', 'as it was', 'never written'].includes(takenBack)
      ? []
      : [`${ref.name}: ${takenBack}`],
  );
}

async function printEnd(journal: ChangeJournal, drive: Drive, outcome: string): Promise<void> {
  const { input, session } = drive;
  clearProgress(input);
  if (input.format !== 'table') return printJournal(journal, drive);
  const undo = commandText(`portolan undo ${journal.id}`, input.style);
  session.surroundings.stdout.write(`Undo: ${undo}\n${outcome}\n`);
}

async function printJournal(journal: ChangeJournal, { session, input: { format, style } }: Drive): Promise<void> {
  if (format !== 'json' && format !== 'yaml') return;
  const place = session.store.placeOf(journal.id);
  const document = changeDocument(journal, { place, next: nextForChange(journal, style) });
  await printDocument(document, format, session.surroundings.stdout);
}
