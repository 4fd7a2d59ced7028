// portolan demo: the story from exhaustion to repair on a lab node.
import type { CommandInput } from '../command-spec.ts';
import { clearProgress, withProgress } from '../progress-line.ts';

/** @returns what the demo says. */
export async function runDemoCommand(input: CommandInput): Promise<number> {
  const { surroundings, flags, style } = input;
  flags.finish();
  await surroundings.isolate();
  const write = (text: string): void => {
    clearProgress(input);
    surroundings.stdout.write(text);
  };
  const { measures, now, signal } = surroundings;
  return withProgress(input, (progress) => measures.runDemo({ style, write, now, progress, signal }));
}
