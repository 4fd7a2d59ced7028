// The diagnosis as programs read it: a plain object with a schema id of its own, a fixed key order, units in every name
// and null where a value is not known. Changing a key's meaning or removing one makes a new schema id.
import type { Diagnosis, EffectiveRange, HolderShare, PortSpaceVerdict } from '../core/analysis/diagnosis.ts';
import type { Finding } from '../core/analysis/finding.ts';
import { protocolName } from '../core/model/protocol.ts';
import type { SelectedDiagnosis } from './left-out.ts';
import { claimDocument, ruleDocument } from './rule-document.ts';

export const DIAGNOSIS_OUTPUT_SCHEMA = 'portolan.dev/output/diagnosis/v1';

/** The plain object behind -o json and -o yaml. */
export function diagnosisDocument(diagnosis: SelectedDiagnosis) {
  const { node, addresses, at, severity, behaviour, totals } = diagnosis;
  const isBlind = diagnosis.gaps.some((gap) => gap.id === 'nat-rules');
  return {
    schema: DIAGNOSIS_OUTPUT_SCHEMA,
    node,
    addresses,
    at,
    severity,
    kernel: behaviour,
    ranges: diagnosis.ranges.map(({ protocol, effective }) => ({ protocol, ...effectiveDocument(effective, isBlind) })),
    portSpaces: diagnosis.portSpaces.map((space) => portSpaceDocument(space, isBlind)),
    otherPortSpaces: { count: diagnosis.quiet.count, highestShareOfCapacity: diagnosis.quiet.highestShare },
    leftOutChecks: (diagnosis.leftOut ?? []).map(({ check, portSpaces, highestShare, aboutNode }) => ({
      check,
      portSpaces,
      highestShareOfCapacity: highestShare,
      aboutNode,
    })),
    nodeFindings: diagnosis.findings.map(findingDocument),
    claimsInRange: diagnosis.claims.map(({ claim, hurts, truth }) => ({ ...claimDocument(claim), hurts, truth })),
    rules: diagnosis.rules.map(ruleDocument),
    lostPackets: lossDocument(diagnosis.losses),
    counterGrowth: diagnosis.counters ?? null,
    conntrackTable:
      diagnosis.table === undefined ? null : { entries: diagnosis.table.count, maxEntries: diagnosis.table.max },
    totals: {
      flows: totals.flows,
      portSpaces: totals.portSpaces,
      newFlowsPerSecond: totals.newPerSecond ?? null,
      endedFlowsPerSecond: totals.endedPerSecond ?? null,
    },
    attribution: diagnosis.attribution ?? null,
    readBy: diagnosis.readBy ?? null,
    gaps: diagnosis.gaps.map((gap) => ({ ...gap, remedy: gap.remedy ?? null })),
    next: diagnosis.next,
  };
}

/** Without a view of the rules the kernel's default is an assumption, not a reading: it is null. */
function effectiveDocument({ range, isDefault, owner, rule, note }: EffectiveRange, isBlind: boolean) {
  const isKnown = !(isBlind && isDefault);
  return {
    firstPort: isKnown ? range.first : null,
    lastPort: isKnown ? range.last : null,
    isKernelDefault: isKnown ? isDefault : null,
    owner,
    ruleOrder: rule?.order ?? null,
    note: note ?? null,
  };
}

export function portSpaceDocument(verdict: PortSpaceVerdict, isBlind: boolean) {
  const { portSpace } = verdict;
  return {
    verdict: verdict.findings[0]?.check ?? 'fine',
    severity: verdict.severity,
    protocol: protocolName(portSpace.protocol),
    remoteAddress: portSpace.remoteAddress,
    remotePort: portSpace.remotePort,
    snatAddress: portSpace.snatAddress,
    zone: portSpace.zone,
    range: effectiveDocument(verdict.effective, isBlind),
    usedPorts: verdict.usedPorts,
    livePorts: verdict.livePorts,
    closingPorts: verdict.closingPorts,
    evictablePorts: verdict.evictablePorts,
    capacityPorts: verdict.capacityPorts,
    dropProbability: verdict.dropProbability,
    dropProbabilityWithoutEviction: verdict.dropProbabilityWithoutEviction,
    newFlowsPerSecond: verdict.newPerSecond ?? null,
    lostPerSecond: verdict.losses?.lostPerSecond ?? null,
    measuredLoss: verdict.losses?.measuredLoss ?? null,
    sustainableFlowsPerSecond: verdict.sustainablePerSecond ?? null,
    holdSeconds: verdict.holdSeconds ?? null,
    release: verdict.release ?? null,
    fullInSeconds: verdict.fullInSeconds ?? null,
    entriesByState: verdict.states,
    sources: verdict.sources.map(({ address, pod, ports, share }) => ({
      address,
      pod: pod ?? null,
      ports,
      shareOfUsedPorts: share,
    })),
    holders: verdict.holders?.map(holderDocument) ?? null,
    findings: verdict.findings.map(findingDocument),
  };
}

/** `kind` is that of the workload, or `host`, `gone`, `stranger` for what is none. */
export function holderDocument({ holder, pods, ports, share }: HolderShare) {
  const workload = holder.kind === 'workload' ? holder.workload : undefined;
  return {
    kind: workload?.kind ?? holder.kind,
    namespace: workload?.namespace ?? null,
    name: workload?.name ?? null,
    podsHere: pods,
    ports,
    shareOfUsedPorts: share,
  };
}

export function findingDocument(finding: Finding) {
  const { check, severity, sentence, confidence, confidenceReason, because, numbers, gaps, remedy } = finding;
  return {
    check,
    severity,
    sentence,
    confidence,
    confidenceReason: confidenceReason ?? null,
    because,
    numbers,
    gaps,
    remedy: remedy ?? null,
  };
}

export function lossDocument(losses: Diagnosis['losses']) {
  if (losses === undefined) return null;
  const { seconds, snat, tableFull, probesPerFlow } = losses;
  return {
    windowSeconds: seconds,
    noPortPackets: snat,
    tableFullPackets: tableFull,
    occupiedPortsTriedPerFlow: probesPerFlow ?? null,
  };
}
