// Runs one command line from help or parsing to exit code. Operational errors become a message and a hint, bugs one
// short line. Help and completion answer without the parser, which costs more to load than they do.
import { CATALOGUE } from '../core/errors/catalogue.ts';
import { PortolanError } from '../core/errors/portolan-error.ts';
import { exitCodeOfAbort, exitCodeOfError, FAILED, FINE } from './exit-code.ts';
import { helpFor } from './help-request.ts';
import { programNameOf } from './program-name.ts';
import type { Surroundings } from './surroundings.ts';

/** Runs what was typed. @returns the exit code; never rejects. */
export async function runProgram(surroundings: Surroundings): Promise<number> {
  try {
    const code = await answer(surroundings);
    return surroundings.signal.aborted ? exitCodeOfAbort(surroundings.signal.reason) : code;
  } catch (error) {
    if (surroundings.signal.aborted) return exitCodeOfAbort(surroundings.signal.reason);
    return reportError(error, surroundings);
  }
}

async function answer(surroundings: Surroundings): Promise<number> {
  const { arguments: words, startedAs, stdout } = surroundings;
  if (startedAs.startsWith('kubectl_complete-')) return complete(words, surroundings);
  if (words[0] === 'complete') return complete(words.slice(words[1] === '--' ? 2 : 1), surroundings);
  const help = helpFor(words, programNameOf(startedAs));
  if (help === undefined) return (await import('./run-line.ts')).runLine(surroundings);
  stdout.write(help);
  return FINE;
}

async function complete(words: readonly string[], surroundings: Surroundings): Promise<number> {
  const { completeWords } = await import('./completion/complete-words.ts');
  surroundings.stdout.write(await completeWords(words, surroundings.measures));
  return FINE;
}

function reportError(error: unknown, surroundings: Surroundings): number {
  const { stderr } = surroundings;
  const isVerbose = surroundings.arguments.some((word) => word === '-v' || word === '--verbose');
  if (!(error instanceof PortolanError)) {
    stderr.write(bugReport(error, isVerbose, surroundings));
    return FAILED;
  }
  stderr.write(`${error.message}\nhint: ${error.hint ?? CATALOGUE[error.code].help}\n`);
  if (isVerbose) stderr.write(`code: ${error.code}\n${error.stack ?? ''}\n`);
  return exitCodeOfError(error.code);
}

/** What to say about a bug: short enough to paste. */
export function bugReport(
  error: unknown,
  isVerbose: boolean,
  { arguments: words, runtime, platform }: Pick<Surroundings, 'arguments' | 'runtime' | 'platform'>,
): string {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const stack = isVerbose && error instanceof Error ? `${error.stack ?? ''}\n` : '';
  return `portolan has a bug: ${what}\n${stack}hint: report this line with "${words.join(' ')}", ${runtime} on ${platform}${isVerbose ? '' : '; -v shows where it happened'}\n`;
}
