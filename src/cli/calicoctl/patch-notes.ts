// What a person must know after a patch: what changed, that Felix restarts where, what the change cannot do, how to undo it.
import type { PatchOutcome, PatchRequest } from '../../act/patch-felix-configuration.ts';
import { rangeAnnotation } from '../../act/patch-felix-configuration.ts';
import { checkWrittenRange } from '../../act/check-written-range.ts';
import type { CalicoApiGroup } from '../../core/model/calico/felix-configuration.ts';
import { objectOf } from '../../core/kube-objects/parse-object.ts';

export interface NoteOptions extends Pick<PatchRequest, 'dryRun'> {
  readonly config: string | undefined;
  readonly context: string | undefined;
  readonly apiGroup: CalicoApiGroup;
  readonly programName: string;
  /** What is known against the range in this cluster, a sentence each. */
  readonly warnings: readonly string[];
}

/** Lines for stderr. */
export function patchNotes(outcome: PatchOutcome, options: NoteOptions): string {
  const { changes } = outcome;
  if (changes.length === 0) return 'note: nothing changed: every field of the patch already was as wanted\n';
  const isDry = options.dryRun !== 'none';
  const lines = [
    ...changes.map(
      ({ path, before, after }) => `${isDry ? 'would change' : 'changed'} ${path}: ${shown(before)} -> ${shown(after)}`,
    ),
    ...shadowLines(outcome),
    ...options.warnings.map((warning) => `warning: ${warning}`),
    `note: ${restartText(outcome.name, isDry)}`,
    ...(isDry ? ['note: nothing was stored'] : [`undo: ${undoCommand(outcome, options)}`]),
  ];
  return `${lines.join('\n')}\n`;
}

function shown(value: unknown): string {
  return value === undefined ? '(not set)' : JSON.stringify(value);
}

function restartText(name: string, isDry: boolean): string {
  const which =
    name === 'default'
      ? 'Felix on every node'
      : name.startsWith('node.')
        ? `Felix on node ${name.slice('node.'.length)}`
        : 'Felix on every node that its nodeSelector matches';
  const verb = isDry ? 'would restart' : 'restarts';
  return `${which} ${verb} to take this up, at once; connections that are open go on and keep their ports`;
}

/** An annotation of the same object beats its spec, without a check. */
function shadowLines({ changes, object }: PatchOutcome): string[] {
  if (!changes.some(({ path }) => path === 'spec.natPortRange')) return [];
  const value = rangeAnnotation(objectOf(objectOf(object['metadata'])['annotations']));
  if (value === undefined) return [];
  return [
    `warning: the annotation config.projectcalico.org/NATPortRange (${value}) on this object rules instead of spec.natPortRange`,
  ];
}

function undoCommand({ name, undo, formerRange, changes }: PatchOutcome, options: NoteOptions): string {
  const verdict = checkWrittenRange(formerRange);
  const touchesRange = changes.some(({ path }) => path === 'spec.natPortRange');
  const patch = quoted(JSON.stringify(undo));
  // Portolan and calicoctl refuse to write back what Calico cannot use.
  if (touchesRange && verdict.kind === 'rejected')
    return `kubectl patch felixconfigurations.${options.apiGroup.split('/')[0] ?? ''} ${name} --type=merge -p ${patch}`;
  const force = touchesRange && verdict.kind === 'trap' ? ' --force' : '';
  const config = options.config === undefined ? '' : ` --config ${quoted(options.config)}`;
  const context = options.context === undefined ? '' : ` --context ${quoted(options.context)}`;
  return `${options.programName} patch felixconfiguration ${name} --patch ${patch}${force}${config}${context}`;
}

/** For a POSIX shell. */
function quoted(word: string): string {
  return /^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
