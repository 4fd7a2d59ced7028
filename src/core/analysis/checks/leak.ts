// leak: entries that no living connection stands behind fill a port space. Page: docs/checks/leak.md
import { SEEN_REPLY } from '../../model/flow-status.ts';
import { TCP } from '../../model/protocol.ts';
import { CLOSE_WAIT, ESTABLISHED, FIN_WAIT, LAST_ACK, SYN_SENT } from '../../model/tcp-state.ts';
import type { SpaceContext } from '../check-context.ts';
import { gravestLoss } from '../attribute-losses.ts';
import { aboutSpace } from '../compose-finding.ts';
import { OCCUPANCY_GAPS } from '../confidence.ts';
import type { Finding } from '../finding.ts';
import { lossEvidence, occupancyNumbers } from '../space-numbers.ts';
import { dropSeverity } from '../thresholds.ts';

/** Ports held without a living connection, by kind. */
interface Leaked {
  readonly halfClosed: number;
  readonly unanswered: number;
  readonly idle: number;
}

/** A space must be half full, and half of that leaked, before a leak is worth a name. */
const FILLED_SHARE = 0.5;
const LEAKED_SHARE = 0.5;

/** net.ipv4.tcp_keepalive_time: an entry idle for longer has a peer without keep-alive, or none at all. */
const IDLE_SECONDS = 7200;

/** nf_conntrack_tcp_timeout_established when the sysctl cannot be read. */
const ESTABLISHED_SECONDS = 432_000;

/** Fires when half of a half-full space is half-closed, unanswered or idle; idle alone is only worth a note. */
export function checkLeak(context: SpaceContext): Finding | undefined {
  const { use, pressure, space } = context;
  if (space.protocol !== TCP || use.used < FILLED_SHARE * pressure.capacity) return undefined;
  const leaked = countLeaked(context);
  const [kind, count] = largest(leaked);
  if (count < LEAKED_SHARE * use.used) return undefined;
  return aboutSpace(context, {
    check: 'leak',
    severity: kind === 'idle' ? 'info' : (dropSeverity(gravestLoss(context)) ?? 'warning'),
    sentence: SENTENCES[kind],
    numbers: { ...occupancyNumbers(context), leakedPorts: { value: count, unit: 'ports', source: 'conntrack dump' } },
    because: [HOW[kind], 'No kernel takes such entries over before their timeout.', ...lossEvidence(context)],
    base: kind === 'idle' ? 'low' : 'high',
    confidenceReason: 'an idle connection may still be wanted by both its ends',
    weights: { ...OCCUPANCY_GAPS, ...(kind === 'idle' ? { sysctls: 'low' } : {}) },
    remedy: REMEDIES[kind],
  });
}

function countLeaked({ facts, use }: SpaceContext): Leaked {
  const { status, tcpState, timeoutSeconds } = facts.flows.flows;
  const idleBelow = (facts.settings.tcpEstablishedSeconds ?? ESTABLISHED_SECONDS) - IDLE_SECONDS;
  const leaked = { halfClosed: 0, unanswered: 0, idle: 0 };
  for (const row of use.holders) {
    const state = tcpState[row] ?? 0;
    if (state === CLOSE_WAIT || state === FIN_WAIT || state === LAST_ACK) leaked.halfClosed += 1;
    else if (state === SYN_SENT && ((status[row] ?? 0) & SEEN_REPLY) === 0) leaked.unanswered += 1;
    else if (state === ESTABLISHED && (timeoutSeconds[row] ?? 0) < idleBelow) leaked.idle += 1;
  }
  return leaked;
}

function largest(leaked: Leaked): readonly [keyof Leaked, number] {
  if (leaked.halfClosed >= leaked.unanswered && leaked.halfClosed >= leaked.idle)
    return ['halfClosed', leaked.halfClosed];
  return leaked.unanswered >= leaked.idle ? ['unanswered', leaked.unanswered] : ['idle', leaked.idle];
}

const SENTENCES: Readonly<Record<keyof Leaked, string>> = {
  halfClosed:
    'Connections that one side has closed and the other has not hold most source ports towards this destination.',
  unanswered: 'Connection attempts that nobody answers hold most source ports towards this destination.',
  idle: 'Connections without a packet for over two hours hold most source ports towards this destination; their peers may be gone.',
};

const HOW: Readonly<Record<keyof Leaked, string>> = {
  halfClosed: 'Counted by state: FIN_WAIT, CLOSE_WAIT and LAST_ACK last round trips when both sides close.',
  unanswered:
    'Counted by state: SYN_SENT without a reply holds its port for 120 s, and each new attempt takes another one.',
  idle: 'Counted by timeout: an established entry starts at its full timeout with every packet, and these are over two hours below it.',
};

const REMEDIES: Readonly<Record<keyof Leaked, string>> = {
  halfClosed: 'find the program that does not close its sockets (ss -tn state close-wait in the pods named here)',
  unanswered: 'check that the destination answers, or stop the pods named here from retrying',
  idle: 'switch on TCP keep-alive in the pods named here, or close idle connections',
};
