// How much a diagnosed node asks of one destination: flows at once, rate, hold time, who closes first.
import type { PortSpaceVerdict } from '../analysis/diagnosis.ts';
import { REMOTE_CLOSED_FIRST } from '../model/flow-status.ts';
import type { NodeFacts } from '../model/node-facts.ts';
import { TCP } from '../model/protocol.ts';
import { isClosing } from '../model/tcp-state.ts';
import { TIME_WAIT_SECONDS, liveShareOf } from './situation-of-figures.ts';
import type { Load } from './situation.ts';
import { askedPerSecond } from './syn-attempts.ts';

/** This node's part of a load, and what had to be taken for it. */
export interface MeasuredLoad {
  readonly load: Pick<Load, 'flows' | 'perSecond' | 'holdSeconds' | 'liveShare' | 'pattern' | 'remoteClosesFirst'>;
  readonly assumptions: readonly string[];
}

/** From this share of all used ports on, closing or one-shot entries set the pattern. */
const ENDED_SHARE = 0.5;

/** Fewer closing entries do not say who usually closes first. */
const FEWEST_CLOSING = 20;

/** From the flows held and, where events were read, from their rate. Flows that were lost are counted as asked for. */
export function measuredLoad(facts: NodeFacts, row: PortSpaceVerdict): MeasuredLoad {
  const closesFirst = remoteClosesFirst(facts, row);
  const closedFirst = closesFirst === undefined ? {} : { remoteClosesFirst: closesFirst };
  const rate = flowsPerSecond(row);
  const hold = fullHold(facts, row);
  const pattern = patternOf(row);
  if (rate === undefined || hold === undefined || rate * hold < 1) {
    const liveShare = row.usedPorts === 0 ? 1 : Math.min(1, 1 - row.closingPorts / row.usedPorts);
    return {
      load: { flows: row.usedPorts, liveShare, pattern, ...closedFirst },
      assumptions: ['the ports held now are the load: at what rate flows come, or how long they stay, is not known'],
    };
  }
  const timeWaitSeconds = facts.settings.tcpTimeWaitSeconds ?? TIME_WAIT_SECONDS;
  const liveShare =
    row.portSpace.protocol === TCP && row.closingPorts > 0
      ? liveShareOf({ protocol: TCP, holdSeconds: hold, timeWaitSeconds })
      : 1;
  return {
    load: { flows: rate * hold, perSecond: rate, holdSeconds: hold, liveShare, pattern, ...closedFirst },
    assumptions: [],
  };
}

/** NEW events are of flows that got through; those lost are asked for as well, but a connection's SYNs count once. */
function flowsPerSecond({ newPerSecond, losses, portSpace }: PortSpaceVerdict): number | undefined {
  if (newPerSecond === undefined) return undefined;
  return askedPerSecond({ opened: newPerSecond, lost: losses?.lostPerSecond ?? 0 }, portSpace);
}

/**
 * Seconds a flow would hold its port if nothing took it over: on a kernel that takes closing entries over, the measured hold
 * is that of the live part only, and TIME_WAIT comes on top.
 */
function fullHold(facts: NodeFacts, { holdSeconds, evictablePorts }: PortSpaceVerdict): number | undefined {
  if (holdSeconds === undefined || evictablePorts === 0) return holdSeconds;
  return holdSeconds + (facts.settings.tcpTimeWaitSeconds ?? TIME_WAIT_SECONDS);
}

/** Flows that end by a timeout are held equally long; those that grow without an end accumulate. */
function patternOf({
  closingPorts,
  usedPorts,
  portSpace,
  holdSeconds,
  fullInSeconds,
}: PortSpaceVerdict): Load['pattern'] {
  const isEnding = portSpace.protocol === TCP ? closingPorts > usedPorts * ENDED_SHARE : holdSeconds !== undefined;
  if (isEnding) return 'fixed';
  return fullInSeconds !== undefined || holdSeconds === undefined ? 'accumulating' : 'exponential';
}

/** Share of the closing entries whose remote sent the first FIN; undefined where too few close, or the FINs were not read. */
function remoteClosesFirst(
  { flows, flowsSource, gaps }: NodeFacts,
  { portSpace }: PortSpaceVerdict,
): number | undefined {
  const isRead = flowsSource === 'ctnetlink' && !gaps.some(({ id }) => id === 'flow-details');
  if (portSpace.protocol !== TCP || !isRead) return undefined;
  const { portSpace: spaces, status, tcpState } = flows.flows;
  let [closing, byRemote] = [0, 0];
  for (let row = 0; row < flows.flowCount; row += 1) {
    if (spaces[row] !== portSpace.index || !isClosing(tcpState[row] ?? 0)) continue;
    closing += 1;
    if (((status[row] ?? 0) & REMOTE_CLOSED_FIRST) !== 0) byRemote += 1;
  }
  return closing < FEWEST_CLOSING ? undefined : byRemote / closing;
}
