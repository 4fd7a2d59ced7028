import { describe, expect, it } from 'vitest';
import { errnoName } from './errno.ts';
import { MessageWriter } from './message-writer.ts';
import { NETLINK_ROUTE, NetlinkSocket, NLM_F_ACK, NLM_F_DUMP, NLM_F_REQUEST } from './netlink-socket.ts';

const RTM_NEWLINK = 16;
const RTM_GETLINK = 18;
const ifinfomsg = (index: number): Uint8Array => Uint8Array.of(0, 0, 0, 0, index, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

describe('NetlinkSocket', () => {
  it('dumps the links of this namespace', () => {
    const socket = new NetlinkSocket(NETLINK_ROUTE);
    const writer = new MessageWriter()
      .begin(RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, socket.nextSequence())
      .raw(ifinfomsg(0))
      .end();
    const types: number[] = [];
    const end = socket.dump(writer.bytes, 'list links', (message) => types.push(message.type));
    socket.close();
    expect(types.length).toBeGreaterThan(0);
    expect(new Set(types)).toEqual(new Set([RTM_NEWLINK]));
    expect(end).toEqual({ messages: types.length, interrupted: false });
  });

  it('names the action, the errno and the wanted outcome when the kernel refuses', () => {
    const socket = new NetlinkSocket(NETLINK_ROUTE);
    const writer = new MessageWriter();
    writer
      .begin(RTM_GETLINK, NLM_F_REQUEST | NLM_F_ACK, socket.nextSequence())
      .raw(ifinfomsg(127))
      .end();
    expect(() => socket.request(writer.bytes, 'read link 127')).toThrow(
      expect.objectContaining({
        code: 'PTL_NETLINK',
        message: 'Cannot read link 127: ENODEV, wanted success',
        facts: { errno: 19, errnoName: 'ENODEV' },
      }),
    );
    socket.close();
  });

  it('refuses a family that does not exist', () => {
    expect(() => new NetlinkSocket(99)).toThrow(expect.objectContaining({ code: 'PTL_LIBC' }));
    expect(errnoName(93)).toBe('EPROTONOSUPPORT');
  });
});
