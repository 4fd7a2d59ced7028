// Facts of one node in, a verdict per port space and for the node out. Pure: same facts, same diagnosis.
import type { NodeFacts } from '../model/node-facts.ts';
import { PortSet } from '../model/port-set.ts';
import { protocolName } from '../model/protocol.ts';
import { attributeLosses } from './attribute-losses.ts';
import { chartSpaces } from './chart-spaces.ts';
import type { NodeContext } from './check-context.ts';
import { type ProtocolRange, allClaims, claimsInRange, withIntercepted } from './claims-in-range.ts';
import { testClaimedPorts } from './checks/conflict-intercepted.ts';
import { type Attribution, DIAGNOSIS_SCHEMA, type Diagnosis, type PortSpaceVerdict } from './diagnosis.ts';
import { judgeNode } from './judge.ts';
import { summarizeLosses } from './losses.ts';
import { nextStep } from './next-step.ts';
import { nodeRanges } from './node-ranges.ts';
import { countQuiet } from './quiet-spaces.ts';
import { bySeverity, worstOf } from './severity.ts';
import { surveyFlows } from './survey-flows.ts';
import { orderVerdicts, verdictOf } from './verdict.ts';

/**
 * Diagnoses one node.
 *
 * @param facts Everything read from the node; what could not be read is in its gaps and weakens the findings.
 * @returns Verdicts and findings worst first. Never throws on missing facts: without flows the verdict is `cannot-tell`.
 */
export function diagnose(facts: NodeFacts): Diagnosis {
  const survey = surveyFlows(facts.flows, claimedPorts(facts));
  const ranges = nodeRanges(facts, survey);
  const spaces = attributeLosses(chartSpaces(facts, ranges));
  const rows = orderVerdicts(spaces.map(verdictOf));
  const losses = summarizeLosses({ facts, spaces });
  const context: NodeContext = { facts, ranges, spaces, survey, losses, claims: claimsInRange(facts, ranges) };
  const spaceFindings = rows.flatMap((row) => row.findings);
  const findings = judgeNode(context, spaceFindings);
  const all = [...findings, ...spaceFindings].toSorted(bySeverity);
  return {
    schema: DIAGNOSIS_SCHEMA,
    node: facts.node,
    addresses: facts.addresses,
    at: facts.at,
    behaviour: facts.behaviour,
    ranges: ranges.map((range) => ({ protocol: nameOf(range, ranges), effective: range.effective })),
    severity: worstOf(all.map(({ severity }) => severity)),
    portSpaces: rows,
    quiet: countQuiet(context),
    findings,
    claims: withIntercepted(
      context.claims,
      testClaimedPorts(survey).map(({ port }) => port),
    ),
    rules: facts.natRules.sourceNat,
    ...(losses === undefined ? {} : { losses }),
    ...(facts.counters === undefined ? {} : { counters: facts.counters }),
    ...(facts.table === undefined ? {} : { table: facts.table }),
    totals: totalsOf(facts),
    ...attributionOf(rows),
    ...(facts.readBy === undefined ? {} : { readBy: facts.readBy }),
    gaps: facts.gaps,
    next: nextStep(all, facts.gaps),
  };
}

/** Ports of services and sockets whose traffic the survey watches; tunnels and untracked ports are judged from the rules alone. */
function claimedPorts(facts: NodeFacts): ReadonlyMap<number, PortSet> {
  const claimed = new Map<number, PortSet>();
  for (const { kind, protocol, ports } of allClaims(facts)) {
    if (kind === 'tunnel' || kind === 'untracked') continue;
    const set = claimed.get(protocol) ?? new PortSet();
    for (let port = ports.first; port <= ports.last; port += 1) set.add(port);
    claimed.set(protocol, set);
  }
  return claimed;
}

/** The protocol's name; an IPv6 range beside another one of IPv4 says so. */
function nameOf({ protocol, family }: ProtocolRange, ranges: readonly ProtocolRange[]): string {
  const name = protocolName(protocol);
  const isSecond = family === 6 && ranges.some((range) => range.protocol === protocol && range.family === 4);
  return isSecond ? `${name} (IPv6)` : name;
}

function attributionOf(rows: readonly PortSpaceVerdict[]): Pick<Diagnosis, 'attribution'> {
  const known = rows.flatMap(({ attribution }) => attribution ?? []);
  if (known.length === 0) return {};
  const sum = (part: keyof Attribution): number => known.reduce((total, each) => total + each[part], 0);
  return { attribution: { openedPorts: sum('openedPorts'), attributedPorts: sum('attributedPorts') } };
}

function totalsOf({ flows, arrivals }: NodeFacts): Diagnosis['totals'] {
  const totals = { flows: flows.flowCount, portSpaces: flows.portSpaceCount };
  if (arrivals === undefined) return totals;
  const { total, ended, seconds } = arrivals;
  const perSecond = (events: number): number => events / Math.max(seconds, 0.001);
  const counted = { ...totals, newPerSecond: perSecond(total) };
  return ended === undefined ? counted : { ...counted, endedPerSecond: perSecond(ended) };
}
