// recycled-too-early: ports go back into use while the remote still holds their old connection in TIME_WAIT.
// Page: docs/checks/recycled-too-early.md
import { REMOTE_CLOSED_FIRST } from '../../model/flow-status.ts';
import { TCP } from '../../model/protocol.ts';
import { TIME_WAIT } from '../../model/tcp-state.ts';
import type { SpaceContext } from '../check-context.ts';
import { DEFAULT_TIME_WAIT_SECONDS } from '../churn.ts';
import { aboutSpace } from '../compose-finding.ts';
import type { Finding } from '../finding.ts';
import { cautionForPorts, remedyForReuse } from '../remedy.ts';
import { occupancyNumbers } from '../space-numbers.ts';
import { RECYCLE_CHANCE } from '../thresholds.ts';

/** How long a Linux remote refuses the same address and port again (TCP_TIMEWAIT_LEN). */
const REMOTE_TIME_WAIT_SECONDS = 60;

/** Fires when a new SYN likely takes over an entry whose remote closed first, less than 60 s ago. */
export function checkRecycledTooEarly(context: SpaceContext): Finding | undefined {
  const { pressure, use, space } = context;
  if (space.protocol !== TCP || pressure.evicts === 'no' || use.evictablePorts === 0) return undefined;
  const fresh = freshRemoteCloses(context);
  const chance = (pressure.takeover * fresh) / use.evictablePorts;
  if (chance < RECYCLE_CHANCE) return undefined;
  return aboutSpace(context, {
    check: 'recycled-too-early',
    severity: 'warning',
    sentence:
      'New connections take over source ports that the destination itself still keeps in TIME_WAIT; it may refuse them, and no counter of this node shows it.',
    numbers: {
      ...occupancyNumbers(context),
      recycleChance: { value: chance, unit: 'probability', source: 'computed from the port map' },
      freshRemoteCloses: { value: fresh, unit: 'ports', source: 'CTA_PROTOINFO_TCP_FLAGS_REPLY and CTA_TIMEOUT' },
    },
    because: [
      'So many ports are in use that the search reaches the candidates it may take over before it meets a free one.',
      'The remote sent the first FIN of these connections less than 60 s ago, so it holds them in TIME_WAIT and checks timestamps (PAWS).',
      ...cautionForPorts(context),
    ],
    base: 'medium',
    confidenceReason: 'what the remote does with such a SYN is counted there, and cannot be seen from here',
    alwaysGaps: ['remote-counters'],
    remedy: remedyForReuse(context),
  });
}

/** Ports the remote closed first and less than its own TIME_WAIT ago; CLOSE (a reset) leaves no TIME_WAIT behind. */
function freshRemoteCloses({ facts, use }: SpaceContext): number {
  const { status, tcpState, timeoutSeconds, port } = facts.flows.flows;
  const full = facts.settings.tcpTimeWaitSeconds ?? DEFAULT_TIME_WAIT_SECONDS;
  let fresh = 0;
  for (const row of use.rows) {
    const closedFirst = ((status[row] ?? 0) & REMOTE_CLOSED_FIRST) !== 0 && tcpState[row] === TIME_WAIT;
    if (!closedFirst || !use.evictable.has(port[row] ?? 0)) continue;
    if (full - (timeoutSeconds[row] ?? 0) < REMOTE_TIME_WAIT_SECONDS) fresh += 1;
  }
  return fresh;
}
