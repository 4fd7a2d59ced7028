// Numbered flows to one port space: number n is always the same flow.
import { UDP } from '../../src/core/model/protocol.ts';
import { type Flow, type NatNode, REMOTE, type Space } from './nat-node.ts';

export const UDP_SPACE: Space = { protocol: UDP, remote: REMOTE, remotePort: 53 };

/** Pods of 30,000 source ports each, 10000-39999: outside none of the ranges under test matters, since the rules always search. */
const PORTS_PER_POD = 30_000;

/** Flow number `id` (0 or above) to a port space. */
export function flowTo(space: Space, id: number): Flow {
  const pod = Math.floor(id / PORTS_PER_POD);
  return { ...space, source: `10.244.1.${pod + 1}`, sourcePort: 10_000 + (id % PORTS_PER_POD) };
}

/** Tries until a port is found; each try is a new search. */
export function openUntilFound(node: NatNode, flow: Flow): Flow {
  for (let tries = 0; !node.open(flow); tries += 1)
    if (tries > 1_000_000)
      throw new Error('Cannot open a flow: a million searches failed, wanted a free port to be met');
  return flow;
}

/** Every port of a range. */
export function portsOf({ first, last }: { readonly first: number; readonly last: number }): Uint16Array {
  return Uint16Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
