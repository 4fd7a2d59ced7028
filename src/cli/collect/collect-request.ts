// Reads the flags of `portolan collect`; everything that is wrong with them is said at once.
import { chooseTarget } from '../cluster/choose-target.ts';
import { CLUSTER_FLAG_NAMES, readClusterChoice, readClusterReach } from '../cluster/cluster-flags.ts';
import type { ClusterChoice, ClusterReach } from '../cluster/cluster-choice.ts';
import type { CommandInput } from '../command-spec.ts';
import { dashed } from '../flags/dashed.ts';
import type { FlagReader } from '../flags/flag-reader.ts';

const WINDOW_SECONDS = 2;
export const STDOUT = '-';

export interface CollectRequest {
  readonly isCluster: boolean;
  readonly choice: ClusterChoice;
  readonly reach: ClusterReach;
  /** Undefined: named after what is in it and the time. */
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
    isCluster: meansCluster(flags, surroundings),
    choice: readClusterChoice(flags),
    reach: readClusterReach(flags),
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

function meansCluster(flags: FlagReader, { variables, platform }: CommandInput['surroundings']): boolean {
  const given = (names: readonly string[]): string[] => names.filter((name) => flags.isGiven(name)).map(dashed);
  const { target, problems } = chooseTarget({
    hasFiles: false,
    nodeFlags: given(['netns', 'local']),
    clusterFlags: given(CLUSTER_FLAG_NAMES),
    variables,
    platform,
  });
  for (const problem of problems) flags.problem(problem);
  return target === 'cluster';
}
