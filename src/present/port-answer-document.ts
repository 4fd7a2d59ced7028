// Who is behind a port, as programs read it: a plain object with a schema id of its own, a fixed key order and null where a
// value is not known. Changing a key's meaning or removing one makes a new schema id.
import type { PortAnswer, PortFlow } from '../core/analysis/port-answer.ts';
import { protocolName } from '../core/model/protocol.ts';
import { claimDocument } from './rule-document.ts';

export const PORT_ANSWER_OUTPUT_SCHEMA = 'portolan.dev/output/port-answer/v1';

export function portAnswerDocument(answer: PortAnswer) {
  const { node, address, port, protocol, at } = answer;
  return {
    schema: PORT_ANSWER_OUTPUT_SCHEMA,
    node,
    address,
    port,
    protocol: protocol === undefined ? null : protocolName(protocol),
    at,
    flows: answer.flows.map(flowDocument),
    claims: answer.claims.map(claimDocument),
    flowsRead: answer.flowsRead,
    gaps: answer.gaps.map((gap) => ({ ...gap, remedy: gap.remedy ?? null })),
  };
}

function flowDocument(flow: PortFlow) {
  const { portSpace, holder } = flow;
  const workload = holder?.kind === 'workload' ? holder.workload : undefined;
  return {
    protocol: protocolName(portSpace.protocol),
    remoteAddress: portSpace.remoteAddress,
    remotePort: portSpace.remotePort,
    zone: portSpace.zone,
    way: flow.way,
    redirected: flow.isRedirected,
    sourceAddress: flow.source,
    sourcePort: flow.sourcePort,
    kind: workload?.kind ?? holder?.kind ?? null,
    namespace: workload?.namespace ?? null,
    name: workload?.name ?? null,
    pod: flow.pod ?? null,
    podStartedAt: flow.podStartedAt ?? null,
    state: flow.state === '' ? null : flow.state,
    timeoutSeconds: flow.timeoutSeconds,
    atLeastSecondsOld: flow.silentSeconds > 0 ? flow.silentSeconds : null,
  };
}
