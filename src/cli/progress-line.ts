// One line on stderr that moves while something takes time: only on a terminal, gone when the result comes.
import type { Progress } from './watched.ts';
import type { CommandInput } from './command-spec.ts';

const CLEAR_LINE = '\r\u001b[2K';

/** Runs a task with a progress callback and takes the line away when it ends, however it ends. */
export async function withProgress<Result>(
  input: CommandInput,
  task: (progress: Progress) => Promise<Result>,
): Promise<Result> {
  try {
    return await task(progressOf(input, moves(input)));
  } finally {
    clearProgress(input);
  }
}

/** Takes the line away so that something else can be printed; the next step brings it back. */
export function clearProgress(input: CommandInput): void {
  if (moves(input)) input.surroundings.stderr.write(CLEAR_LINE);
}

function moves({ surroundings: { stderr, variables }, isVerbose }: CommandInput): boolean {
  return stderr.isTerminal && variables['TERM'] !== 'dumb' && !isVerbose;
}

function progressOf({ surroundings: { stderr }, isVerbose }: CommandInput, isMoving: boolean): Progress {
  let last = '';
  return (step, share) => {
    const percent = Math.round(Math.min(1, Math.max(0, share)) * 100);
    if (isMoving)
      stderr.write(`${CLEAR_LINE}${step} ${percent} %`.slice(0, CLEAR_LINE.length + (stderr.columns ?? 80) - 1));
    else if (isVerbose && step !== last) stderr.write(`${step}\n`);
    last = step;
  };
}
