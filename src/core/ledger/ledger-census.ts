// One pass over the ledger: how many flows are in which state, who opened them, which port spaces are the fullest.
import { INBOUND, SRC_NAT } from '../model/flow-status.ts';
import { newPortSpaceKey } from '../model/port-space-table.ts';
import { TCP, protocolName } from '../model/protocol.ts';
import { tcpStateName } from '../model/tcp-state.ts';
import type { FlowLedger } from './flow-ledger.ts';
import { largestRows } from './largest-rows.ts';
import { FREE } from './ledger-columns.ts';
import { addressOf } from './ledger-table.ts';

/** Flows of one kind. */
export interface StateCount {
  /** `tcp`, `udp`, ... */
  readonly protocol: string;
  /** TCP state in small letters; `open` for other protocols. */
  readonly state: string;
  readonly flows: number;
}

export interface SourceFlows {
  readonly address: string;
  /** SNATed flows it opened. */
  readonly flows: number;
}

export interface LedgerCensus {
  /** SNATed flows by protocol and state. */
  readonly states: readonly StateCount[];
  /** SNATed, of the node itself, and opened by remotes. */
  readonly snat: number;
  readonly host: number;
  readonly inbound: number;
  /** Port spaces with a flow. */
  readonly portSpaces: number;
  /** Most flows first. */
  readonly sources: readonly SourceFlows[];
  /** Flows of sources that are not listed, and how many such sources there are. */
  readonly otherSources: { readonly sources: number; readonly flows: number };
}

/** States of TCP number 0 to 9. */
const STATES = 16;

/** Counts all flows; `mostSources` bounds the list, 0 for none. */
export function takeCensus(ledger: FlowLedger, mostSources: number): LedgerCensus {
  const { columns, top } = ledger;
  const byState = new Map<number, Uint32Array>();
  const bySource = new Uint32Array(mostSources === 0 ? 0 : ledger.addresses.count);
  const kinds = { snat: 0, host: 0, inbound: 0 };
  const protocols = protocolsOf(ledger);
  for (let row = 0; row < top; row += 1) {
    const space = columns.portSpace[row] ?? FREE;
    if (space === FREE) continue;
    const status = columns.status[row] ?? 0;
    if ((status & INBOUND) !== 0) kinds.inbound += 1;
    else if ((status & SRC_NAT) === 0) kinds.host += 1;
    else {
      kinds.snat += 1;
      const source = columns.source[row] ?? 0;
      if (source < bySource.length) bySource[source] = (bySource[source] ?? 0) + 1;
      const states = statesOf(byState, protocols[space] ?? 0);
      const state = (columns.tcpState[row] ?? 0) & (STATES - 1);
      states[state] = (states[state] ?? 0) + 1;
    }
  }
  return {
    ...kinds,
    states: [...byState].flatMap(([protocol, counts]) => namedStates(protocol, counts)),
    portSpaces: usedSpaces(ledger),
    ...topSources(ledger, bySource, mostSources),
  };
}

/** Rows of the port spaces with the most flows, most first. */
export function fullestSpaces({ spaces }: FlowLedger, most: number): readonly number[] {
  return largestRows(spaces.count, { most, countOf: (space) => spaces.flowsOf(space) });
}

function statesOf(byState: Map<number, Uint32Array>, protocol: number): Uint32Array {
  const known = byState.get(protocol) ?? new Uint32Array(STATES);
  byState.set(protocol, known);
  return known;
}

function namedStates(protocol: number, counts: Uint32Array): StateCount[] {
  const name = protocolName(protocol);
  if (protocol !== TCP)
    return [{ protocol: name, state: 'open', flows: counts.reduce((sum, count) => sum + count, 0) }];
  return [...counts].flatMap((flows, state) =>
    flows === 0 ? [] : [{ protocol: name, state: tcpStateName(state).toLowerCase(), flows }],
  );
}

function protocolsOf(ledger: FlowLedger): Uint8Array {
  const key = newPortSpaceKey();
  return Uint8Array.from({ length: ledger.spaces.count }, (_, space) => {
    ledger.keyOf(space, key);
    return key.protocol;
  });
}

function usedSpaces({ spaces }: FlowLedger): number {
  let used = 0;
  for (let space = 0; space < spaces.count; space += 1) if (spaces.flowsOf(space) > 0) used += 1;
  return used;
}

function topSources(
  ledger: FlowLedger,
  bySource: Uint32Array,
  most: number,
): Pick<LedgerCensus, 'sources' | 'otherSources'> {
  const rows = largestRows(bySource.length, { most, countOf: (row) => bySource[row] ?? 0 });
  const sources = rows.map((row) => ({ address: addressOf(ledger, row), flows: bySource[row] ?? 0 }));
  let [all, flows] = [0, 0];
  for (const count of bySource) {
    if (count > 0) all += 1;
    flows += count;
  }
  const listed = sources.reduce((sum, source) => sum + source.flows, 0);
  return { sources, otherSources: { sources: all - sources.length, flows: flows - listed } };
}
