// What all flows together say: how many there are, which ports they use, who is answered, and who meets a claim.
import { type Family, familyOf } from '../model/address.ts';
import { DST_NAT, INBOUND, SEEN_REPLY, SRC_NAT } from '../model/flow-status.ts';
import type { FlowTable } from '../model/flow-table.ts';
import type { PortSet } from '../model/port-set.ts';
import type { RangeWitness } from './effective-range.ts';
import type { TrafficSource } from './egress-traffic.ts';

/** SNATed flows on one set of ports towards remotes that answer somebody. */
export interface Answers {
  readonly flows: number;
  readonly unanswered: number;
}

export interface PortAnswers extends Answers {
  readonly protocol: number;
  readonly port: number;
}

/** Ports that nobody is known to claim, as far as the kernel chose them: one that a pod brought along says something of the pod. */
export interface SilentPorts {
  /** Those on which nearly all flows are unanswered. */
  readonly ports: readonly PortAnswers[];
  /** How many ports had enough flows to be looked at. */
  readonly tested: number;
}

/** Fewer unanswered flows than this on one port prove nothing. */
export const FEWEST_FLOWS = 3;

/** Nearly all flows on the port must be lost: an interception is not a matter of luck. */
export const LOST_SHARE = 0.8;

export interface FlowSurvey {
  readonly snatFlows: number;
  readonly inboundFlows: number;
  /** SNAT ports per protocol and family. */
  readonly samples: readonly EgressSample[];
  /** Per protocol: flows on ports nobody claims. */
  readonly unclaimed: ReadonlyMap<number, Answers>;
  /** Per claimed port that some flow holds. */
  readonly claimed: readonly PortAnswers[];
  readonly silent: SilentPorts;
  /** Rows of SNATed flows on a claimed port whose remote address and port is also an inbound client of the node; at most 100. */
  readonly sharedTuples: Uint32Array;
  /** Who opened SNATed flows. */
  readonly sources: readonly TrafficSource[];
}

/** The ports of one protocol and family. */
export interface EgressSample extends RangeWitness {
  readonly protocol: number;
  readonly family: Family;
  /** All SNATed flows, those to Services included. */
  readonly flows: number;
  /** An even sample; flows to Services (IPS_DST_NAT) are left out: other rules than the egress rules may take them. */
  readonly ports: Uint16Array;
  readonly kept: number;
}

/** The sample of one protocol and family; an empty one when no flow was seen. */
export function egressSample(
  { samples }: FlowSurvey,
  { protocol, family }: Pick<EgressSample, 'protocol' | 'family'>,
): EgressSample {
  const known = samples.find((sample) => sample.protocol === protocol && sample.family === family);
  return known ?? { protocol, family, flows: 0, ports: new Uint16Array(0), kept: 0 };
}

/** How a flow fared, as a number because there is one per flow: what it adds to the unanswered ones, or no evidence. */
type Outcome = -1 | 0 | 1;
const SILENT_REMOTE = -1;
const ANSWERED = 0;
const UNANSWERED = 1;

const MOST_SAMPLES = 4096;
const MOST_SHARED = 100;

/** Surveys all flows in two passes over the columns. `claims` holds the claimed ports per protocol number. */
export function surveyFlows(flows: FlowTable, claims: ReadonlyMap<number, PortSet>): FlowSurvey {
  const marks = markSpaces(flows);
  const tallies = new Map<number, ProtocolTally>();
  const tallyOf = (protocol: number): ProtocolTally => {
    const known =
      tallies.get(protocol) ?? new ProtocolTally(protocol, { claims: claims.get(protocol), stride: marks.stride });
    tallies.set(protocol, known);
    return known;
  };
  const shared: number[] = [];
  let lastProtocol = -1;
  let tally: ProtocolTally | undefined;
  const { portSpace, port, sourcePort, status } = flows.flows;
  for (let row = 0; row < flows.flowCount; row += 1) {
    const bits = status[row] ?? 0;
    if ((bits & (SRC_NAT | INBOUND)) !== SRC_NAT) continue;
    const space = portSpace[row] ?? 0;
    const protocol = flows.portSpaces.protocol[space] ?? 0;
    if (tally === undefined || protocol !== lastProtocol) tally = tallyOf(protocol);
    lastProtocol = protocol;
    const remote = flows.portSpaces.remoteAddress[space] ?? 0;
    const outcome = marks.answers[remote] !== 1 ? SILENT_REMOTE : (bits & SEEN_REPLY) !== 0 ? ANSWERED : UNANSWERED;
    tally.sample(flows, { row, bits, family: marks.family[remote] === 6 ? 6 : 4 });
    const isClaimed = tally.add(port[row] ?? 0, { outcome, isKept: port[row] === sourcePort[row] });
    if (isClaimed && marks.inbound[space] === 1 && shared.length < MOST_SHARED) shared.push(row);
  }
  return {
    snatFlows: marks.snatFlows,
    inboundFlows: marks.inboundFlows,
    samples: [...tallies.values()].flatMap((each) => each.samples()),
    unclaimed: new Map([...tallies].map(([protocol, { unclaimed }]) => [protocol, unclaimed])),
    claimed: [...tallies.values()].flatMap((each) => each.claimedPorts()),
    silent: silentPorts([...tallies.values()]),
    sharedTuples: Uint32Array.from(shared),
    sources: marks.sources,
  };
}

