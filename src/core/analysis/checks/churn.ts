// churn: ports are lost to flows that are already over and that this kernel does not take over. Page: docs/checks/churn.md
import { FIXED_TIMEOUT, OFFLOADED } from '../../model/flow-status.ts';
import { isClosing } from '../../model/tcp-state.ts';
import type { SpaceContext } from '../check-context.ts';
import { gravestLoss } from '../attribute-losses.ts';
import { aboutSpace } from '../compose-finding.ts';
import type { Finding } from '../finding.ts';
import { cautionForPorts, remedyForPorts } from '../remedy.ts';
import { howMeasured, lossEvidence, occupancyNumbers, optional } from '../space-numbers.ts';
import { dropSeverity } from '../thresholds.ts';

/** Fires on the same probability as `exhausted` when most of the ports in the way are closing or one-shot. */
export function checkChurn(context: SpaceContext): Finding | undefined {
  const severity = dropSeverity(gravestLoss(context));
  if (severity === undefined || !isTransient(context)) return undefined;
  const { use, churn } = context;
  return aboutSpace(context, {
    check: 'churn',
    severity,
    sentence:
      use.oneShot > use.closing
        ? 'Exchanges that are already over hold most source ports towards this destination until their timeout, faster than ports become free.'
        : `Closed connections (TIME_WAIT) hold most source ports towards this destination, and ${whyHeld(context)}.`,
    numbers: {
      ...occupancyNumbers(context),
      endedPorts: { value: endedPorts(context), unit: 'ports', source: 'conntrack dump' },
      ...optional('freeAgainLastSeconds', { value: churn.release?.lastSeconds, unit: 's', source: 'CTA_TIMEOUT' }),
    },
    because: [
      ...howMeasured(context),
      ...whyNotTakenOver(context),
      ...lossEvidence(context),
      ...cautionForPorts(context),
    ],
    remedy: remedyForPorts(context),
  });
}

/** Whether most of the ports that a new flow cannot have belong to flows that are over. */
export function isTransient(context: SpaceContext): boolean {
  return endedPorts(context) >= context.pressure.livePorts / 2 && endedPorts(context) > 0;
}

/** Ports of ended flows that this kernel leaves alone. */
function endedPorts({ use, pressure }: SpaceContext): number {
  return use.closing - pressure.evictablePorts + use.oneShot;
}

/** Why this kernel leaves closing entries alone: all of them, or what most of these have in common (nf_nat_used_tuple_harder). */
function whyHeld(context: SpaceContext): string {
  if (context.pressure.evicts !== 'yes') return 'the kernel does not take them over';
  const { fixed, offloaded, host } = heldByKind(context);
  if (fixed >= offloaded && fixed >= host) return 'these entries have a fixed timeout and are not taken over';
  return offloaded >= host
    ? 'these flows are offloaded and are not taken over'
    : 'these are connections of the node itself, which are not taken over';
}

function heldByKind({ facts, use }: SpaceContext): { fixed: number; offloaded: number; host: number } {
  const { status, tcpState, port } = facts.flows.flows;
  const held = { fixed: 0, offloaded: 0, host: 0 };
  for (const row of use.holders) {
    if (!isClosing(tcpState[row] ?? 0) || use.evictable.has(port[row] ?? 0)) continue;
    const bits = status[row] ?? 0;
    if ((bits & FIXED_TIMEOUT) !== 0) held.fixed += 1;
    else if ((bits & OFFLOADED) !== 0) held.offloaded += 1;
    else held.host += 1;
  }
  return held;
}

function whyNotTakenOver(context: SpaceContext): string[] {
  const { use, pressure } = context;
  if (use.oneShot > use.closing)
    return ['Only TCP entries are ever taken over; a datagram exchange holds its port until its timeout.'];
  if (pressure.evicts === 'no')
    return ['This kernel takes over no closing entry, so each port is held for the full TIME_WAIT timeout.'];
  return [`This kernel takes closing entries over, but not these: ${whyHeld(context)}.`];
}
