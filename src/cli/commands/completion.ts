// portolan completion: the script a shell sources.
import type { CommandInput } from '../command-spec.ts';
import { completionScript, SHELLS } from '../completion/completion-script.ts';
import { FINE } from '../exit-code.ts';

export async function runCompletion({ surroundings, flags }: CommandInput): Promise<number> {
  const shell = flags.operandChoice('SHELL', SHELLS);
  flags.finish();
  if (shell !== undefined) surroundings.stdout.write(completionScript(shell));
  return FINE;
}
