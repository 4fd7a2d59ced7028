// portolan patch: calicoctl patch for a FelixConfiguration. Stdout is calicoctl's; what a person must know is on stderr.
import type { PatchRequest } from '../../act/patch-felix-configuration.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { NOT_NAMESPACED, checkKind, checkNames } from '../calicoctl/kind-name.ts';
import type { OpenedCalico } from '../calicoctl/open-calico.ts';
import { patchNotes } from '../calicoctl/patch-notes.ts';
import type { CommandInput } from '../command-spec.ts';
import { FINE } from '../exit-code.ts';
import { programNameOf } from '../program-name.ts';

interface PatchLine extends PatchRequest {
  readonly config: string | undefined;
  readonly context: string | undefined;
}

/** @returns 0 patched, 1 not. Errors: PTL_USAGE, PTL_CALICO_OBJECT, PTL_API_*. */
export async function runPatch(input: CommandInput): Promise<number> {
  const line = readLine(input);
  const { surroundings } = input;
  const { withCalico } = await import('../calicoctl/with-calico.ts');
  return withCalico({ ...line, surroundings, before: 'hit error: ' }, (calico) => patchAndSay(calico, line, input));
}

function readLine({ flags }: CommandInput): PatchLine {
  const kind = flags.operand('KIND', 'felixconfiguration');
  const [name] = flags.operandsLeft(1);
  if (name === undefined) flags.problem('Cannot read NAME: nothing given, wanted the name of one, usually default');
  const patch = flags.text('patch', PATCH_WANTED);
  if (!flags.isGiven('patch')) flags.problem(`Cannot read --patch: nothing given, wanted ${PATCH_WANTED}`);
  flags.text('type', 'strategic, json or merge');
  const dryRun = flags.choice('dryRun', ['none', 'client', 'server'], 'none');
  const namespace = flags.text('namespace', 'no namespace');
  flags.text('logLevel', 'a level, for example info');
  const line = {
    name: name ?? '',
    patch: patch ?? '',
    isForced: flags.isSet('force'),
    dryRun,
    config: flags.text('config', "the path of calicoctl's settings"),
    context: flags.text('context', 'the name of a context'),
  };
  flags.finish();
  checkKind(kind);
  checkNames([line.name]);
  if (namespace !== undefined)
    throw new PortolanError('PTL_CALICO_OBJECT', `hit error: ${NOT_NAMESPACED}`, { hint: 'leave --namespace out' });
  return line;
}

const PATCH_WANTED = `JSON, for example '{"spec":{"natPortRange":"24000:65535"}}'`;

async function patchAndSay(calico: OpenedCalico, line: PatchLine, { surroundings }: CommandInput): Promise<number> {
  if (calico.group.isGuess && line.dryRun === 'none') throw ambiguous(calico);
  const { judgePatch } = await import('../calicoctl/judge-patch.ts');
  const warnings = await judgePatch(calico, line);
  const { patchFelixConfiguration } = await import('../../act/patch-felix-configuration.ts');
  const outcome = await patchFelixConfiguration(calico.reader, line).catch((error: unknown) => {
    if (surroundings.signal.aborted && line.dryRun === 'none') surroundings.stderr.write(stoppedText(line.name));
    throw error;
  });
  const dry = line.dryRun === 'none' ? '' : ` (${line.dryRun} dry run)`;
  surroundings.stdout.write(`Successfully patched 1 'FelixConfiguration' resource${dry}\n`);
  const { apiGroup } = calico.reader;
  surroundings.stderr.write(
    patchNotes(outcome, { ...line, warnings, apiGroup, programName: programNameOf(surroundings.startedAs) }),
  );
  return FINE;
}

/** During a migration Calico reads one of two groups; a change of the other would be lost without a word. */
function ambiguous({ group }: OpenedCalico): PortolanError {
  const message = `hit error: Cannot tell which FelixConfiguration Calico reads: ${group.why}, wanted CALICO_API_GROUP as calico-node has it`;
  return new PortolanError('PTL_CALICO_OBJECT', message, {
    hint: 'set CALICO_API_GROUP to crd.projectcalico.org/v1 or projectcalico.org/v3; nothing was changed',
  });
}

/** A request that is on its way cannot be taken back. */
function stoppedText(name: string): string {
  return `stopped; whether the change was stored is not known: portolan get felixconfiguration ${name} -o yaml\n`;
}
