// For how long, at least, a flow has had no packet: what its timeout has run down. A flow is never younger than that.
import { ASSURED, FIXED_TIMEOUT, OFFLOADED } from '../model/flow-status.ts';
import type { FlowTable } from '../model/flow-table.ts';
import type { NodeSettings } from '../model/node-facts.ts';
import { TCP, UDP } from '../model/protocol.ts';
import { CLOSE_WAIT, ESTABLISHED, TIME_WAIT } from '../model/tcp-state.ts';

/** tcp_timeouts[TCP_CONNTRACK_UNACK] and _RETRANS: while data is not acknowledged an entry has no more than that (nf_conntrack_tcp_packet). */
const UNACKNOWLEDGED_SECONDS = 300;

/** 0 where its full timeout is not known: a state without a sysctl read, a timeout of its own. */
export function silentSeconds(
  { flows, portSpaces }: FlowTable,
  { row, settings }: { readonly row: number; readonly settings: NodeSettings },
): number {
  const status = flows.status[row] ?? 0;
  if ((status & (FIXED_TIMEOUT | OFFLOADED)) !== 0) return 0;
  const protocol = portSpaces.protocol[flows.portSpace[row] ?? 0] ?? 0;
  const state = flows.tcpState[row] ?? 0;
  const left = flows.timeoutSeconds[row] ?? 0;
  if (protocol === TCP && state === ESTABLISHED && left <= UNACKNOWLEDGED_SECONDS) return 0;
  const full = fullSeconds({ protocol, status, state }, settings);
  return full === undefined ? 0 : Math.max(0, full - left);
}

interface FlowState {
  readonly protocol: number;
  readonly status: number;
  readonly state: number;
}

function fullSeconds({ protocol, status, state }: FlowState, settings: NodeSettings): number | undefined {
  const isAssured = (status & ASSURED) !== 0;
  if (protocol === UDP) return isAssured ? settings.udpStreamSeconds : settings.udpSeconds;
  if (protocol !== TCP || !isAssured) return undefined;
  if (state === ESTABLISHED) return settings.tcpEstablishedSeconds;
  if (state === CLOSE_WAIT) return settings.tcpCloseWaitSeconds;
  return state === TIME_WAIT ? settings.tcpTimeWaitSeconds : undefined;
}
