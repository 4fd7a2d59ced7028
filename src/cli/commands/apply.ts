// portolan apply: changes a cluster step by step, verified and undoable; the order of its own steps is what makes it safe.
import { beginChange, newChangeId, refuseUnfinished } from '../../act/change/open-change.ts';
import { CHANGE_SCHEMA, type ChangeJournal } from '../../core/advice/change/change.ts';
import { ObjectWriter } from '../../act/change/object-writer.ts';
import type { NodeWitness } from '../../act/change/node-witness.ts';
import type { PlannedChange } from '../../core/advice/change/plan-range-change.ts';
import { isBlind } from '../../core/advice/change/node-look.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { whoAmI } from '../../kube/access/who-am-i.ts';
import { previewDocument } from '../../present/change/change-document.ts';
import { formatPreview } from '../../present/change/preview-text.ts';
import { type ApplyRequest, readApplyRequest } from '../change/apply-request.ts';
import { aboutCluster } from '../change/cluster-flags.ts';
import { type ClusterSession, openWitness, withCluster } from '../change/cluster-session.ts';
import { confirm } from '../change/confirm.ts';
import { driveForward } from '../change/drive-change.ts';
import { prepareRepair } from '../change/prepare-repair.ts';
import { prepareRangeChange } from '../change/prepare-range-change.ts';
import { judgeAgainFor, resumeChange, targetOfJournal } from '../change/resume-change.ts';
import { FirstLooks } from '../change/first-looks.ts';
import type { CommandInput } from '../command-spec.ts';
import { FINE } from '../exit-code.ts';
import { packageVersion } from '../package-version.ts';
import { printDocument } from '../print-document.ts';
import { withProgress } from '../progress-line.ts';

/** @returns 0 done and verified as asked, or a dry run; 3 done, not all seen. Errors: PTL_USAGE, PTL_CHANGE_*, PTL_API_*. */
export async function runApply(given: CommandInput): Promise<number> {
  const request = readApplyRequest(given.flags);
  const input = aboutCluster(given, request);
  return withCluster(request, input.surroundings, (session) =>
    request.source.kind === 'resume'
      ? resumeChange({ id: request.source.id, request, session, input })
      : applyNew({ request, session, input }),
  );
}

interface Apply {
  readonly request: ApplyRequest;
  readonly session: ClusterSession;
  readonly input: CommandInput;
}

async function applyNew(apply: Apply): Promise<number> {
  const { request, session, input } = apply;
  if (request.dryRun === 'none') await refuseUnfinished(session);
  const looks = firstLooks(apply);
  try {
    const planned = await withProgress(input, (progress) => {
      progress(`reading ${session.client.context}`, 0);
      return prepare(apply, looks);
    });
    refuse(planned);
    if (isDone(planned)) return await sayNothingToDo(planned, apply);
    await showPreview(planned, apply);
    if (request.dryRun !== 'none') return await dryRun(planned, apply);
    if (looks !== undefined) await refuseBlind(planned, looks, apply);
    await tryOut(planned, session);
    const { length } = planned.preview.nodes;
    const question = length === 0 ? 'Apply?' : `Apply to ${length} ${length === 1 ? 'node' : 'nodes'}?`;
    await confirm(question, { isConfirmed: request.isConfirmed, input });
    return await begin(planned, await looks?.witness(), apply);
  } finally {
    await looks?.close();
  }
}

/** Undefined where nothing is to be looked at. */
function firstLooks({ request: { verify }, session }: Apply): FirstLooks | undefined {
  if (verify === 'none') return undefined;
  return new FirstLooks(() => openWitness(session), { wantsRules: verify === 'rules', signal: session.signal });
}

async function prepare({ request, session }: Apply, looks: FirstLooks | undefined): Promise<PlannedChange> {
  const { source } = request;
  const seen = looks === undefined ? {} : { looks };
  switch (source.kind) {
    case 'range':
      return prepareRangeChange(session, { source, request, ...seen });
    case 'repair':
      return prepareRepair(session, { range: source.range, request });
    case 'plan':
      return (await import('../change/prepare-plan.ts')).preparePlan(session, { source, request, ...seen });
    case 'resume':
      throw new TypeError('Cannot prepare a change that is there already');
  }
}

