// The decoder on recorded messages: whole, cut at every offset, mixed up, and random. It never throws and never reads askew.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FlowTableBuilder } from '../../src/core/model/flow-table-builder.ts';
import { PortHolders } from '../../src/core/model/port-holders.ts';
import { ConntrackEntry } from '../../src/core/model/conntrack-entry.ts';
import { faultGaps } from '../../src/kernel/conntrack/dump-flows.ts';
import { DumpReader } from '../../src/kernel/conntrack/dump-reader.ts';
import { EntryDecoder } from '../../src/kernel/conntrack/entry-decoder.ts';
import { type Attribute, attributesOf, messageOf } from './attribute-tree.ts';
import { recordedMessages } from './corpus.ts';
import { textOfTable } from './flow-text.ts';

const CORPUS = recordedMessages();
const LOCAL = ['192.0.2.10', '2001:db8::10'];
/** The flows of the corpus that hold a port of LOCAL, read off `conntrack -L` when it was recorded. */
const KEPT: readonly string[] = [
  'icmp, 192.0.2.10 77 <- 203.0.113.9 0, zone 0, from 10.244.0.5 77, -, snat',
  'sctp, 192.0.2.10 1000 <- 203.0.113.9 53, zone 0, from 10.244.0.5 1000, -, snat',
  'tcp, 192.0.2.10 30080 <- 198.51.100.7 443, zone 0, from 198.51.100.7 443, CLOSE_WAIT, replied, assured, inbound',
  'tcp, 192.0.2.10 40000 <- 203.0.113.9 443, zone 0, from 10.244.0.5 1000, ESTABLISHED, snat',
  'tcp, 192.0.2.10 40001 <- 203.0.113.9 443, zone 0, from 10.244.0.6 1000, TIME_WAIT, snat, replied, assured',
  'tcp, 2001:db8::10 40000 <- 2001:db8::9 443, zone 0, from fd00::5 1000, ESTABLISHED, snat',
  'udp, 192.0.2.10 1001 <- 203.0.113.9 53, zone 4, from 192.0.2.10 1001, -',
  'udp, 192.0.2.10 40000 <- 203.0.113.9 53, zone 0, from 10.244.0.5 1000, -, snat',
  'udp, 2001:db8::10 40000 <- 2001:db8::9 53, zone 0, from fd00::5 1000, -, snat',
];
/** Seeded: the same cases every time. */
const RUNS = { seed: 20_261_122, numRuns: 400 } as const;

interface Decoded {
  readonly isEntry: boolean;
  readonly entry: ConntrackEntry;
  readonly truncated: number;
}

/** Decodes one message with a decoder that has learnt nothing, or with the one given. */
function decode(
  message: Uint8Array,
  known?: { decoder: EntryDecoder; bytes: Uint8Array; entry: ConntrackEntry },
): Decoded {
  const bytes = known?.bytes ?? new Uint8Array(65_536);
  const entry = known?.entry ?? new ConntrackEntry();
  const decoder = known?.decoder ?? new EntryDecoder(bytes, entry);
  bytes.set(message);
  const isEntry = decoder.decode(20, message.length);
  return { isEntry, entry: copyOf(entry), truncated: decoder.truncated };
}

/** For IPv4 only the fourth word of each address means anything. */
function copyOf(entry: ConntrackEntry): ConntrackEntry {
  const copy = Object.assign(new ConntrackEntry(), entry);
  const addresses = entry.addresses.map((word, index) => (entry.isIpv4 && index % 4 !== 3 ? 0 : word));
  return Object.assign(copy, { addresses });
}

function veteran(): { decoder: EntryDecoder; bytes: Uint8Array; entry: ConntrackEntry } {
  const bytes = new Uint8Array(65_536);
  const entry = new ConntrackEntry();
  const known = { decoder: new EntryDecoder(bytes, entry), bytes, entry };
  for (const message of CORPUS) decode(message, known);
  return known;
}

function dump(datagrams: readonly Uint8Array[]): { reader: DumpReader; builder: FlowTableBuilder } {
  const builder = new FlowTableBuilder();
  const reader = new DumpReader(new PortHolders(builder, { localAddresses: LOCAL }));
  for (const datagram of datagrams) {
    reader.bytes.set(datagram);
    reader.read(datagram.length);
  }
  return { reader, builder };
}

function shuffled(attributes: readonly Attribute[], order: readonly number[]): readonly Attribute[] {
  const ranked = attributes.map((attribute, index) => ({ attribute, rank: order[index % order.length] ?? 0 }));
  ranked.sort((left, right) => left.rank - right.rank);
  return ranked.map(({ attribute }) =>
    attribute.value instanceof Uint8Array
      ? attribute
      : { ...attribute, value: shuffled(attribute.value, order.toReversed()) },
  );
}

