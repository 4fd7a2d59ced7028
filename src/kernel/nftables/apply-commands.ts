// Applies commands to this thread's namespace as ONE nf_tables transaction: all of them or none
// (nfnetlink_rcv_batch in net/netfilter/nfnetlink.c).
import { MessageWriter } from '../netlink/message-writer.ts';
import { NETLINK_NETFILTER, NLM_F_REQUEST, NetlinkSocket } from '../netlink/netlink-socket.ts';
import type { NftCommand } from './nft-command.ts';
import { writeCommand } from './write-command.ts';

const NFNL_MSG_BATCH_BEGIN = 0x10;
const NFNL_MSG_BATCH_END = 0x11;
const NFNL_SUBSYS_NFTABLES = 10;

/** Errors: PTL_NETLINK with the errno and text of the first command the kernel refuses; nothing is changed then. */
export function applyCommands(commands: readonly NftCommand[]): void {
  if (commands.length === 0) return;
  const socket = new NetlinkSocket(NETLINK_NETFILTER);
  try {
    socket.batch(
      encodeTransaction(commands, () => socket.nextSequence()),
      commands.length,
      'change nf_tables',
    );
  } finally {
    socket.close();
  }
}

/** The bytes of the transaction; every command asks for an acknowledgement. */
export function encodeTransaction(commands: readonly NftCommand[], sequence: () => number): Uint8Array {
  const writer = new MessageWriter(16_384);
  marker(writer, NFNL_MSG_BATCH_BEGIN, sequence());
  for (const command of commands) writeCommand(writer, { command, sequence: sequence() });
  marker(writer, NFNL_MSG_BATCH_END, sequence());
  return writer.bytes;
}

function marker(writer: MessageWriter, type: number, sequence: number): void {
  writer.begin(type, NLM_F_REQUEST, sequence).nfgen(0, NFNL_SUBSYS_NFTABLES).end();
}
