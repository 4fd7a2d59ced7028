// The command worth typing after a diagnosis of files: about the same files, never about the machine that read them.
import { nextStepWithoutTrial } from '../core/analysis/next-step.ts';
import { bySeverity } from '../core/analysis/severity.ts';
import { shellWord } from '../core/advice/shell-word.ts';
import type { SelectedDiagnosis } from '../present/left-out.ts';

export interface ReadFiles {
  /** As they were typed. */
  readonly files: readonly string[];
  readonly node?: string | undefined;
}

/** What closes the gap where the answer is unknown: the same with the files that would; else the next step, about these files. */
export function nextFromFiles({ findings, portSpaces, gaps }: SelectedDiagnosis, read: ReadFiles): string {
  const all = [...findings, ...portSpaces.flatMap((space) => space.findings)].toSorted(bySeverity);
  const [worst] = all;
  if (worst?.severity !== 'unknown' || worst.remedy === undefined)
    return aboutFiles(nextStepWithoutTrial(all, gaps), read);
  const files = [...worst.remedy.matchAll(SAVED_FILE)].map(([, file = '']) => file);
  return files.length === 0
    ? aboutFiles(worst.remedy, read)
    : aboutFiles('portolan diagnose', { ...read, files: [...read.files, ...files] });
}

/** `sudo ss -tulnp > sockets.txt`. */
const SAVED_FILE = / > ([\w.]+)/g;

/** `portolan plan` -> `portolan plan b.tgz --node worker-3`; what cannot be typed here says where it can. */
export function aboutFiles(command: string, { files, node }: ReadFiles): string {
  const [, verb, flags = ''] = /^portolan (diagnose|plan)((?: --?\S+)*)$/.exec(command) ?? [];
  if (verb === undefined) return command.includes('on the node') ? command : `${command}, on the node`;
  const ofNode = node === undefined ? '' : ` --node ${shellWord(node)}`;
  return `portolan ${verb} ${[...new Set(files)].map(shellWord).join(' ')}${ofNode}${flags}`;
}
