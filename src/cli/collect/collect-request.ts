// Reads the flags of `portolan collect`; everything that is wrong with them is said at once.
import type { CommandInput } from '../command-spec.ts';

const WINDOW_SECONDS = 2;
export const STDOUT = '-';

export interface CollectRequest {
  /** Undefined: named after the node and the time. */
  readonly out: string | undefined;
  readonly force: boolean;
  readonly windowSeconds: number;
  readonly netns: string | undefined;
  readonly redact: boolean;
  /** Path of a file with the key. */
  readonly redactKey: string | undefined;
}

/** Errors: PTL_USAGE. */
export function readCollectRequest({ flags, surroundings }: CommandInput): CollectRequest {
  const redactKey = flags.text('redactKey', 'the path of a key file, for example portolan.key');
  const request = {
    out: flags.text('output', 'the path of a file, or - for stdout'),
    force: flags.isSet('force'),
    windowSeconds: flags.seconds('for', WINDOW_SECONDS),
    netns: flags.text('netns', 'the path of a network namespace, for example /run/netns/blue'),
    redact: flags.isSet('redact') || redactKey !== undefined,
    redactKey,
  };
  if (request.out === STDOUT && surroundings.stdout.isTerminal)
    flags.problem('Cannot write --output: - on a terminal, wanted a file, or a pipe behind it');
  flags.finish();
  return request;
}