describe('a recorded message', () => {
  it('reads the same on the fast path as by the walk', () => {
    const known = veteran();
    const learnt = known.decoder.learnt;
    expect(learnt).toBeGreaterThan(4);
    for (const message of CORPUS) expect(decode(message, known)).toEqual(decode(message));
    expect(known.decoder.learnt).toBe(learnt);
  });

  it('reads the same with its attributes in any order', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CORPUS),
        fc.array(fc.nat(1000), { minLength: 8, maxLength: 8 }),
        (message, order) => {
          const mixed = messageOf(message, shuffled(attributesOf(message), order));
          const known = veteran();
          expect(decode(mixed, known).entry).toEqual(decode(message).entry);
          expect(decode(mixed, known).entry).toEqual(decode(message).entry);
        },
      ),
      RUNS,
    );
  });

  it('reads the same with unknown attributes anywhere', () => {
    const unknown = fc.record({ type: fc.integer({ min: 60, max: 0x3fff }), value: fc.uint8Array({ maxLength: 40 }) });
    fc.assert(
      fc.property(fc.constantFrom(...CORPUS), unknown, fc.nat(20), (message, extra, place) => {
        const attributes = attributesOf(message);
        const widened = messageOf(message, [...attributes.slice(0, place), extra, ...attributes.slice(place)]);
        expect(decode(widened, veteran())).toEqual(decode(message));
      }),
      RUNS,
    );
  });

  it('cut at every offset is an entry with what was left, or counted', () => {
    const known = veteran();
    for (const message of CORPUS) {
      const whole = decode(message).entry;
      for (let length = 20; length < message.length; length += 1) {
        const { isEntry, entry } = decode(message.slice(0, length));
        const again = decode(message.slice(0, length), known);
        expect(again.isEntry).toBe(isEntry);
        if (!isEntry) continue;
        expect(again.entry).toEqual(entry);
        expect(entry.addresses).toEqual(whole.addresses);
        expect([0, whole.id]).toContain(entry.id);
        expect([0, whole.status]).toContain(entry.status);
        expect([0, whole.replyDestinationPort]).toContain(entry.replyDestinationPort);
      }
    }
  });

  it('with any byte changed reads the same on the fast path as by the walk', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CORPUS), fc.nat(), fc.nat(255), (message, place, byte) => {
        const changed = message.slice();
        changed[20 + (place % (message.length - 20))] = byte;
        const fresh = decode(changed);
        const known = veteran();
        const before = known.decoder.truncated;
        const seen = decode(changed, known);
        expect(seen.isEntry).toBe(fresh.isEntry);
        if (fresh.isEntry) expect(seen.entry).toEqual(fresh.entry);
        expect(seen.truncated - before).toBe(fresh.truncated);
      }),
      { ...RUNS, numRuns: 3000 },
    );
  });
});

describe('a dump', () => {
  const whole = Uint8Array.from(CORPUS.flatMap((message) => [...message]));

  it('keeps the flows that hold a port', () => {
    const { reader, builder } = dump([whole]);
    expect(reader.messages).toBe(CORPUS.length);
    expect(faultGaps(reader.faults)).toEqual([]);
    expect(textOfTable(builder.build()).map(({ line }) => line)).toEqual(KEPT);
  });

  it('cut at every offset counts what it lost', () => {
    const ends = CORPUS.map((_, index) => CORPUS.slice(0, index + 1).reduce((sum, { length }) => sum + length, 0));
    for (let length = 1; length < whole.length; length += 1) {
      const { reader } = dump([whole.slice(0, length)]);
      expect(reader.faults.cutShort).toBe(ends.includes(length) ? 0 : 1);
      expect(reader.messages).toBe(ends.filter((end) => end <= length).length);
    }
  });

  it('keeps an entry once that is sent again at a datagram boundary', () => {
    const once = dump([whole]).builder;
    const twice = dump([whole, whole]).builder;
    expect(twice.count).toBe(once.count);
    expect(twice.resent).toBe(once.count);
    expect(textOfTable(twice.build())).toEqual(textOfTable(once.build()));
  });

  it('of random bytes throws nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        const { reader } = dump([bytes]);
        expect(reader.messages).toBeLessThanOrEqual(bytes.length / 20);
      }),
      RUNS,
    );
  });

  it('flagged NLM_F_DUMP_INTR or of an unknown type is incomplete', () => {
    const interrupted = (CORPUS[0] ?? new Uint8Array(0)).slice();
    interrupted[6] = (interrupted[6] ?? 0) | 0x10;
    expect(faultGaps(dump([interrupted]).reader.faults).map(({ id }) => id)).toEqual(['flows-incomplete']);
    const unknown = interrupted.slice();
    unknown.set([0x99, 0x09, 0x02, 0x00], 4);
    expect(faultGaps(dump([unknown]).reader.faults).map(({ id }) => id)).toEqual(['decoder']);
  });

  it('ends with the errno of NLMSG_ERROR', () => {
    const refusal = new Uint8Array(36);
    const view = new DataView(refusal.buffer);
    view.setUint32(0, 36, true);
    view.setUint16(4, 2, true);
    view.setInt32(16, -1, true);
    expect(dump([refusal]).reader).toMatchObject({ ended: true, errno: 1 });
  });
});
