// What all flows together say: how many there are, which ports they use, who is answered, and who meets a claim.
import { INBOUND, SEEN_REPLY, SRC_NAT } from '../model/flow-status.ts';
import type { FlowTable } from '../model/flow-table.ts';
import type { PortSet } from '../model/port-set.ts';

/** SNATed flows on one set of ports towards remotes that answer somebody. */
export interface Answers {
  readonly flows: number;
  readonly unanswered: number;
}

export interface ClaimedPortAnswers extends Answers {
  readonly protocol: number;
  readonly port: number;
}

export interface FlowSurvey {
  readonly snatFlows: number;
  readonly inboundFlows: number;
  /** SNAT ports per protocol number, an even sample. */
  readonly portSamples: ReadonlyMap<number, Uint16Array>;
  /** Per protocol: flows on ports nobody claims. */
  readonly unclaimed: ReadonlyMap<number, Answers>;
  /** Per claimed port that some flow holds. */
  readonly claimed: readonly ClaimedPortAnswers[];
  /** Rows of SNATed flows on a claimed port whose remote address and port is also an inbound client of the node; at most 100. */
  readonly sharedTuples: Uint32Array;
  /** Rows in the address table that opened SNATed flows. */
  readonly sources: readonly number[];
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
  const { portSpace, port, status } = flows.flows;
  for (let row = 0; row < flows.flowCount; row += 1) {
    const bits = status[row] ?? 0;
    if ((bits & (SRC_NAT | INBOUND)) !== SRC_NAT) continue;
    const space = portSpace[row] ?? 0;
    const protocol = flows.portSpaces.protocol[space] ?? 0;
    if (tally === undefined || protocol !== lastProtocol) tally = tallyOf(protocol);
    lastProtocol = protocol;
    const remote = flows.portSpaces.remoteAddress[space] ?? 0;
    const outcome = marks.answers[remote] !== 1 ? SILENT_REMOTE : (bits & SEEN_REPLY) !== 0 ? ANSWERED : UNANSWERED;
    const isClaimed = tally.add(port[row] ?? 0, outcome);
    if (isClaimed && marks.inbound[space] === 1 && shared.length < MOST_SHARED) shared.push(row);
  }
  return {
    snatFlows: marks.snatFlows,
    inboundFlows: marks.inboundFlows,
    portSamples: new Map([...tallies].map(([protocol, { sample }]) => [protocol, Uint16Array.from(sample)])),
    unclaimed: new Map([...tallies].map(([protocol, { unclaimed }]) => [protocol, unclaimed])),
    claimed: [...tallies.values()].flatMap((each) => each.claimedPorts()),
    sharedTuples: Uint32Array.from(shared),
    sources: marks.sources,
  };
}

interface SpaceMarks {
  /** Per address row: 1 when some SNATed flow to it saw a reply. */
  readonly answers: Uint8Array;
  /** Per port-space row: 1 when the remote opened a flow in it. */
  readonly inbound: Uint8Array;
  readonly sources: readonly number[];
  readonly snatFlows: number;
  readonly inboundFlows: number;
  readonly stride: number;
}

function markSpaces(flows: FlowTable): SpaceMarks {
  const answers = new Uint8Array(flows.addressCount);
  const inbound = new Uint8Array(flows.portSpaceCount);
  const opened = new Uint8Array(flows.addressCount);
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
      opened[source[row] ?? 0] = 1;
      if ((bits & SEEN_REPLY) !== 0) answers[flows.portSpaces.remoteAddress[space] ?? 0] = 1;
    }
  }
  const sources: number[] = [];
  opened.forEach((flag, address) => flag === 1 && sources.push(address));
  return { answers, inbound, sources, snatFlows, inboundFlows, stride: Math.ceil(snatFlows / MOST_SAMPLES) || 1 };
}

/** One protocol's counts; per-port arrays exist only where a claim does. */
class ProtocolTally {
  readonly sample: number[] = [];
  readonly unclaimed = { flows: 0, unanswered: 0 };
  private readonly protocol: number;
  private readonly claims: PortSet | undefined;
  private readonly stride: number;
  private readonly flowsOn: Uint32Array;
  private readonly unansweredOn: Uint32Array;
  private seen = 0;

  constructor(protocol: number, options: { readonly claims: PortSet | undefined; readonly stride: number }) {
    this.protocol = protocol;
    this.claims = options.claims;
    this.stride = options.stride;
    this.flowsOn = new Uint32Array(options.claims === undefined ? 0 : 65_536);
    this.unansweredOn = new Uint32Array(this.flowsOn.length);
  }

  /** Counts one flow; tells whether its port is claimed. */
  add(port: number, outcome: Outcome): boolean {
    if (this.seen % this.stride === 0) this.sample.push(port);
    this.seen += 1;
    const isClaimed = this.claims?.has(port) ?? false;
    if (outcome === SILENT_REMOTE) return isClaimed;
    if (isClaimed) {
      this.flowsOn[port] = (this.flowsOn[port] ?? 0) + 1;
      this.unansweredOn[port] = (this.unansweredOn[port] ?? 0) + outcome;
    } else {
      this.unclaimed.flows += 1;
      this.unclaimed.unanswered += outcome;
    }
    return isClaimed;
  }

  claimedPorts(): ClaimedPortAnswers[] {
    const ports: ClaimedPortAnswers[] = [];
    this.flowsOn.forEach((flows, port) => {
      if (flows > 0) ports.push({ protocol: this.protocol, port, flows, unanswered: this.unansweredOn[port] ?? 0 });
    });
    return ports;
  }
}
