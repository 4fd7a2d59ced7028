// Coming and going in one port space: arrivals, departures, hold time, and when held ports become free.
import type { FlowTable } from '../model/flow-table.ts';
import type { NodeSettings } from '../model/node-facts.ts';
import type { PortSpace } from '../model/port-space.ts';
import { TCP } from '../model/protocol.ts';
import type { ArrivalIndex } from './arrival-index.ts';
import type { PortRelease } from './diagnosis.ts';
import type { PortUse } from './port-use.ts';
import type { Pressure } from './pressure.ts';
import { Timeouts } from './timeouts.ts';

export interface Churn {
  /** NEW events per second; undefined when no event could be read. */
  readonly newPerSecond?: number;
  /** Ports that stop being live per second, judged by the timeouts of the last and the next seconds. */
  readonly leavingPerSecond: number;
  /** Mean seconds a port is held; undefined while the space fills or empties, when occupancy and arrivals do not say. */
  readonly holdSeconds?: number;
  readonly release?: PortRelease;
}

/** nf_conntrack_tcp_timeout_time_wait and nf_conntrack_udp_timeout when the sysctls cannot be read. */
export const DEFAULT_TIME_WAIT_SECONDS = 120;
const DEFAULT_UDP_SECONDS = 30;

/** Departures are counted over this many seconds of timeouts. */
const DEPARTURE_SECONDS = 10;

/** Occupancy over arrivals is the hold time only while as many leave as come, within this share. */
const STEADY_SHARE = 0.3;

/** A timeout is taken to be in force when some entry has at least this share of it left. */
const NEWEST_SHARE = 0.75;

/** Measures one charted port space. */
export function measureChurn(
  flows: FlowTable,
  subject: {
    readonly space: PortSpace;
    readonly use: PortUse;
    readonly pressure: Pressure;
    readonly arrivals: ArrivalIndex | undefined;
    readonly settings: NodeSettings;
  },
): Churn {
  const { space, use, pressure, arrivals, settings } = subject;
  const timeouts = new Timeouts(flows, space.protocol, use.holders);
  const newPerSecond = arrivals?.perSecond(space);
  const leavingPerSecond =
    pressure.evicts === 'yes'
      ? timeouts.closedWithin(DEPARTURE_SECONDS, settings.tcpTimeWaitSeconds ?? DEFAULT_TIME_WAIT_SECONDS) /
        DEPARTURE_SECONDS
      : timeouts.freeWithin(DEPARTURE_SECONDS) / DEPARTURE_SECONDS;
  const release = timeouts.release();
  const holdSeconds =
    holdByTable(subject, timeouts) ??
    hold({ newPerSecond, leavingPerSecond, livePorts: pressure.livePorts }) ??
    nominalHold(subject);
  return {
    leavingPerSecond,
    ...(newPerSecond === undefined ? {} : { newPerSecond }),
    ...(holdSeconds === undefined ? {} : { holdSeconds }),
    ...(release === undefined ? {} : { release }),
  };
}

/**
 * Little's law over a whole timeout: the entries of ended flows are what ended in that time. The arrivals of a few seconds may
 * be far from that mean: a full space takes new flows in the rhythm in which it filled up.
 */
function holdByTable(subject: HoldSubject, timeouts: Timeouts): number | undefined {
  const { space, pressure } = subject;
  const isTcp = space.protocol === TCP;
  const ended = isTcp ? timeouts.closedPorts : timeouts.ports;
  if ((isTcp && pressure.evicts === 'yes') || ended === 0 || ended < pressure.livePorts / 2) return undefined;
  const seconds = endedSeconds(subject, isTcp ? 'closing' : 'oneShot');
  // A newest entry with much less left tells of another timeout (a ct timeout policy), or of nothing having ended lately.
  if (timeouts.longestSeconds < NEWEST_SHARE * seconds) return undefined;
  return (seconds * pressure.livePorts) / ended;
}

/** Little's law over the window, while the space is steady. */
function hold(rates: {
  newPerSecond: number | undefined;
  leavingPerSecond: number;
  livePorts: number;
}): number | undefined {
  const { newPerSecond, leavingPerSecond, livePorts } = rates;
  if (newPerSecond === undefined || newPerSecond < 1) return undefined;
  if (Math.abs(newPerSecond - leavingPerSecond) > STEADY_SHARE * newPerSecond) return undefined;
  return livePorts / newPerSecond;
}

/** Where closing or one-shot entries rule, their timeout is the hold time. */
function nominalHold(subject: HoldSubject): number | undefined {
  const { use, pressure } = subject;
  const endedPorts = use.closing + use.oneShot - pressure.evictablePorts;
  if (endedPorts === 0 || endedPorts < pressure.livePorts / 2) return undefined;
  return endedSeconds(subject, use.oneShot > use.closing ? 'oneShot' : 'closing');
}

interface HoldSubject {
  readonly space: PortSpace;
  readonly use: PortUse;
  readonly pressure: Pressure;
  readonly settings: NodeSettings;
}

/** How long the entry of a flow that is over stays. */
function endedSeconds({ settings }: HoldSubject, kind: 'closing' | 'oneShot'): number {
  return kind === 'oneShot'
    ? (settings.udpSeconds ?? DEFAULT_UDP_SECONDS)
    : (settings.tcpTimeWaitSeconds ?? DEFAULT_TIME_WAIT_SECONDS);
}
