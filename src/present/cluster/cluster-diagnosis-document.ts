// A cluster's diagnosis as programs read it: a plain object with a schema id of its own, a fixed key order, units in every
// name and null where a value is not known. Changing a key's meaning or removing one makes a new schema id.
import { type ClusterDiagnosis, type NodeAnswer, severityOf } from '../../core/analysis/cluster-diagnosis.ts';
import { findingDocument, lossDocument, portSpaceDocument } from '../diagnosis-document.ts';
import { claimDocument } from '../rule-document.ts';

export const CLUSTER_OUTPUT_SCHEMA = 'portolan.dev/output/cluster-diagnosis/v1';

/** The plain object behind -o json and -o yaml. */
export function clusterDocument(diagnosis: ClusterDiagnosis) {
  const { cluster, at, severity, counts, nodePorts, calicoVersion, masquerader } = diagnosis;
  return {
    schema: CLUSTER_OUTPUT_SCHEMA,
    cluster,
    at,
    severity,
    limitedTo: diagnosis.limitedTo ?? null,
    nodeCounts: { ...counts, leftOut: diagnosis.leftOut },
    calicoVersion: calicoVersion.seen ? calicoVersion.value : null,
    masquerader,
    nodePorts: { firstPort: nodePorts.range.first, lastPort: nodePorts.range.last, source: nodePorts.source },
    nodes: diagnosis.nodes.map(nodeDocument),
    claimsInRange: diagnosis.claims.map(({ claim, hurts, truth, nodes }) => ({
      ...claimDocument(claim),
      hurts,
      truth,
      nodes,
    })),
    gaps: diagnosis.gaps.map(({ gap, nodes }) => ({ ...gap, remedy: gap.remedy ?? null, onNodes: nodes })),
    next: diagnosis.next[0] ?? null,
  };
}

function nodeDocument(answer: NodeAnswer) {
  const { node, configured } = answer;
  const summary = 'summary' in answer ? answer.summary : undefined;
  const isBlind = summary?.gaps.some(({ id }) => id === 'nat-rules') ?? false;
  const range = configured?.range;
  return {
    node,
    severity: severityOf(answer),
    verdict: summary === undefined ? null : (summary.worst?.check ?? 'fine'),
    read: summary !== undefined,
    readBy: summary?.readBy ?? null,
    whyNotRead: 'why' in answer ? answer.why : null,
    remedy: 'why' in answer ? (answer.remedy ?? null) : null,
    addresses: summary?.addresses ?? null,
    kernelRelease: summary?.kernel ?? null,
    ranges:
      summary?.ranges.map(({ protocol, effective }) => ({
        protocol,
        firstPort: effective.range.first,
        lastPort: effective.range.last,
        isKernelDefault: effective.isDefault,
        owner: effective.owner,
      })) ?? null,
    configuredRange:
      range === undefined
        ? null
        : {
            range: range.kind,
            firstPort: range.kind === 'range' ? range.range.first : null,
            lastPort: range.kind === 'range' ? range.range.last : null,
            rulingLayer: configured?.ruling ?? null,
          },
    portSpaces: summary?.portSpaces.map((space) => portSpaceDocument(space, isBlind)) ?? null,
    otherPortSpaces:
      summary === undefined ? null : { count: summary.quiet.count, highestShareOfCapacity: summary.quiet.highestShare },
    nodeFindings: summary?.findings.map(findingDocument) ?? null,
    lostPackets: lossDocument(summary?.losses),
    attribution: summary?.attribution ?? null,
    totals:
      summary === undefined
        ? null
        : {
            flows: summary.totals.flows,
            portSpaces: summary.totals.portSpaces,
            newFlowsPerSecond: summary.totals.newPerSecond ?? null,
            endedFlowsPerSecond: summary.totals.endedPerSecond ?? null,
          },
  };
}
