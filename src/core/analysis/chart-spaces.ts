// Measures the port spaces worth it: range, ports, pressure, churn, forecast and sources of each.
import { sustainableFlows } from '../alloc/capacity/sustainable-flows.ts';
import type { NodeFacts } from '../model/node-facts.ts';
import { type PortRange, formatRange, rangeSize } from '../model/port-range.ts';
import type { PortSpace } from '../model/port-space.ts';
import { ArrivalIndex } from './arrival-index.ts';
import { attributeHolders } from './attribute-holders.ts';
import { attribute } from './attribute.ts';
import type { SpaceContext } from './check-context.ts';
import { measureChurn } from './churn.ts';
import { SourceCounter } from './source-counter.ts';
import type { ProtocolRange } from './claims-in-range.ts';
import type { EffectiveRange } from './diagnosis.ts';
import { effectiveRange, egressRules } from './effective-range.ts';
import { ACCEPTABLE_DROP, forecast } from './forecast.ts';
import { groupRows } from './group-rows.ts';
import { wereRulesRead } from './rules-read.ts';
import { PodAddresses } from './pod-addresses.ts';
import { chartPortUse } from './port-use.ts';
import { type Pressure, measurePressure } from './pressure.ts';
import { selectSpaces } from './select-spaces.ts';
import { portWitness, spaceTraffic } from './space-traffic.ts';
import { CHART_SHARE } from './thresholds.ts';

/** The charted port spaces of a node, fullest first; `ranges` only decides which spaces are worth it. */
export function chartSpaces(facts: NodeFacts, ranges: readonly ProtocolRange[]): readonly SpaceContext[] {
  const { flows } = facts;
  const rows = selectSpaces(flows, (protocol) => CHART_SHARE * narrowest(facts, { ranges, protocol }));
  const groups = groupRows(flows, rows);
  const tools: Tools = {
    fits: memoizedFits(facts),
    counter: new SourceCounter(flows),
    arrivals: facts.arrivals === undefined ? undefined : new ArrivalIndex(facts.arrivals),
    addresses: facts.pods === undefined ? undefined : new PodAddresses(facts, facts.pods),
  };
  return rows.map((row, index) =>
    chart(facts, { ...tools, space: flows.portSpace(row), rows: groups[index] ?? new Uint32Array(0) }),
  );
}

/** How many ports the protocol's range has; the kernel's default when no rule names one. */
export function capacityOf(ranges: readonly ProtocolRange[], protocol: number): number {
  const known = ranges.find((range) => range.protocol === protocol);
  return known === undefined ? 64_512 : rangeSize(known.effective.range);
}

/** The smallest range any egress rule of the protocol sets: a space under it fills first. */
function narrowest(
  { natRules }: NodeFacts,
  { ranges, protocol }: { readonly ranges: readonly ProtocolRange[]; readonly protocol: number },
): number {
  const rules = ([4, 6] as const).flatMap((family) => egressRules(natRules.sourceNat, protocol, family));
  const sizes = rules.flatMap(({ action }) => (action.range === undefined ? [] : [rangeSize(action.range)]));
  return Math.min(capacityOf(ranges, protocol), ...sizes);
}

type Fits = (range: PortRange, pressure: Pressure) => number;

/** What is made once for all port spaces. */
interface Tools {
  readonly fits: Fits;
  readonly counter: SourceCounter;
  readonly arrivals: ArrivalIndex | undefined;
  /** Undefined: pods are not known. */
  readonly addresses: PodAddresses | undefined;
}

interface Subject extends Tools {
  readonly space: PortSpace;
  readonly rows: Uint32Array;
}

function chart(facts: NodeFacts, subject: Subject): SpaceContext {
  const { space, rows, fits, arrivals, addresses } = subject;
  const effective = rangeOf(facts, subject);
  const use = chartPortUse(facts.flows, { row: space.index, rows, range: effective.range });
  const pressure = measurePressure(use, space.protocol, facts.behaviour);
  const churn = measureChurn(facts.flows, { space, use, pressure, arrivals, settings: facts.settings });
  return {
    facts,
    space,
    effective,
    use,
    pressure,
    churn,
    forecast: forecast({ pressure, churn, fits: fits(effective.range, pressure) }),
    sources: attribute(facts.flows, { holders: use.holders, counter: subject.counter, addresses }),
    ...(addresses === undefined ? {} : { holders: attributeHolders(facts, { holders: use.holders, addresses }) }),
  };
}

function rangeOf(facts: NodeFacts, { space, rows, arrivals }: Subject): EffectiveRange {
  const arrival = arrivals?.of(space);
  const newest = arrival === undefined ? {} : { newest: { first: arrival.lowestPort, last: arrival.highestPort } };
  const family = space.snatAddress.includes(':') ? 6 : 4;
  return effectiveRange(facts.natRules.sourceNat, {
    protocol: space.protocol,
    family,
    witness: { ...portWitness(facts.flows, rows), ...newest },
    traffic: spaceTraffic(facts.flows, { space, rows }),
    rulesRead: wereRulesRead(facts),
  });
}

/** One look-up per range and behaviour; a full scan's loss formula is the dear one. */
function memoizedFits(facts: NodeFacts): Fits {
  const known = new Map<string, number>();
  return (range, pressure) => {
    const evictsClosing = pressure.evicts === 'yes' ? 'yes' : 'no';
    const key = `${formatRange(range)} ${evictsClosing}`;
    const fits =
      known.get(key) ?? sustainableFlows(range, { evictsClosing, search: facts.behaviour.search }, ACCEPTABLE_DROP);
    known.set(key, fits);
    return fits;
  };
}
