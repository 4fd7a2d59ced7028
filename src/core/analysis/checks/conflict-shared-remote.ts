// One remote address and port that is both the server of a SNATed flow and a client of the node: the only clash inside conntrack.
import { TIME_WAIT } from '../../model/tcp-state.ts';
import type { NodeContext } from '../check-context.ts';
import { aboutNode } from '../compose-finding.ts';
import type { Finding } from '../finding.ts';
import { formatPortSpace } from '../../model/port-space.ts';
import { protocolName } from '../../model/protocol.ts';

/** Fires for live SNATed flows on a claimed port towards a remote socket that also opened a flow to this node. */
export function sharedRemotes({ facts, survey }: NodeContext): readonly Finding[] {
  const { flows } = facts;
  const live = survey.sharedTuples.filter((row) => (flows.flows.tcpState[row] ?? 0) < TIME_WAIT);
  if (live.length === 0) return [];
  const where = Array.from(live.subarray(0, 3), (row) => {
    const space = flows.portSpace(flows.flows.portSpace[row] ?? 0);
    return `port ${flows.flows.port[row] ?? 0} in ${formatPortSpace(space, protocolName(space.protocol))}`;
  });
  return [
    aboutNode(facts.gaps, {
      check: 'conflict',
      severity: 'warning',
      sentence:
        "A remote socket is both server of a pod and client of this node, and the pod's flow holds a port that the node offers: packets from that socket to that port go to the pod.",
      numbers: { flows: { value: live.length, unit: 'flows', source: 'conntrack dump' } },
      because: [
        ...where.toSorted().map((text) => `Held: ${text}.`),
        'Packets of one remote address and port to one local port belong to one connection entry; this is mostly seen with UDP peers that use one port for both directions.',
      ],
      base: 'medium',
      weights: { 'host-flows': 'low', listeners: 'medium', 'flows-incomplete': 'medium' },
      remedy: 'keep NodePorts outside the range, so that no pod flow can hold one',
    }),
  ];
}
