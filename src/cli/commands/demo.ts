// portolan demo: the story from exhaustion to repair on a lab node.
import type { CommandInput } from '../command-spec.ts';
import { withProgress } from '../progress-line.ts';

/** @returns what the demo says. */
export async function runDemoCommand(input: CommandInput): Promise<number> {
  const { surroundings, flags, style } = input;
  flags.finish();
  const write = (text: string): void => surroundings.stdout.write(text);
  return withProgress(input, (progress) =>
    surroundings.measures.runDemo({ style, write, progress, signal: surroundings.signal }),
  );
}
