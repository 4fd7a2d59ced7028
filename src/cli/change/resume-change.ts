// Goes on with a change that was interrupted: judged again, from the step at which it ended.
import { takeUpChange, readChange } from '../../act/change/open-change.ts';
import { type ChangeJournal, isOver } from '../../core/advice/change/change.ts';
import { judgeWish, refusalsOf } from '../../core/advice/change/plan-range-change.ts';
import type { RangeTarget } from '../../core/advice/change/range-target.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { formatChange } from '../../present/change/status-text.ts';
import { commandText } from '../../present/style.ts';
import type { CommandInput } from '../command-spec.ts';
import { withProgress } from '../progress-line.ts';
import type { ApplyRequest } from './apply-request.ts';
import { type ClusterSession, openWitness, readRangeView } from './cluster-session.ts';
import { confirm } from './confirm.ts';
import { driveForward } from './drive-change.ts';

export interface Resume {
  readonly id: string;
  readonly request: ApplyRequest;
  readonly session: ClusterSession;
  readonly input: CommandInput;
}

/** @returns as of driveForward. Errors: PTL_NO_SUCH_CHANGE, PTL_CHANGE_*, PTL_API_*. */
export async function resumeChange({ id, request, session, input }: Resume): Promise<number> {
  const found = await readChange(session.store, id);
  refuseEnded(found.journal, input);
  const target = targetOfJournal(found.journal);
  const judgeAgain = judgeAgainFor(session, target);
  refuse(await judgeAgain(found.journal), found.journal);
  if (input.format === 'table')
    session.surroundings.stdout.write(formatChange(found.journal, { style: input.style, lastSign: undefined }));
  await confirm(`Go on with change ${id}?`, { isConfirmed: request.isConfirmed, input });
  const witness = found.journal.verify === 'none' ? undefined : await openWitness(session);
  try {
    return await withProgress(input, async (progress) => {
      const onWait = (share: number): void => progress(`watching whether change ${id} is still at work`, share);
      const stored = await takeUpChange({ id, isSure: request.takesOver, onWait }, session);
      refuseEnded(stored.journal, input);
      return driveForward(stored, { session, input, witness, judgeAgain, progress });
    });
  } finally {
    witness?.close();
  }
}

function refuseEnded(journal: ChangeJournal, { style }: CommandInput): void {
  const { id, state } = journal;
  if (isOver(journal))
    throw new PortolanError(
      'PTL_CHANGE_REFUSED',
      `Cannot go on with change ${id}: it is ${state}, wanted an unfinished one`,
      {
        hint: commandText('portolan status', style),
      },
    );
  if (state === 'undoing')
    throw new PortolanError(
      'PTL_CHANGE_REFUSED',
      `Cannot go on with change ${id}: it is being taken back, wanted one that goes forward`,
      {
        hint: commandText(`portolan undo ${id}`, style),
      },
    );
}

function refuse(refusals: Awaited<ReturnType<ReturnType<typeof judgeAgainFor>>>, { id }: ChangeJournal): void {
  const [first] = refusals;
  if (first === undefined) return;
  const message = refusals.map(({ sentence }) => `Cannot go on with change ${id}: ${sentence}`).join('\n');
  throw new PortolanError('PTL_CHANGE_REFUSED', message, { hint: first.remedy ?? `portolan undo ${id}` });
}

/** Undefined for a change that sets no range. */
export function targetOfJournal({ objects, range }: ChangeJournal): RangeTarget | undefined {
  if (range === undefined) return undefined;
  const lasting = objects.filter(({ role }) => role === 'lasting').map(({ ref }) => ref.name);
  const [only] = lasting;
  if (only !== undefined && !only.startsWith('node.')) return { object: only, nodes: [] };
  return { object: undefined, nodes: lasting.map((name) => name.slice('node.'.length)) };
}

/** As it was judged at first, on what the cluster says now, without what the change itself has written. */
export function judgeAgainFor(session: ClusterSession, target: RangeTarget | undefined) {
  return async ({ objects, range = '', accepted }: ChangeJournal) => {
    if (target === undefined) return [];
    const view = await readRangeView(session, objects);
    return refusalsOf(judgeWish(view, { range, target }).remarks, { accepted });
  };
}
