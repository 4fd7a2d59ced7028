// The nf_tables expressions that rules are made of: load into a register, test it, end with a verdict. NFT_REG_1 is the register.
import type { MessageWriter } from '../netlink/message-writer.ts';

const NFTA_LIST_ELEM = 1;
const NFTA_EXPR_NAME = 1;
const NFTA_EXPR_DATA = 2;
const NFTA_DATA_VALUE = 1;
const NFTA_DATA_VERDICT = 2;
const NFT_REG_VERDICT = 0;
const NFT_REG_1 = 1;

/** One expression; `fill` writes its attributes. */
export function expression(writer: MessageWriter, name: string, fill: () => void): void {
  writer.nest(NFTA_LIST_ELEM, () => {
    writer.text(NFTA_EXPR_NAME, name).nest(NFTA_EXPR_DATA, fill);
  });
}

/** NFT_META_* into the register. */
export function loadMeta(writer: MessageWriter, key: number): void {
  expression(writer, 'meta', () => writer.be32(2, key).be32(1, NFT_REG_1));
}

/** NFT_CT_* into the register. */
export function loadCt(writer: MessageWriter, key: number): void {
  expression(writer, 'ct', () => writer.be32(2, key).be32(1, NFT_REG_1));
}

export interface PayloadField {
  /** NFT_PAYLOAD_NETWORK_HEADER 1 or NFT_PAYLOAD_TRANSPORT_HEADER 2. */
  readonly base: number;
  /** Bytes from the header's start. */
  readonly offset: number;
  readonly length: number;
}

/** A packet field into the register. */
export function loadPayload(writer: MessageWriter, field: PayloadField): void {
  expression(writer, 'payload', () => {
    writer.be32(1, NFT_REG_1).be32(2, field.base).be32(3, field.offset).be32(4, field.length);
  });
}

/** Breaks off the rule unless `register <operator> value` (NFT_CMP_*). */
export function compare(writer: MessageWriter, operator: number, value: Uint8Array): void {
  expression(writer, 'cmp', () => {
    writer.be32(1, NFT_REG_1).be32(2, operator);
    writer.nest(3, () => writer.attribute(NFTA_DATA_VALUE, value));
  });
}

/** register = register & mask. */
export function bitwise(writer: MessageWriter, mask: Uint8Array): void {
  expression(writer, 'bitwise', () => {
    writer.be32(1, NFT_REG_1).be32(2, NFT_REG_1).be32(3, mask.length);
    writer.nest(4, () => writer.attribute(NFTA_DATA_VALUE, mask));
    writer.nest(5, () => writer.attribute(NFTA_DATA_VALUE, new Uint8Array(mask.length)));
  });
}

/** A constant into a register. */
export function immediate(writer: MessageWriter, register: number, value: Uint8Array): void {
  expression(writer, 'immediate', () => {
    writer.be32(1, register);
    writer.nest(2, () => writer.attribute(NFTA_DATA_VALUE, value));
  });
}

/** Ends the rule with a verdict code (NF_* or NFT_*), for jump and goto with a chain. */
export function verdict(writer: MessageWriter, code: number, chain?: string): void {
  expression(writer, 'immediate', () => {
    writer.be32(1, NFT_REG_VERDICT);
    writer.nest(2, () => {
      writer.nest(NFTA_DATA_VERDICT, () => {
        writer.be32(1, code);
        if (chain !== undefined) writer.text(2, chain);
      });
    });
  });
}
