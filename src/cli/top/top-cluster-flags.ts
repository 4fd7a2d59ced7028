// The flags of `portolan top` that mean a cluster.
import { camelCased, CLUSTER_CHOICE_FLAGS, CLUSTER_REACH_FLAGS } from '../cluster/cluster-flags.ts';
import type { FlagSpec } from '../command-spec.ts';

const REACH: ReadonlySet<string> = new Set(['concurrency', 'timeout', 'max-nodes', 'agent-namespace']);
export const TOP_CLUSTER_FLAGS: readonly FlagSpec[] = [
  ...CLUSTER_CHOICE_FLAGS,
  ...CLUSTER_REACH_FLAGS.filter(({ name }) => REACH.has(name)),
];

/** Camel-cased. */
export const TOP_CLUSTER_FLAG_NAMES: readonly string[] = TOP_CLUSTER_FLAGS.map(({ name }) => camelCased(name));
