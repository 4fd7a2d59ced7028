// The figures that every verdict about a port space carries, with unit and source, and the sentences that explain them.
import { searchWindows } from '../alloc/port-search.ts';
import { lostToSnat } from '../model/counters.ts';
import type { NodeFacts } from '../model/node-facts.ts';
import { formatRange } from '../model/port-range.ts';
import { TCP } from '../model/protocol.ts';
import type { SpaceContext } from './check-context.ts';
import type { EffectiveRange, SpaceLosses } from './diagnosis.ts';
import type { Quantity } from './finding.ts';

const DUMP = 'conntrack dump';
const PORT_MAP = 'computed from the port map';
const LOST_OF_TRIED = 'insert_failed over insert_failed and NEW events';
const EVENTS = 'conntrack NEW events';

/** Ports used, live and evictable of how many, and the drop probability. */
export function occupancyNumbers({ pressure, use, churn, forecast, losses }: SpaceContext): Record<string, Quantity> {
  return {
    usedPorts: { value: use.used, unit: 'ports', source: DUMP },
    livePorts: { value: pressure.livePorts, unit: 'ports', source: DUMP },
    capacityPorts: { value: pressure.capacity, unit: 'ports', source: 'range of the rule' },
    dropProbability: { value: pressure.drop, unit: 'probability', source: PORT_MAP },
    ...optional('measuredLoss', { value: losses?.measuredLoss, unit: 'probability', source: LOST_OF_TRIED }),
    ...optional('lostPerSecond', {
      value: losses?.lostPerSecond,
      unit: '1/s',
      source: 'insert_failed less chaintoolong',
    }),
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
export function howMeasured(context: SpaceContext): string[] {
  const { facts, effective, use, pressure } = context;
  return [
    `${use.used} of the ${pressure.capacity} ports ${formatRange(effective.range)} (${ruleName(effective)}) are held by conntrack entries of this port space.`,
    facts.behaviour.search === 'full-scan'
      ? 'This kernel scans the whole range, so a flow is lost only when every port is taken.'
      : `The drop probability is exact for these ports: of all 65,536 start points, the share from which all candidates are taken, multiplied over the windows of ${windowText(pressure.capacity)} candidates.`,
    evictionText(context),
    ...(keepsPorts(effective)
      ? ["The rule keeps a pod's own source port while that is free, so fewer flows need a search than this counts."]
      : []),
  ];
}

function ruleName({ rule, owner }: EffectiveRange): string {
  return rule === undefined ? 'no rule' : `the ${owner} rule in ${rule.table} ${rule.path.at(-1) ?? ''}`.trim();
}

function windowText(capacity: number): string {
  return searchWindows(capacity).join(', ');
}

function evictionText({ pressure, space }: SpaceContext): string {
  if (space.protocol !== TCP) return 'Only TCP entries are ever taken over.';
  if (pressure.evicts === 'yes')
    return 'This kernel takes closing entries over; one refuses half of the time, and only the last 32 candidates of a window are asked.';
  return pressure.evicts === 'no'
    ? 'This kernel takes no closing entry over.'
    : 'Whether this kernel takes closing entries over is not known.';
}

function keepsPorts({ rule }: EffectiveRange): boolean {
  return (rule?.action.kind === 'masquerade' || rule?.action.kind === 'snat') && rule.action.random === 'none';
}

/** What the counters say about losses in the window; they raise the verdict only where they can only be this space's. */
export function lossEvidence({ facts, losses }: SpaceContext): string[] {
  return [...countedLosses(facts), ...(losses === undefined ? [] : [whoseLosses(losses)])];
}

function whoseLosses({ measuredLoss }: SpaceLosses): string {
  const whose = 'No other port space is full enough to have lost them';
  return measuredLoss === undefined
    ? `${whose}; what share of the attempts that is, is not known without all NEW events.`
    : `${whose}: ${round(measuredLoss * 100)} % of the attempts (NEW events are only made for flows that got through). Ports taken and freed during the window make this differ from the probability at its end; the worse of the two decides.`;
}

function countedLosses(facts: NodeFacts): string[] {
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
