// Kernels that give a closed connection's port to a new one: what that makes of a capacity, and what it costs where the remote closed first.
import { poolSize } from '../alloc/capacity/port-pool.ts';
import { formatInteger } from '../model/number-text.ts';
import { TCP } from '../model/protocol.ts';
import { HARDLY_OPEN, hottestFlows } from './effect.ts';
import { flowNoun, formatFlows } from './load-text.ts';
import type { Situation } from './situation.ts';

/** Below this use of the ports a search finds a free one before it may take one over. */
const FULL_SHARE = 0.9;

/** `29,834 connections at once`; where closed ones give their ports away, the open ones are what counts. */
export function formatBearing(situation: Situation, flows: number): string {
  const { load } = situation;
  if (!takesOver(situation)) return `${formatFlows(load, flows)} at once`;
  if (load.liveShare < HARDLY_OPEN) return `any number of short ${flowNoun(load)}s`;
  return `${formatInteger(flows * load.liveShare)} open ${flowNoun(load)}s at once`;
}

/**
 * What no counter of the node shows: ports that are full of closed connections come back before a remote that closed first
 * takes them again (TCP_TIMEWAIT_LEN, 60 s). Empty where that does not happen.
 */
export function earlyReuse(situation: Situation, loadFactor: number): readonly string[] {
  const { load, ports } = situation;
  const size = poolSize({ parts: ports.ranges.map((range) => ({ range, share: 1 })) }) * ports.snatAddresses;
  const isFull = hottestFlows(situation) * loadFactor > size * FULL_SHARE;
  if (!takesOver(situation) || !isFull || load.remoteClosesFirst === 0) return [];
  const who =
    load.remoteClosesFirst === undefined ? 'if the remote closes first, it' : 'the remote, which closes first,';
  return [
    `New connections take the ports of closed ones over, and ${who} refuses such a port for 60 s: they come late, and no counter of the node shows it. A wider range makes that rarer.`,
  ];
}

function takesOver({ load, ports }: Situation): boolean {
  const mayTake = load.protocol === TCP && ports.behaviour.evictsClosing === 'yes';
  return mayTake && load.liveShare < 1 && load.pattern !== 'accumulating';
}
