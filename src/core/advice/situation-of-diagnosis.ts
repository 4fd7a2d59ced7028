// A situation from a diagnosed node: its hottest port space, with what the node alone cannot say given or taken.
import type { SearchBehaviour } from '../alloc/port-search.ts';
import type { Diagnosis, PortSpaceVerdict } from '../analysis/diagnosis.ts';
import { allClaims } from '../analysis/claims-in-range.ts';
import { nodePortPlaneOf } from '../analysis/node-port-plane.ts';
import { vxlanSeen } from '../analysis/lowest-start.ts';
import { familyOf, parseAddress } from '../model/address.ts';
import type { NodeFacts } from '../model/node-facts.ts';
import { formatCount, formatInteger } from '../model/number-text.ts';
import type { PortRange } from '../model/port-range.ts';
import { TCP, UDP } from '../model/protocol.ts';
import { shareOfFullest } from './changed-situation.ts';
import { measuredLoad } from './measured-load.ts';
import { TIME_WAIT_SECONDS } from './situation-of-figures.ts';
import { NODE_PORT_RANGE, type Placement, type Ports, type Situation, type Workload } from './situation.ts';

/** What one node cannot say about the cluster. */
export interface DiagnosisOptions {
  /** The port space to plan for: PortSpace.index; the worst row when absent. */
  readonly portSpace?: number;
  /** Nodes that carry such a load; the others are taken to carry as much as this one. */
  readonly nodes?: number;
  /** Pods that open the flows, over all nodes; else the sources seen on this node, as many on each. */
  readonly pods?: number;
  readonly maxNodes?: number;
  readonly surgePods?: number;
  readonly nodePortRange?: PortRange;
  readonly podCidrs?: readonly string[];
  readonly spareAddresses?: readonly string[];
  readonly workload?: Workload;
  /** Share of the load on this node, 0..1, where the others were read too; else laid out as the pods would be. */
  readonly hottestShare?: number;
  /** How many nodes were read besides, and how many could not be; absent where only this one was looked at. */
  readonly survey?: { readonly read: number; readonly unread: number };
  /** Whether VXLAN is on, by the cluster's settings; else by what this node shows. */
  readonly vxlan?: boolean;
}

/** The situation of a node's hottest TCP or UDP port space; undefined when none was charted. */
export function situationOfDiagnosis(
  facts: NodeFacts,
  diagnosis: Diagnosis,
  options: DiagnosisOptions = {},
): Situation | undefined {
  const row = rowFor(diagnosis, options.portSpace);
  if (row === undefined) return undefined;
  const { protocol, remoteAddress, remotePort } = row.portSpace;
  const measured = measuredLoad(facts, row);
  const { flows, perSecond, ...rest } = measured.load;
  const placement = placementOf(row, facts, options);
  const workload = options.workload === undefined ? {} : { workload: options.workload };
  return {
    subject: `node ${facts.node}`,
    load: {
      protocol,
      family: familyOf(parseAddress(remoteAddress) ?? new Uint8Array(16)),
      remoteAddress,
      remotePort,
      flows: flows / placement.hottestShare,
      ...(perSecond === undefined ? {} : { perSecond: perSecond / placement.hottestShare }),
      ...rest,
    },
    placement,
    ports: portsOf(facts, row, options),
    timeWaitSeconds: facts.settings.tcpTimeWaitSeconds ?? TIME_WAIT_SECONDS,
    ...workload,
    measuredDrop: row.dropProbability,
    assumptions: [
      ...measured.assumptions,
      ...placementAssumptions(facts, options),
      ...(options.pods !== undefined || placement.pods === undefined
        ? []
        : [`${formatCount(placement.pods, 'pod')} open the flows, by the sources seen on node ${facts.node}`]),
      ...(facts.settings.tcpTimeWaitSeconds === undefined && protocol === TCP
        ? [`TIME_WAIT is ${TIME_WAIT_SECONDS} s, the kernel's own`]
        : []),
    ],
  };
}

function rowFor({ portSpaces }: Diagnosis, wanted: number | undefined): PortSpaceVerdict | undefined {
  return portSpaces.find(({ portSpace: { index, protocol } }) =>
    wanted === undefined ? protocol === TCP || protocol === UDP : index === wanted,
  );
}

/** Where the nodes were read, only those that could not be are taken to carry nothing. */
function placementAssumptions({ node }: NodeFacts, { survey, nodes = 1 }: DiagnosisOptions): readonly string[] {
  if (survey !== undefined)
    return survey.unread === 0
      ? []
      : [`${formatCount(survey.unread, 'node')} that could not be read carry nothing of it`];
  if (nodes === 1) return [`only node ${node} carries the load`];
  return [`${formatInteger(nodes)} nodes carry as much as node ${node}, which is taken for the fullest`];
}

/** This node is taken for the fullest one, and the others for as full as their pods make them. */
function placementOf(row: PortSpaceVerdict, facts: NodeFacts, options: DiagnosisOptions): Placement {
  const { nodes = 1, maxNodes, surgePods = 0 } = options;
  const pods = options.pods ?? podsSeen(row, facts, nodes);
  return {
    nodes,
    ...(pods === undefined ? {} : { pods }),
    hottestShare: options.hottestShare ?? shareOfFullest({ nodes, pods, surge: 0 }),
    ...(maxNodes === undefined ? {} : { maxNodes }),
    surgePods,
  };
}

/** Sources that are not addresses of the node itself; undefined when there is none, or a program on the node holds most. */
function podsSeen({ sources }: PortSpaceVerdict, { addresses }: NodeFacts, nodes: number): number | undefined {
  const pods = sources.filter(({ address }) => !addresses.includes(address));
  const share = pods.reduce((sum, source) => sum + source.share, 0);
  return pods.length === 0 || share < 0.5 ? undefined : pods.length * nodes;
}

function portsOf(facts: NodeFacts, row: PortSpaceVerdict, options: DiagnosisOptions): Ports {
  const { effective } = row;
  const action = effective.rule?.action;
  const snatTo = action?.kind === 'snat' ? { snatTo: action.addresses } : {};
  const podCidrs = options.podCidrs ?? cidrsOf(effective.rule?.match.source);
  const vxlan = options.vxlan ?? vxlanSeen(facts);
  const nodePortPlane = nodePortPlaneOf(facts.natRules);
  return {
    ranges: [effective.range],
    isDefault: effective.isDefault,
    owner: effective.owner,
    snatAddresses: 1,
    claims: allClaims(facts),
    behaviour: behaviourTowards(row, facts),
    ...(vxlan === undefined ? {} : { vxlan }),
    nodePortRange: options.nodePortRange ?? NODE_PORT_RANGE,
    ...(nodePortPlane === 'unknown' ? {} : { nodePortPlane }),
    ...(podCidrs === undefined ? {} : { podCidrs }),
    ...snatTo,
    ...(options.spareAddresses === undefined ? {} : { spareAddresses: options.spareAddresses }),
  };
}

/** What is seen here counts: closing entries that this kernel would not take over (a fixed timeout) are not taken over. */
function behaviourTowards(
  { closingPorts, evictablePorts }: PortSpaceVerdict,
  { behaviour }: NodeFacts,
): SearchBehaviour {
  const { search, evictsClosing } = behaviour;
  return { search, evictsClosing: closingPorts > 0 && evictablePorts === 0 ? 'no' : evictsClosing };
}

/** The rule's own source test, where it is a CIDR and not a set. */
function cidrsOf(source: string | undefined): readonly string[] | undefined {
  return source !== undefined && /^[\da-fA-F.:]+\/\d{1,3}$/.test(source) ? [source] : undefined;
}
