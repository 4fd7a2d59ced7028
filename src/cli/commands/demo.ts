// portolan demo: the story from exhaustion to repair, on a lab node where the kernel allows one, else on a simulated node.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { CommandInput } from '../command-spec.ts';
import type { FlagReader } from '../flags/flag-reader.ts';
import type { DemoOptions } from '../measures.ts';
import { clearProgress, withProgress } from '../progress-line.ts';
import type { Surroundings, TextOutput } from '../surroundings.ts';

/** @returns what the demo says. Errors: PTL_USAGE; with --real what refuses the lab. */
export async function runDemoCommand(input: CommandInput): Promise<number> {
  const { surroundings, flags, style } = input;
  const world = chosenWorld(flags);
  flags.finish();
  const on = (stream: TextOutput) => (text: string) => {
    clearProgress(input);
    stream.write(text);
  };
  const { measures, now, pause, signal, stdout, stderr } = surroundings;
  return withProgress(input, (progress) =>
    measures.runDemo({
      world,
      isolate: () => isolate(surroundings),
      style,
      write: on(stdout),
      warn: on(stderr),
      now,
      pause,
      progress,
      signal,
    }),
  );
}

function chosenWorld(flags: FlagReader): DemoOptions['world'] {
  const [isReal, isSimulated] = [flags.isSet('real'), flags.isSet('simulated')];
  if (isReal && isSimulated) flags.problem('Cannot read --real: --simulated given too, wanted one of them');
  if (isReal) return 'real';
  return isSimulated ? 'simulated' : 'real-or-simulated';
}

/** Elsewhere than on Linux nothing of the kernel's side is even loaded. */
async function isolate({ platform, isolate: startOver }: Surroundings): Promise<void> {
  if (platform !== 'linux')
    throw new PortolanError('PTL_NOT_LINUX', `Cannot build a real node: this is ${platform}, wanted Linux`, {
      hint: 'run it on a Linux machine or in a Linux container',
    });
  await startOver();
}
