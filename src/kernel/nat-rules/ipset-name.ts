// Names of ipsets by kernel index, over NFNL_SUBSYS_IPSET: xt_set rules hold only the index.
import { AttributeReader } from '../netlink/attribute-reader.ts';
import { MessageWriter } from '../netlink/message-writer.ts';
import type { NetlinkSocket } from '../netlink/netlink-socket.ts';
import { NLM_F_ACK, NLM_F_REQUEST } from '../netlink/netlink-socket.ts';
import { shortText } from './short-text.ts';
import type { IpsetNames } from './xt-extension.ts';

/** NFNL_SUBSYS_IPSET 6, IPSET_CMD_GET_BYINDEX 15 (protocol 7, since 4.20). */
const GET_BYINDEX = (6 << 8) | 15;
const IPSET_PROTOCOL = 7;
const IPSET_ATTR_PROTOCOL = 1;
const IPSET_ATTR_SETNAME = 2;
const IPSET_ATTR_INDEX = 11;

/** Asks the kernel once per index; undefined for an index it does not name, or when it refuses. */
export function ipsetNames(socket: NetlinkSocket): IpsetNames {
  const known = new Map<number, string | undefined>();
  return (index) => {
    if (!known.has(index)) known.set(index, ask(socket, index));
    return known.get(index);
  };
}

function ask(socket: NetlinkSocket, index: number): string | undefined {
  const writer = new MessageWriter(64);
  writer.begin(GET_BYINDEX, NLM_F_REQUEST | NLM_F_ACK, socket.nextSequence()).nfgen(2);
  writer.u8(IPSET_ATTR_PROTOCOL, IPSET_PROTOCOL).be16(IPSET_ATTR_INDEX, index).end();
  let name: string | undefined;
  try {
    socket.dump(writer.bytes, 'read the name of an ipset', ({ bytes, start, stop }) => {
      const attributes = new AttributeReader(bytes, start + 4, stop);
      while (attributes.next())
        if (attributes.type === IPSET_ATTR_SETNAME) name = shortText(bytes, attributes.start, attributes.stop);
    });
  } catch {
    return undefined;
  }
  return name === '' ? undefined : name;
}