interface SpaceMarks {
  /** Per address row: 1 when some SNATed flow to it saw a reply. */
  readonly answers: Uint8Array;
  /** Per port-space row: 1 when the remote opened a flow in it. */
  readonly inbound: Uint8Array;
  readonly sources: readonly TrafficSource[];
  /** Per address row: 4 or 6. */
  readonly family: Uint8Array;
  readonly snatFlows: number;
  readonly inboundFlows: number;
  readonly stride: number;
}

function markSpaces(flows: FlowTable): SpaceMarks {
  const answers = new Uint8Array(flows.addressCount);
  const inbound = new Uint8Array(flows.portSpaceCount);
  const opened = new Uint32Array(flows.addressCount);
  let [snatFlows, inboundFlows] = [0, 0];
  const { portSpace, status, source } = flows.flows;
  for (let row = 0; row < flows.flowCount; row += 1) {
    const bits = status[row] ?? 0;
    const space = portSpace[row] ?? 0;
    if ((bits & INBOUND) !== 0) {
      inbound[space] = 1;
      inboundFlows += 1;
    } else if ((bits & SRC_NAT) !== 0) {
      snatFlows += 1;
      const opener = source[row] ?? 0;
      opened[opener] = (opened[opener] ?? 0) + 1;
      if ((bits & SEEN_REPLY) !== 0) answers[flows.portSpaces.remoteAddress[space] ?? 0] = 1;
    }
  }
  const bytesOf = (row: number): Uint8Array => flows.addresses.subarray(row * 16, row * 16 + 16);
  const sources: TrafficSource[] = [];
  opened.forEach((count, row) => count > 0 && sources.push({ address: bytesOf(row), flows: count }));
  const family = Uint8Array.from({ length: flows.addressCount }, (_, row) => familyOf(bytesOf(row)));
  const stride = Math.ceil(snatFlows / MOST_SAMPLES) || 1;
  return { answers, inbound, sources, family, snatFlows, inboundFlows, stride };
}

class FamilySample {
  flows = 0;
  seen = 0;
  kept = 0;
  readonly ports: number[] = [];
}

function silentPorts(tallies: readonly ProtocolTally[]): SilentPorts {
  const tested = tallies.flatMap((each) => each.unclaimedPorts());
  return { ports: tested.filter(({ flows, unanswered }) => unanswered >= LOST_SHARE * flows), tested: tested.length };
}

/** One protocol's counts. */
class ProtocolTally {
  readonly unclaimed = { flows: 0, unanswered: 0 };
  private readonly protocol: number;
  private readonly claims: PortSet | undefined;
  private readonly stride: number;
  private readonly flowsOn: Uint32Array;
  private readonly unansweredOn: Uint32Array;
  private readonly byFamily = { 4: new FamilySample(), 6: new FamilySample() };

  constructor(protocol: number, options: { readonly claims: PortSet | undefined; readonly stride: number }) {
    this.protocol = protocol;
    this.claims = options.claims;
    this.stride = options.stride;
    this.flowsOn = new Uint32Array(65_536);
    this.unansweredOn = new Uint32Array(this.flowsOn.length);
  }

  /** Keeps one flow's port for the sample, or not. */
  sample({ flows }: FlowTable, flow: { readonly row: number; readonly bits: number; readonly family: Family }): void {
    const sample = this.byFamily[flow.family];
    sample.flows += 1;
    if ((flow.bits & DST_NAT) !== 0) return;
    sample.seen += 1;
    if (sample.seen % this.stride !== 1 % this.stride) return;
    const port = flows.port[flow.row] ?? 0;
    sample.ports.push(port);
    if (port === flows.sourcePort[flow.row]) sample.kept += 1;
  }

  samples(): EgressSample[] {
    const { protocol, byFamily } = this;
    return ([4, 6] as const).flatMap((family) => {
      const { flows, ports, kept } = byFamily[family];
      return flows === 0 ? [] : [{ protocol, family, flows, ports: Uint16Array.from(ports), kept }];
    });
  }

  /** Counts one flow; tells whether its port is claimed. */
  add(port: number, { outcome, isKept }: { readonly outcome: Outcome; readonly isKept: boolean }): boolean {
    const isClaimed = this.claims?.has(port) ?? false;
    if (outcome === SILENT_REMOTE) return isClaimed;
    if (!isClaimed) {
      this.unclaimed.flows += 1;
      this.unclaimed.unanswered += outcome;
    }
    if (isClaimed || !isKept) {
      this.flowsOn[port] = (this.flowsOn[port] ?? 0) + 1;
      this.unansweredOn[port] = (this.unansweredOn[port] ?? 0) + outcome;
    }
    return isClaimed;
  }

  claimedPorts(): PortAnswers[] {
    return this.#ports(({ port }) => this.claims?.has(port) ?? false);
  }

  unclaimedPorts(): PortAnswers[] {
    return this.#ports(({ port, flows }) => flows >= FEWEST_FLOWS && !(this.claims?.has(port) ?? false));
  }

  #ports(isWanted: (port: PortAnswers) => boolean): PortAnswers[] {
    const ports: PortAnswers[] = [];
    this.flowsOn.forEach((flows, port) => {
      if (flows === 0) return;
      const answers = { protocol: this.protocol, port, flows, unanswered: this.unansweredOn[port] ?? 0 };
      if (isWanted(answers)) ports.push(answers);
    });
    return ports;
  }
}
