// Which traffic a range is asked for, and whether a rule can take it: a rule that tests for another source or remote cannot.
import { parseAddress } from '../model/address.ts';
import type { NatRule } from '../model/nat-rule.ts';
import { rangeContains } from '../model/port-range.ts';
import { matchNetwork } from './match-network.ts';

/** One address that opened SNATed flows. */
export interface TrafficSource {
  /** 16 bytes (address.ts). */
  readonly address: Uint8Array;
  readonly flows: number;
}

/** What is known of the flows whose range is asked for. */
export interface EgressTraffic {
  /** Empty when no SNATed flow was seen: then any source is possible. */
  readonly sources: readonly TrafficSource[];
  /** The other end of a port space as a postrouting rule sees it, after DNAT; undefined for the node as a whole. */
  readonly remote?: { readonly address: Uint8Array; readonly port: number };
  /** The address the flows leave with, 16 bytes. */
  readonly snatAddress?: Uint8Array;
  /** Share of the SNATed flows that were also redirected (IPS_DST_NAT), 0..1: Service traffic. */
  readonly redirectedShare?: number;
}

export const ANY_TRAFFIC: EgressTraffic = { sources: [] };

/** Whether a rule takes flows of this source; a test that cannot be evaluated (a named set) is possible. */
export function takesSource({ match }: NatRule, { address }: TrafficSource): boolean {
  return match.source === undefined || matchNetwork(address, match.source) !== false;
}

/** Share of the flows whose source the rule may take, 0..1; 1 when no flow was seen. */
export function sourceCoverage(rule: NatRule, { sources }: EgressTraffic): number {
  let [taken, all] = [0, 0];
  for (const source of sources) {
    all += source.flows;
    if (takesSource(rule, source)) taken += source.flows;
  }
  return all === 0 ? 1 : taken / all;
}

/** Whether a rule can take any of this traffic. */
export function canTake(rule: NatRule, traffic: EgressTraffic): boolean {
  return sourceCoverage(rule, traffic) > 0 && reachesRemote(rule, traffic) && givesAddress(rule, traffic);
}

function reachesRemote({ match }: NatRule, { remote }: EgressTraffic): boolean {
  if (remote === undefined) return true;
  if (match.destination !== undefined && matchNetwork(remote.address, match.destination) === false) return false;
  return match.destinationPort === undefined || rangeContains(match.destinationPort, remote.port);
}

/** A rule that names the addresses it gives cannot have given another; address ranges are not taken apart. */
function givesAddress({ action }: NatRule, { snatAddress }: EgressTraffic): boolean {
  if (snatAddress === undefined || action.kind !== 'snat' || action.addresses.length === 0) return true;
  const given = action.addresses.map(parseAddress);
  return given.some((address) => address === undefined || address.every((byte, at) => byte === snatAddress[at]));
}
