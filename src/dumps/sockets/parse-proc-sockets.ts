// Text of /proc/net/tcp, tcp6, udp, udp6 (tcp4_seq_show, udp4_seq_show): addresses as hexadecimal words in host order.
import { formatAddress } from '../../core/model/address.ts';
import { TCP, UDP } from '../../core/model/protocol.ts';
import type { TextListener } from './text-listener.ts';

/** TCP_LISTEN, and TCP_CLOSE: what an unconnected UDP socket is in. */
const TCP_LISTEN = '0A';
const TCP_CLOSE = '07';

/** `0: 00000000:0016 00000000:0000 0A ...`. */
const LINE = /^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2}) /;
/** Only UDP sockets count drops. */
const UDP_HEADER = /^\s*sl\s+local_address.*\bdrops\b/;

/** Several of these files may follow each other, each with its header. Never throws. */
export function parseProcSockets(text: string): TextListener[] {
  const found: TextListener[] = [];
  let protocol = TCP;
  for (const line of text.split('\n')) {
    if (line.includes('local_address')) protocol = UDP_HEADER.test(line) ? UDP : TCP;
    const [, address = '', port = '', state] = LINE.exec(line) ?? [];
    if (state !== (protocol === UDP ? TCP_CLOSE : TCP_LISTEN) || port === '0000') continue;
    found.push({
      protocol,
      port: Number.parseInt(port, 16),
      address: addressOf(address),
      process: undefined,
      source: `/proc/net/${protocol === UDP ? 'udp' : 'tcp'}${address.length > 8 ? '6' : ''}`,
    });
  }
  return found;
}

/** Little-endian words, as every machine that runs this program's readers writes them. */
function addressOf(hex: string): string {
  const bytes = new Uint8Array(16);
  const start = hex.length === 8 ? 12 : 0;
  if (hex.length === 8) bytes.set([0xff, 0xff], 10);
  for (let at = 0; at < hex.length / 2; at += 1) {
    const word = at & ~3;
    bytes[start + word + 3 - (at & 3)] = Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16);
  }
  return formatAddress(bytes);
}
