// Whose flows hold the ports of one port space, by workload: each address that opened one looked up among the node's pods.
import { INBOUND } from '../model/flow-status.ts';
import type { Holder } from '../model/holder.ts';
import type { NodeFacts } from '../model/node-facts.ts';
import type { Pod } from '../model/pod.ts';
import type { HolderShare } from './diagnosis.ts';
import type { AddressOwner, PodAddresses } from './pod-addresses.ts';
import { silentSeconds } from './silent-seconds.ts';

/** More holders than this are not worth a line; their shares are the rest to 1. */
const MOST_HOLDERS = 32;

/** A start as the kubelet writes it is whole seconds, and the clocks of two machines differ a little. */
const CLOCK_SECONDS = 5;

export interface HolderShares {
  /** Largest first. */
  readonly shares: readonly HolderShare[];
  /** Used ports whose flow a pod or the node itself opened. */
  readonly attributedPorts: number;
  /** Used ports whose flow was opened from this side at all. */
  readonly openedPorts: number;
}

interface Tally {
  readonly holder: Holder;
  ports: number;
  readonly pods: Set<Pod>;
}

/** The holders of the rows that hold a used port; flows that the remote opened are nobody's here. */
export function attributeHolders(
  facts: NodeFacts,
  { holders, addresses }: { readonly holders: Uint32Array; readonly addresses: PodAddresses },
): HolderShares {
  const tallies = new Map<string, Tally>();
  const { source, status } = facts.flows.flows;
  let openedPorts = 0;
  for (const row of holders) {
    if (((status[row] ?? 0) & INBOUND) !== 0) continue;
    openedPorts += 1;
    const owner = addresses.of(source[row] ?? 0);
    count(tallies, isPredecessors(facts, { row, owner }) ? addresses.gone : owner);
  }
  const all = [...tallies.values()];
  return {
    shares: sharesOf(all, holders.length),
    attributedPorts: all.filter(({ holder }) => isNamed(holder)).reduce((sum, { ports }) => sum + ports, 0),
    openedPorts,
  };
}

/** An address is given out again: a flow that fell silent before its pod began is that of another one. */
function isPredecessors(
  facts: NodeFacts,
  { row, owner: { podSeconds } }: { readonly row: number; readonly owner: AddressOwner },
): boolean {
  if (podSeconds === undefined) return false;
  return silentSeconds(facts.flows, { row, settings: facts.settings }) > podSeconds + CLOCK_SECONDS;
}

function count(tallies: Map<string, Tally>, { key, holder, pod }: AddressOwner): void {
  const tally = tallies.get(key) ?? { holder, ports: 0, pods: new Set() };
  tally.ports += 1;
  if (pod !== undefined) tally.pods.add(pod);
  tallies.set(key, tally);
}

function isNamed({ kind }: Holder): boolean {
  return kind === 'workload' || kind === 'host';
}

function sharesOf(tallies: readonly Tally[], ports: number): readonly HolderShare[] {
  return tallies
    .map((tally) => ({ holder: tally.holder, pods: tally.pods.size, ports: tally.ports, share: tally.ports / ports }))
    .toSorted((left, right) => right.ports - left.ports || compareText(nameOf(left.holder), nameOf(right.holder)))
    .slice(0, MOST_HOLDERS);
}

function nameOf(holder: Holder): string {
  return holder.kind === 'workload' ? `${holder.workload.namespace}/${holder.workload.name}` : `~${holder.kind}`;
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
