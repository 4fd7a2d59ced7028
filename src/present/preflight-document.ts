// A preflight as programs read it: a plain object with a schema id of its own, a fixed key order and null where a value is not
// known. Changing a key's meaning or removing one makes a new schema id.
import { isMisfit, isOpen, type NodePreflight, type Preflight, type PreflightSpace } from '../core/advice/preflight.ts';
import { protocolName } from '../core/model/protocol.ts';
import { holderDocument } from './diagnosis-document.ts';
import { keepCommand } from './preflight-table.ts';
import { rangeDocument } from './rule-document.ts';

export const PREFLIGHT_OUTPUT_SCHEMA = 'portolan.dev/output/preflight/v1';

export function preflightDocument(preflight: Preflight) {
  const { cluster, at, to, kind, goal, verdict, keep, gaps } = preflight;
  return {
    schema: PREFLIGHT_OUTPUT_SCHEMA,
    cluster,
    at,
    natPortRange: rangeDocument(to),
    writtenBy: kind,
    goal: { dropProbability: goal.targetDrop, loadFactor: goal.loadFactor },
    verdict,
    nodes: preflight.nodes.map(nodeDocument),
    setBeforehand: keep === undefined ? null : keepCommand(keep.first, keep.last),
    gaps: gaps.map((gap) => ({ ...gap, remedy: gap.remedy ?? null })),
  };
}

function nodeDocument(node: NodePreflight) {
  const { configured, move } = node;
  const range = configured?.range;
  return {
    node: node.node,
    outcome: isMisfit(node) ? 'does-not-fit' : isOpen(node) ? 'cannot-tell' : 'fits',
    move,
    rangeToday: range?.kind === 'range' ? rangeDocument(range.range) : null,
    rulingLayer: configured?.ruling ?? null,
    whyNotRead: 'why' in node ? node.why : null,
    portSpaces: 'fit' in node ? node.fit.spaces.map(spaceDocument) : null,
  };
}

function spaceDocument(space: PreflightSpace) {
  const { protocol, remoteAddress, remotePort, snatAddress } = space.portSpace;
  return {
    protocol: protocolName(protocol),
    remoteAddress,
    remotePort,
    snatAddress,
    heldFlows: space.heldFlows,
    capacityPorts: space.capacityPorts,
    dropProbability: space.dropProbability,
    bearsLoadFactor: space.bearsFactor,
    fits: space.fits,
    holders: space.holders?.map(holderDocument) ?? null,
  };
}
