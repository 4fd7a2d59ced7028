// pod-ephemeral-ports: one pod has spent its own source ports towards one destination, before SNAT comes into it.
// Page: docs/checks/pod-ephemeral-ports.md
import { INBOUND, REMOTE_CLOSED_FIRST } from '../../model/flow-status.ts';
import type { NodeFacts } from '../../model/node-facts.ts';
import { type PortRange, rangeContains, rangeSize } from '../../model/port-range.ts';
import { TCP } from '../../model/protocol.ts';
import { CLOSE, TIME_WAIT } from '../../model/tcp-state.ts';
import type { SpaceContext } from '../check-context.ts';
import { DEFAULT_TIME_WAIT_SECONDS } from '../churn.ts';
import { aboutSpace } from '../compose-finding.ts';
import type { Finding } from '../finding.ts';

/** net.ipv4.ip_local_port_range of a new network namespace. */
const POD_PORTS: PortRange = { first: 32_768, last: 60_999 };

/** From here on a connect() in the pod searches long or fails. */
const WARNING_SHARE = 0.95;
const CRITICAL_SHARE = 0.99;

/** A pod's own socket stays in TIME_WAIT for TCP_TIMEWAIT_LEN; the node's entry stays for twice that. */
const POD_TIME_WAIT_SECONDS = 60;

/** Fires when one source address holds nearly all of its default ephemeral ports towards one remote. */
export function checkPodEphemeralPorts(context: SpaceContext): Finding | undefined {
  if (context.space.protocol !== TCP || context.use.rows.length < WARNING_SHARE * rangeSize(POD_PORTS))
    return undefined;
  const busiest = busiestSource(context);
  const share = busiest.ports / rangeSize(POD_PORTS);
  if (share < WARNING_SHARE) return undefined;
  return aboutSpace(context, {
    check: 'pod-ephemeral-ports',
    severity: share >= CRITICAL_SHARE ? 'critical' : 'warning',
    sentence: `${context.facts.flows.address(busiest.address)} has nearly used up its own source ports towards this destination; its connects fail with EADDRNOTAVAIL, whatever the node's range is.`,
    numbers: {
      podPorts: { value: busiest.ports, unit: 'ports', source: 'conntrack dump, original source ports' },
      podCapacity: { value: rangeSize(POD_PORTS), unit: 'ports', source: 'default of net.ipv4.ip_local_port_range' },
    },
    because: [
      'Counted from the source ports before translation: each connection to one remote address and port needs its own in the pod.',
      'The limit is the default of a new network namespace; the pod may have set another one.',
    ],
    base: 'medium',
    confidenceReason: 'the port range set inside the pod cannot be seen from here',
    alwaysGaps: ['pod-settings'],
    remedy:
      'reuse connections in that pod, run more pods of it, or set net.ipv4.ip_local_port_range in its securityContext',
  });
}

function busiestSource({ facts, use }: SpaceContext): { address: number; ports: number } {
  const counts = new Map<number, number>();
  const { source } = facts.flows.flows;
  for (const row of use.rows) {
    if (podHolds(facts, row)) counts.set(source[row] ?? 0, (counts.get(source[row] ?? 0) ?? 0) + 1);
  }
  let busiest = { address: 0, ports: 0 };
  for (const [address, ports] of counts) if (ports > busiest.ports) busiest = { address, ports };
  return busiest;
}

/** Whether the pod's own socket still exists, as far as the node can tell. */
function podHolds({ flows: { flows }, settings }: NodeFacts, row: number): boolean {
  const status = flows.status[row] ?? 0;
  const state = flows.tcpState[row] ?? 0;
  if ((status & INBOUND) !== 0 || state === CLOSE || !rangeContains(POD_PORTS, flows.sourcePort[row] ?? 0))
    return false;
  if (state !== TIME_WAIT) return true;
  const age = (settings.tcpTimeWaitSeconds ?? DEFAULT_TIME_WAIT_SECONDS) - (flows.timeoutSeconds[row] ?? 0);
  return (status & REMOTE_CLOSED_FIRST) === 0 && age < POD_TIME_WAIT_SECONDS;
}
