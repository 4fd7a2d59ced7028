// Old-kernel mode: makes entries that enter TIME_WAIT or CLOSE impossible to take over, as on kernels before 6.5, by setting
// IPS_FIXED_TIMEOUT on them as their UPDATE events arrive (nf_nat_used_tuple_harder spares such entries).
import { isClosing } from '../../core/model/tcp-state.ts';
import { AttributeReader } from '../netlink/attribute-reader.ts';
import { MessageWriter } from '../netlink/message-writer.ts';
import {
  eachMessage,
  NETLINK_NETFILTER,
  NetlinkSocket,
  NLM_F_REQUEST,
  type NetlinkMessage,
  RECEIVE_BYTES,
} from '../netlink/netlink-socket.ts';
import { AF_INET } from '../netlink/pack-address.ts';
import * as ct from './write-numbers.ts';

/** Listens in this thread's namespace; `step` handles what has arrived. */
export class FixedTimeWait {
  readonly #events: NetlinkSocket;
  readonly #requests: NetlinkSocket;
  readonly #buffer = new Uint8Array(RECEIVE_BYTES);
  #changed = 0;

  /** Errors: PTL_LIBC. */
  constructor() {
    this.#events = new NetlinkSocket(NETLINK_NETFILTER, { timeoutSeconds: 0.02 });
    this.#events.setReceiveBuffer(16 << 20);
    this.#events.join(ct.NFNLGRP_CONNTRACK_UPDATE);
    this.#requests = new NetlinkSocket(NETLINK_NETFILTER, { nonBlocking: true });
  }

  /** Entries changed so far. */
  get changed(): number {
    return this.#changed;
  }

  /** Waits up to 20 ms for events and handles all that are there. */
  step(): void {
    for (let wait = true; ; wait = false) {
      const length = this.#events.receive(this.#buffer, wait);
      if (length === 0) return;
      if (length !== 'overrun') eachMessage(this.#buffer, length, (message) => this.#update(message));
    }
  }

  close(): void {
    this.#events.close();
    this.#requests.close();
  }

  #update(message: NetlinkMessage): void {
    const event = decodeUpdate(message);
    if (event === undefined || !isClosing(event.state) || (event.status & ct.IPS_FIXED_TIMEOUT) !== 0) return;
    const writer = new MessageWriter(256);
    writer.begin(ct.ctMessage(ct.IPCTNL_MSG_CT_NEW), NLM_F_REQUEST, this.#requests.nextSequence()).nfgen(AF_INET);
    writer
      .attribute(ct.CTA_TUPLE_ORIG | 0x8000, event.original)
      .be32(ct.CTA_STATUS, event.status | ct.IPS_FIXED_TIMEOUT);
    this.#requests.send(writer.end().bytes);
    this.#requests.receive();
    this.#changed += 1;
  }
}

interface UpdateEvent {
  /** The bytes inside CTA_TUPLE_ORIG, to be sent back as they came. */
  readonly original: Uint8Array;
  readonly status: number;
  readonly state: number;
}

function decodeUpdate(message: NetlinkMessage): UpdateEvent | undefined {
  const reader = new AttributeReader(message.bytes, message.start + 4, message.stop);
  let original: Uint8Array | undefined;
  let status = 0;
  let state = 0;
  while (reader.next()) {
    if (reader.type === ct.CTA_TUPLE_ORIG) original = reader.value();
    else if (reader.type === ct.CTA_STATUS) status = reader.be32();
    else if (reader.type === ct.CTA_PROTOINFO) state = tcpState(reader.nested());
  }
  return original === undefined ? undefined : { original, status, state };
}

function tcpState(protocolInfo: AttributeReader): number {
  while (protocolInfo.next()) {
    if (protocolInfo.type !== ct.CTA_PROTOINFO_TCP) continue;
    const tcp = protocolInfo.nested();
    while (tcp.next()) if (tcp.type === ct.CTA_PROTOINFO_TCP_STATE) return tcp.u8();
  }
  return 0;
}
