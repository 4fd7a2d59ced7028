// Who held a port at a moment, as programs read it: a plain object with a schema id of its own, a fixed key order and null where
// a value is not known. Changing a key's meaning or removing one makes a new schema id.
import type { PortQuestion } from '../core/analysis/port-answer.ts';
import type { PastHolder, PortHistory } from '../core/model/port-history.ts';
import { protocolName } from '../core/model/protocol.ts';

export const PORT_HISTORY_OUTPUT_SCHEMA = 'portolan.dev/output/port-history/v1';

export function portHistoryDocument(history: PortHistory, { address, protocol }: PortQuestion) {
  return {
    schema: PORT_HISTORY_OUTPUT_SCHEMA,
    node: history.node,
    address,
    port: history.port,
    protocol: protocol === undefined ? null : protocolName(protocol),
    at: isoTime(history.atMilliseconds),
    watchedSince: isoTime(history.watchedSinceMilliseconds),
    reachesBackTo: isoTime(history.reachesBackToMilliseconds),
    reachesAt: history.reachesBackToMilliseconds <= history.atMilliseconds,
    podsAgeSeconds: history.podsAgeSeconds ?? null,
    holders: history.holders.map(holderDocument),
  };
}

/** RFC 3339, in UTC. */
export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

function holderDocument({ pod, ...holder }: PastHolder) {
  return {
    protocol: protocolName(holder.protocol),
    remoteAddress: holder.remoteAddress,
    remotePort: holder.remotePort,
    zone: holder.zone,
    sourceAddress: holder.source,
    sourcePort: holder.sourcePort,
    kind: pod?.workload.kind ?? null,
    namespace: pod?.workload.namespace ?? null,
    name: pod?.workload.name ?? null,
    pod: pod === undefined ? null : `${pod.namespace}/${pod.name}`,
    podStartedAt: pod?.startedAt ?? null,
    from: isoTime(holder.fromMilliseconds),
    fromIsExact: holder.beganExactly,
    to: holder.toMilliseconds === undefined ? null : isoTime(holder.toMilliseconds),
    toIsExact: holder.toMilliseconds === undefined ? null : holder.endedExactly,
  };
}
