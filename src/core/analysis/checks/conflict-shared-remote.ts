// One remote address and port that is both the server of a SNATed flow and a client of the node: the only clash inside conntrack.
import { TIME_WAIT } from '../../model/tcp-state.ts';
import type { NodeFacts } from '../../model/node-facts.ts';
import type { NodeContext } from '../check-context.ts';
import { aboutNode } from '../compose-finding.ts';
import type { Finding } from '../finding.ts';
import { formatPortSpace } from '../../model/port-space.ts';
import { protocolName } from '../../model/protocol.ts';

/** The lowest port's flow by port, pod and remote; how many others there are. */
function nameFirst({ flows }: NodeFacts, live: Uint32Array): string {
  const { port, portSpace, source } = flows.flows;
  const [row = 0] = live.toSorted((left, right) => (port[left] ?? 0) - (port[right] ?? 0));
  const { remoteAddress, remotePort, protocol } = flows.portSpace(portSpace[row] ?? 0);
  const remote = `${remoteAddress.includes(':') ? `[${remoteAddress}]` : remoteAddress}:${remotePort}`;
  const others = live.length === 1 ? '' : ` (and ${live.length - 1} more flows like it)`;
  return `Remote ${remote} is both server of pod ${flows.address(source[row] ?? 0)} and client of this node, and the pod's flow holds ${protocolName(protocol)} port ${port[row] ?? 0}, which the node offers${others}`;
}

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
      sentence: `${nameFirst(facts, live)}: packets from that remote to that port go to the pod.`,
      numbers: { flows: { value: live.length, unit: 'flows', source: 'conntrack dump' } },
      because: [
        ...where.toSorted().map((text) => `Held: ${text}.`),
        'Packets of one remote address and port to one local port belong to one connection entry; this is mostly seen with UDP peers that use one port for both directions.',
      ],
      base: 'medium',
      confidenceReason: 'that the remote sends to that port just now was not seen',
      weights: { 'host-flows': 'low', listeners: 'medium', 'flows-incomplete': 'medium' },
      remedy: 'keep NodePorts outside the range, so that no pod flow can hold one',
    }),
  ];
}
