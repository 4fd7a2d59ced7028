// Payloads as the kernel structures lay them out, revision by revision; nf_nat.h gives the offsets.
import { describe, expect, it } from 'vitest';
import { StructReader } from './struct-reader.ts';
import { decodeXtTarget } from './xt-target.ts';

const MAP_IPS = 1;
const PROTO_SPECIFIED = 2;
const RANDOM_FULLY = 16;

interface Ports {
  readonly flags: number;
  readonly first: number;
  readonly last: number;
}

/** nf_nat_ipv4_multi_range_compat. */
function compat({ flags, first, last }: Ports): Uint8Array {
  const view = new DataView(new ArrayBuffer(24));
  view.setUint32(0, 1, true);
  view.setUint32(4, flags, true);
  view.setUint32(8, 0xc0000205);
  view.setUint32(12, 0xc0000206);
  view.setUint16(16, first);
  view.setUint16(18, last);
  return new Uint8Array(view.buffer);
}

/** nf_nat_range, or nf_nat_range2 with base_proto behind it. */
function range(size: 40 | 44, { flags, first, last }: Ports): Uint8Array {
  const view = new DataView(new ArrayBuffer(size));
  view.setUint32(0, flags, true);
  view.setUint32(4, 0xc0000205);
  view.setUint32(20, 0xc0000205);
  view.setUint16(36, first);
  view.setUint16(38, last);
  return new Uint8Array(view.buffer);
}

function decode(name: string, revision: number, info: Uint8Array): unknown {
  return decodeXtTarget({ name, revision, info: new StructReader(info), family: 4 }).verdict;
}

const PORTS = { flags: MAP_IPS | PROTO_SPECIFIED | RANDOM_FULLY, first: 1024, last: 2047 };

describe('SNAT', () => {
  it.each([
    [0, compat(PORTS), ['192.0.2.5', '192.0.2.6']],
    [1, range(40, PORTS), ['192.0.2.5']],
    [2, range(44, PORTS), ['192.0.2.5']],
  ])('revision %d', (revision, info, addresses) => {
    expect(decode('SNAT', revision, info)).toEqual({
      kind: 'snat',
      addresses,
      range: { first: 1024, last: 2047 },
      random: 'random-fully',
    });
  });
});

describe('SNAT of addresses alone', () => {
  it('has addresses and no range', () => {
    const verdict = decode('SNAT', 1, range(40, { flags: MAP_IPS, first: 1024, last: 2047 }));
    expect(verdict).toEqual({ kind: 'snat', addresses: ['192.0.2.5'], range: undefined, random: 'none' });
  });
});

describe('MASQUERADE', () => {
  it('has no range unless NF_NAT_RANGE_PROTO_SPECIFIED is set', () => {
    const verdict = decode('MASQUERADE', 0, compat({ flags: 0, first: 1024, last: 2047 }));
    expect(verdict).toEqual({ kind: 'masquerade', range: undefined, random: 'none' });
  });

  it('turns a reversed range as the kernel does', () => {
    const verdict = decode('MASQUERADE', 0, compat({ flags: PROTO_SPECIFIED, first: 2047, last: 1024 }));
    expect(verdict).toMatchObject({ range: { first: 1024, last: 2047 } });
  });

  it.each(Array.from({ length: 20 }, (_, length) => length))(
    'is unknown when only %d bytes of it are there',
    (length) => {
      const info = new StructReader(compat(PORTS).slice(0, length));
      const effect = decodeXtTarget({ name: 'MASQUERADE', revision: 0, info, family: 4 });
      expect(effect).toMatchObject({ verdict: { kind: 'continue' }, unknown: 'MASQUERADE revision 0 (cut short)' });
    },
  );
});

describe('CT', () => {
  it.each([
    [1, true],
    [0, false],
    [2, false],
  ])('with flags %d keeps out of conntrack: %s', (flags, notrack) => {
    const info = new StructReader(Uint8Array.of(flags, 0, 0, 0));
    expect(decodeXtTarget({ name: 'CT', revision: 2, info, family: 4 }).notrack).toBe(notrack);
  });
});
