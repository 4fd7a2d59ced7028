// Builds one IPv4 packet with a chosen source port: a UDP datagram or a TCP SYN.
import { TCP } from '../../core/model/protocol.ts';

const IP_BYTES = 20;
const TCP_BYTES = 20;
const UDP_BYTES = 8;
const SYN = 0x02;

export interface PacketFields {
  /** IPPROTO_TCP makes a SYN, IPPROTO_UDP an empty datagram. */
  readonly protocol: number;
  /** 4 bytes. */
  readonly source: Uint8Array;
  /** 4 bytes. */
  readonly destination: Uint8Array;
  readonly destinationPort: number;
}

/** A packet whose source port (and for a SYN the sequence number) is set before each send. */
export class RawPacket {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #isTcp: boolean;

  constructor(fields: PacketFields) {
    this.#isTcp = fields.protocol === TCP;
    this.bytes = new Uint8Array(IP_BYTES + (this.#isTcp ? TCP_BYTES : UDP_BYTES));
    this.#view = new DataView(this.bytes.buffer);
    this.#writeIpHeader(fields);
    this.#view.setUint16(IP_BYTES + 2, fields.destinationPort);
    if (this.#isTcp) {
      this.bytes[IP_BYTES + 12] = (TCP_BYTES / 4) << 4;
      this.bytes[IP_BYTES + 13] = SYN;
      this.#view.setUint16(IP_BYTES + 14, 64_240);
    } else {
      this.#view.setUint16(IP_BYTES + 4, UDP_BYTES);
    }
  }

  /** Sets the source port and, for a SYN, the sequence number; repairs the TCP checksum (conntrack verifies it). */
  aim(sourcePort: number, sequence = 1000): void {
    this.#view.setUint16(IP_BYTES, sourcePort);
    if (!this.#isTcp) return;
    this.#view.setUint32(IP_BYTES + 4, sequence);
    this.#view.setUint16(IP_BYTES + 16, 0);
    this.#view.setUint16(IP_BYTES + 16, this.#tcpChecksum());
  }

  /** The kernel fills identification and header checksum of an IPPROTO_RAW packet (raw(7)). */
  #writeIpHeader(fields: PacketFields): void {
    this.bytes[0] = 0x45;
    this.#view.setUint16(2, this.bytes.length);
    this.bytes[8] = 64;
    this.bytes[9] = fields.protocol;
    this.bytes.set(fields.source, 12);
    this.bytes.set(fields.destination, 16);
  }

  #tcpChecksum(): number {
    let sum = TCP + TCP_BYTES;
    for (let at = 12; at < this.bytes.length; at += 2) sum += this.#view.getUint16(at);
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
    return ~sum & 0xffff;
  }
}
