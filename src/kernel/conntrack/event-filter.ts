// A classic BPF program that lets the kernel drop, before they are queued, events of entries that hold no port of this node:
// neither SNATed nor from or to one of its own addresses. What it cannot tell apart it passes; the sieve behind it decides.
import { parseAddress } from '../../core/model/address.ts';

// Instruction codes (include/uapi/linux/bpf_common.h).
const LD_IMM = 0x00;
const LDX_IMM = 0x01;
const LD_WORD = 0x20;
const LD_WORD_AT_X = 0x40;
const JUMP_EQUAL = 0x15;
const JUMP_SET = 0x45;
const TAX = 0x07;
const RETURN = 0x06;

/** SKF_AD_OFF + SKF_AD_NLATTR: A becomes the offset of the attribute X among those from A on, 0 when there is none. */
const FIND_ATTRIBUTE = 0xfffff000 + 12;
const CTA_STATUS = 3;
const IPS_SRC_NAT = 0x10;

/** nlmsghdr and nfgenmsg. */
const FIRST_ATTRIBUTE = 20;
/** nla_len 52 CTA_TUPLE_ORIG, nla_len 20 CTA_TUPLE_IP: an IPv4 tuple with ports; words load big endian, attributes are little endian. */
const PLAIN_TUPLE = 0x34000180;
const PLAIN_ADDRESSES = 0x14000180;
const ORIG_SOURCE = 32;
const ORIG_DESTINATION = 40;

const PASS = 0xffffffff;
const DROP = 0;

/** BPF_MAXINSNS is 4,096; a node with more addresses than this (IPVS Services) filters in user space. */
const MOST_ADDRESSES = 500;

interface Instruction {
  readonly code: number;
  /** How many instructions to skip when the condition holds, and when it does not. */
  readonly ifTrue?: number;
  readonly ifFalse?: number;
  readonly k: number;
}

/** struct sock_filter, 8 bytes each; undefined when there are too many addresses for a program. */
export function eventFilter(ownAddresses: readonly string[]): Uint8Array | undefined {
  const words = ownAddresses.flatMap(ipv4Word);
  return words.length > MOST_ADDRESSES ? undefined : encode([...statusPart(), ...tuplePart(), ...addressPart(words)]);
}

function statusPart(): readonly Instruction[] {
  return [
    { code: LD_IMM, k: FIRST_ATTRIBUTE },
    { code: LDX_IMM, k: CTA_STATUS },
    { code: LD_WORD, k: FIND_ATTRIBUTE },
    { code: JUMP_EQUAL, k: 0, ifTrue: 3 },
    { code: TAX, k: 0 },
    { code: LD_WORD_AT_X, k: 4 },
    { code: JUMP_SET, k: IPS_SRC_NAT, ifFalse: 1 },
    { code: RETURN, k: PASS },
  ];
}

/** Anything but a plain IPv4 tuple passes. */
function tuplePart(): readonly Instruction[] {
  return [
    { code: LD_WORD, k: FIRST_ATTRIBUTE },
    { code: JUMP_EQUAL, k: PLAIN_TUPLE, ifFalse: 2 },
    { code: LD_WORD, k: FIRST_ATTRIBUTE + 4 },
    { code: JUMP_EQUAL, k: PLAIN_ADDRESSES, ifTrue: 1 },
    { code: RETURN, k: PASS },
  ];
}

/** A return behind each comparison: a jump reaches 255 instructions only. */
function addressPart(words: readonly number[]): readonly Instruction[] {
  const compare = (k: number): readonly Instruction[] => [
    { code: JUMP_EQUAL, k, ifFalse: 1 },
    { code: RETURN, k: PASS },
  ];
  return [
    { code: LD_WORD, k: ORIG_SOURCE },
    ...words.flatMap(compare),
    { code: LD_WORD, k: ORIG_DESTINATION },
    ...words.flatMap(compare),
    { code: RETURN, k: DROP },
  ];
}

function encode(program: readonly Instruction[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(program.length * 8));
  program.forEach(({ code, ifTrue = 0, ifFalse = 0, k }, index) => {
    view.setUint16(index * 8, code, true);
    view.setUint8(index * 8 + 2, ifTrue);
    view.setUint8(index * 8 + 3, ifFalse);
    view.setUint32(index * 8 + 4, k, true);
  });
  return new Uint8Array(view.buffer);
}

/** Loopback is left out: what stays on it holds no port of a node address. */
function ipv4Word(text: string): readonly number[] {
  const bytes = text.includes(':') || text.startsWith('127.') ? undefined : parseAddress(text);
  return bytes === undefined ? [] : [new DataView(bytes.buffer).getUint32(12, false)];
}
