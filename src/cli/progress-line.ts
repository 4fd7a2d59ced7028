// One line on stderr that moves while something takes time: only on a terminal, gone when the result comes.
import type { Progress } from './measures.ts';
import type { CommandInput } from './command-spec.ts';

const CLEAR_LINE = '\r\u001b[2K';

/** Runs a task with a progress callback and takes the line away when it ends, however it ends. */
export async function withProgress<Result>(
  input: CommandInput,
  task: (progress: Progress) => Promise<Result>,
): Promise<Result> {
  const { stderr, variables } = input.surroundings;
  const moves = stderr.isTerminal && variables['TERM'] !== 'dumb' && !input.isVerbose;
  try {
    return await task(progressOf(input, moves));
  } finally {
    if (moves) stderr.write(CLEAR_LINE);
  }
}

function progressOf({ surroundings: { stderr }, isVerbose }: CommandInput, moves: boolean): Progress {
  let last = '';
  return (step, share) => {
    const percent = Math.round(Math.min(1, Math.max(0, share)) * 100);
    if (moves)
      stderr.write(`${CLEAR_LINE}${step} ${percent} %`.slice(0, CLEAR_LINE.length + (stderr.columns ?? 80) - 1));
    else if (isVerbose && step !== last) stderr.write(`${step}\n`);
    last = step;
  };
}