function refuse({ refusals, preview }: PlannedChange): void {
  const [first] = refusals;
  if (first === undefined) return;
  const message = refusals.map(({ sentence }) => `Cannot apply ${preview.title}: ${sentence}`).join('\n');
  const accept = refusals.find(({ conflict }) => conflict !== undefined)?.conflict;
  const hint = accept === undefined ? first.remedy : `--accept-conflict ${accept} goes on all the same`;
  throw new PortolanError('PTL_CHANGE_REFUSED', message, hint === undefined ? {} : { hint });
}

/** Nobody would change, and what is to be written stands there already. */
function isDone({ preview }: PlannedChange): boolean {
  return preview.lasting.every(({ fields }) => fields.every(({ from, to }) => from === to));
}

async function sayNothingToDo({ preview }: PlannedChange, { input, request }: Apply): Promise<number> {
  const { format, surroundings } = input;
  if (format === 'json' || format === 'yaml')
    await printDocument(previewDocument(preview, request.dryRun), format, surroundings.stdout);
  else surroundings.stdout.write(`Nothing to change: ${preview.title} stands there already. Next: portolan verify\n`);
  return FINE;
}

async function showPreview({ preview }: PlannedChange, { input, request }: Apply): Promise<void> {
  const { format, style, surroundings } = input;
  if (format === 'table') surroundings.stdout.write(formatPreview(preview, style));
  else if (request.dryRun !== 'none' && (format === 'json' || format === 'yaml'))
    await printDocument(previewDocument(preview, request.dryRun), format, surroundings.stdout);
}

async function dryRun(planned: PlannedChange, { request, session, input }: Apply): Promise<number> {
  if (request.dryRun === 'server') await tryOut(planned, session);
  const how = request.dryRun === 'server' ? 'the API server would take it' : 'nothing was sent';
  if (input.format === 'table')
    session.surroundings.stdout.write(`Dry run (${request.dryRun}): ${how}; nothing was stored.\n`);
  return FINE;
}

/** The first object and those that last, judged by the server: a right that is missing shows before anything is written. */
async function tryOut({ objects }: PlannedChange, { client, signal }: ClusterSession): Promise<void> {
  const writer = new ObjectWriter({ client, id: '0000', signal, rejudge: () => Promise.resolve() });
  const [first] = objects;
  const tried = new Set([
    ...(first === undefined ? [] : [first]),
    ...objects.filter(({ role }) => role === 'lasting').slice(0, 3),
  ]);
  for (const object of tried) await writer.tryOut(object);
}

/** Errors: PTL_CHANGE_REFUSED where the first node shows nothing that could be verified. */
async function refuseBlind({ preview }: PlannedChange, looks: FirstLooks, { request, session }: Apply): Promise<void> {
  const [node] = preview.nodes;
  if (node === undefined) return;
  const { surroundings } = session;
  const look = await looks.of(node);
  if (isBlind(look, request.verify)) {
    const why = look.felix.seen ? '' : look.felix.why;
    throw new PortolanError(
      'PTL_CHANGE_REFUSED',
      `Cannot verify ${node}: ${why}, wanted to see its rules or its calico-node`,
      {
        hint: '--verify none goes on without looking; docs/reference/rbac.md lists the rights',
      },
    );
  }
  if (request.verify === 'rules' && !look.rule.seen)
    surroundings.stderr.write(
      `warning: the rules of ${node} cannot be read (${look.rule.why}): it will be verified by Felix's word alone\n`,
    );
}

async function begin(
  planned: PlannedChange,
  witness: NodeWitness | undefined,
  { request, session, input }: Apply,
): Promise<number> {
  const { client, signal, random, surroundings } = session;
  const draft: ChangeJournal = {
    schema: CHANGE_SCHEMA,
    id: newChangeId(random),
    title: planned.preview.title,
    ...(planned.range === undefined ? {} : { range: planned.range }),
    by: (await whoAmI(client, signal)) ?? `context ${client.context}`,
    at: surroundings.wallClock(),
    tool: packageVersion(),
    state: 'planned',
    verify: request.verify,
    timeoutSeconds: request.timeoutSeconds,
    accepted: request.accepted,
    objects: planned.objects,
    steps: planned.steps,
    nodes: [],
  };
  const stored = await beginChange(draft, session);
  if (input.format === 'table')
    surroundings.stdout.write(`Change ${stored.journal.id}, journal ${session.store.placeOf(stored.journal.id)}\n`);
  return withProgress(input, (progress) =>
    driveForward(stored, {
      session,
      input,
      witness,
      judgeAgain: judgeAgainFor(session, targetOfJournal(stored.journal)),
      progress,
    }),
  );
}
