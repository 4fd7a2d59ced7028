// Runs all experiments in the calling thread's empty namespace. An experiment that cannot run leaves its answer unknown.
import { readFileSync } from 'node:fs';
import { type KernelBehaviour, unknownBehaviour } from '../../core/model/kernel-behaviour.ts';
import { EXPERIMENTS, type Outcome, probeBias, probeDumpFilter, probeEviction, probeSearch } from './experiments.ts';
import { prepareNamespace } from './prepare-namespace.ts';

/** `release` is for display only. Errors: PTL_NETLINK or PTL_LIBC when the bench itself cannot be made. */
export function probeNamespace(release: string): KernelBehaviour {
  prepareNamespace(EXPERIMENTS);
  const experiments = [
    ['eviction', probeEviction],
    ['search', probeSearch],
    ['bias', probeBias],
    ['filter', probeDumpFilter],
    ['events', probeEvents],
  ] as const;
  const outcomes = experiments.map(([name, experiment]) => attempt(name, experiment));
  return {
    ...outcomes.reduce((behaviour, { found }) => ({ ...behaviour, ...found }), unknownBehaviour(release)),
    evidence: outcomes.map(({ evidence }) => evidence),
  };
}

function attempt(name: string, experiment: () => Outcome): Outcome {
  try {
    return experiment();
  } catch (error) {
    return { found: {}, evidence: `${name}: not tried, ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** The value a new namespace starts with; the node's own may have been set since. */
function probeEvents(): Outcome {
  const text = readFileSync('/proc/sys/net/netfilter/nf_conntrack_events', 'utf8').trim();
  const mode = text === '0' ? 0 : text === '1' ? 1 : text === '2' ? 2 : 'unknown';
  return { found: { eventMode: mode }, evidence: `events: nf_conntrack_events is ${text} in a new namespace` };
}
