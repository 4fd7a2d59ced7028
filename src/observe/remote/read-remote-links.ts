// The addresses and tunnels of a node, by `ip` there; its addresses by the API server where that cannot be asked.
import type { Gap } from '../../core/model/gap.ts';
import type { PortClaim } from '../../core/model/port-claim.ts';
import { parseIpJson } from '../../dumps/links/parse-ip-json.ts';
import type { NodeCommands } from './node-commands.ts';
import { noLinks, portlessLink } from './remote-gaps.ts';

export interface RemoteLinks {
  /** Undefined when nobody told. */
  readonly addresses: readonly string[] | undefined;
  readonly tunnels: readonly PortClaim[];
  readonly wereRead: boolean;
  readonly gaps: readonly Gap[];
}

export async function readRemoteLinks(
  commands: NodeCommands,
  knownAddresses: readonly string[] | undefined,
): Promise<RemoteLinks> {
  const read = await commands.text(['ip', '-j', '-d', 'addr']);
  const links = read.ok ? parseIpJson(read.text) : undefined;
  if (links === undefined)
    return {
      addresses: knownAddresses,
      tunnels: [],
      wereRead: false,
      gaps: [noLinks(read.ok ? 'ip printed no whole JSON' : read.why)],
    };
  const { addresses, tunnels, portless } = links;
  return { addresses, tunnels, wereRead: portless.length === 0, gaps: portless.map(portlessLink) };
}
