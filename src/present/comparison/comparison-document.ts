// A comparison as programs read it: a plain object with a schema id of its own, null where a value is not known.
import type { Comparison, SpaceComparison } from '../../core/analysis/compare/comparison.ts';
import type { PortSpaceVerdict } from '../../core/analysis/diagnosis.ts';
import { protocolName } from '../../core/model/protocol.ts';

export const COMPARISON_OUTPUT_SCHEMA = 'portolan.dev/output/comparison/v1';

/** The plain object behind -o json and -o yaml. */
export function comparisonDocument(comparison: Comparison, next: string) {
  return { schema: COMPARISON_OUTPUT_SCHEMA, ...comparisonBody(comparison), next };
}

/** Of one node. */
export function comparisonBody({ before, after, portSpaces, node, trend, conclusion }: Comparison) {
  return { before, after, trend, portSpaces: portSpaces.map(spaceDocument), nodeChanges: node, conclusion };
}

function spaceDocument({ portSpace, before, after, flowsBefore, flowsAfter, trend }: SpaceComparison) {
  return {
    trend,
    protocol: protocolName(portSpace.protocol),
    remoteAddress: portSpace.remoteAddress,
    remotePort: portSpace.remotePort,
    snatAddress: portSpace.snatAddress,
    zone: portSpace.zone,
    before: sideDocument(before, flowsBefore),
    after: sideDocument(after, flowsAfter),
  };
}

/** Figures of a look that did not chart the space are null: it held few ports, or none. */
function sideDocument(row: PortSpaceVerdict | undefined, flows: number) {
  return {
    flows,
    verdict: row?.findings[0]?.check ?? null,
    severity: row?.severity ?? null,
    usedPorts: row?.usedPorts ?? null,
    livePorts: row?.livePorts ?? null,
    capacityPorts: row?.capacityPorts ?? null,
    firstPort: row?.effective.range.first ?? null,
    lastPort: row?.effective.range.last ?? null,
    dropProbability: row?.dropProbability ?? null,
    newFlowsPerSecond: row?.newPerSecond ?? null,
    lostPerSecond: row?.losses?.lostPerSecond ?? null,
    sources: (row?.sources ?? []).map(({ address, ports, share }) => ({ address, ports, shareOfUsedPorts: share })),
  };
}
