// Whose flows hold the ports of one port space: shares by source address.
import { INBOUND } from '../model/flow-status.ts';
import type { FlowTable } from '../model/flow-table.ts';
import { podName } from '../model/pod.ts';
import type { AddressOwner, PodAddresses } from './pod-addresses.ts';
import type { SourceCounter } from './source-counter.ts';
import type { SourceShare } from './diagnosis.ts';

/** More sources than this are not worth a line; their shares are the rest to 1. */
const MOST_SOURCES = 16;

interface Attributed {
  readonly holders: Uint32Array;
  readonly counter: SourceCounter;
  /** Undefined: pods are not known. */
  readonly addresses: PodAddresses | undefined;
}

/** The sources of the rows that hold a used port, largest first; flows that the remote opened are not a source's. */
export function attribute(flows: FlowTable, { holders, counter, addresses }: Attributed): readonly SourceShare[] {
  const { status } = flows.flows;
  return counter
    .count(holders, (row) => ((status[row] ?? 0) & INBOUND) !== 0)
    .map(({ address, flows: ports }) => ({
      address: flows.address(address),
      ...podOf(addresses?.of(address)),
      ports,
      share: ports / holders.length,
    }))
    .toSorted((left, right) => right.ports - left.ports || compareText(left.address, right.address))
    .slice(0, MOST_SOURCES);
}

function podOf(owner: AddressOwner | undefined): { readonly pod?: string } {
  return owner?.pod === undefined ? {} : { pod: podName(owner.pod) };
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
