// The figures that every verdict about a port space carries, with unit and source, and the sentences that explain them.
import { lostToSnat } from '../model/counters.ts';
import type { NodeFacts } from '../model/node-facts.ts';
import { formatRange } from '../model/port-range.ts';
import { protocolName } from '../model/protocol.ts';
import type { SpaceContext } from './check-context.ts';
import type { Quantity } from './finding.ts';

const DUMP = 'conntrack dump';
const PORT_MAP = 'computed from the port map';
const EVENTS = 'conntrack NEW events';

/** Ports used, live and evictable of how many, and the drop probability. */
export function occupancyNumbers({ pressure, use, churn, forecast }: SpaceContext): Record<string, Quantity> {
  return {
    usedPorts: { value: use.used, unit: 'ports', source: DUMP },
    livePorts: { value: pressure.livePorts, unit: 'ports', source: DUMP },
    capacityPorts: { value: pressure.capacity, unit: 'ports', source: 'range of the rule' },
    dropProbability: { value: pressure.drop, unit: 'probability', source: PORT_MAP },
    ...optional('newPerSecond', { value: churn.newPerSecond, unit: '1/s', source: EVENTS }),
    ...optional('sustainablePerSecond', {
      value: forecast.sustainablePerSecond,
      unit: '1/s',
      source: 'simulated table over the hold time',
    }),
  };
}

/** A number that may not be known: absent rather than zero. */
export function optional(
  name: string,
  quantity: { value: number | undefined; unit: string; source: string },
): Record<string, Quantity> {
  const { value } = quantity;
  return value === undefined ? {} : { [name]: { ...quantity, value } };
}

/** How the drop probability was found. */
export function howMeasured({ facts, effective, use, pressure, space }: SpaceContext): string[] {
  const rule =
    effective.rule === undefined
      ? 'no rule'
      : `the ${effective.owner} rule in ${effective.rule.table} ${effective.rule.path.at(-1) ?? ''}`.trim();
  return [
    `${use.used} of the ${pressure.capacity} ports ${formatRange(effective.range)} (${rule}) are held by conntrack entries of this port space.`,
    `The drop probability is exact for these ports: the share of all 65,536 start points whose search of ${searchName(facts)} meets no free port${evictionName(pressure.evicts, protocolName(space.protocol))}.`,
  ];
}

function searchName(facts: NodeFacts): string {
  if (facts.behaviour.search === 'full-scan') return 'the whole range';
  return '128+64+32+16+8 candidates (a range of up to 128 ports is scanned once)';
}

function evictionName(evicts: 'yes' | 'no' | 'unknown', protocol: string): string {
  if (evicts === 'yes') return ', closing ones counted as refusing a take-over half of the time';
  return evicts === 'no'
    ? `; this kernel takes over no closing ${protocol} entry here`
    : '; whether this kernel takes over closing entries is not known';
}

/** What the counters say about losses in the window: corroboration, never the verdict. */
export function lossEvidence(facts: NodeFacts): string[] {
  const { counters } = facts;
  if (counters === undefined) return ['Counters were not read: no loss can be confirmed.'];
  const lost = lostToSnat(counters);
  if (lost === 0) return [`insert_failed did not move in ${round(counters.seconds)} s.`];
  const probes = Math.round(counters.found / lost);
  return [
    `insert_failed rose by ${lost} in ${round(counters.seconds)} s (${round(lost / counters.seconds)}/s), with ${probes} occupied candidates for each loss; a failed search meets 248 (UDP, or TCP without eviction) or 128 (TCP with eviction).`,
  ];
}

function round(value: number): string {
  return value >= 10 ? String(Math.round(value)) : String(Math.round(value * 10) / 10);
}
