// Takes a message's attributes apart and puts them together again in another order or with unknown ones in between.

export interface Attribute {
  readonly type: number;
  readonly value: Uint8Array | readonly Attribute[];
}

const NESTED = 0x8000;

/** The attributes of a whole message (nlmsghdr and nfgenmsg in front). */
export function attributesOf(bytes: Uint8Array, start = 20): readonly Attribute[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const attributes: Attribute[] = [];
  for (let at = start; at + 4 <= bytes.length; ) {
    const length = view.getUint16(at, true);
    const type = view.getUint16(at + 2, true);
    const value = bytes.slice(at + 4, at + length);
    attributes.push({ type, value: (type & NESTED) === 0 ? value : attributesOf(value, 0) });
    at += (length + 3) & ~3;
  }
  return attributes;
}

/** A whole message with the header of `original` and these attributes. */
export function messageOf(original: Uint8Array, attributes: readonly Attribute[]): Uint8Array {
  const body = bytesOf(attributes);
  const message = new Uint8Array(20 + body.length);
  message.set(original.subarray(0, 20));
  message.set(body, 20);
  new DataView(message.buffer).setUint32(0, message.length, true);
  return message;
}

function bytesOf(attributes: readonly Attribute[]): Uint8Array {
  const parts = attributes.map(({ type, value }) => {
    const inner = value instanceof Uint8Array ? value : bytesOf(value);
    const part = new Uint8Array((4 + inner.length + 3) & ~3);
    const view = new DataView(part.buffer);
    view.setUint16(0, 4 + inner.length, true);
    view.setUint16(2, type, true);
    part.set(inner, 4);
    return part;
  });
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
