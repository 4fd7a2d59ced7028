// The short way of a dump against the long one: any sequence of plain messages must end in the same table and the same counts.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ConntrackEntry } from '../../src/core/model/conntrack-entry.ts';
import type { FlowTableData } from '../../src/core/model/flow-table.ts';
import { FlowTableBuilder } from '../../src/core/model/flow-table-builder.ts';
import { type EntrySelection, PortHolders } from '../../src/core/model/port-holders.ts';
import { DumpReader } from '../../src/kernel/conntrack/dump-reader.ts';
import { EntryDecoder } from '../../src/kernel/conntrack/entry-decoder.ts';
import { type EntryLayout, walkEntry } from '../../src/kernel/conntrack/entry-layout.ts';
import * as plain from '../../src/kernel/conntrack/plain-tuples.ts';
import { recordedMessages } from './corpus.ts';

const HEADER_BYTES = 20;
const LOCAL = '192.0.2.10';

interface Message {
  readonly bytes: Uint8Array;
  readonly layout: EntryLayout;
}

const MESSAGES: readonly Message[] = recordedMessages()
  .map((bytes) => ({ bytes, layout: walkEntry(bytes, { start: HEADER_BYTES, stop: bytes.length }).layout }))
  .filter(({ layout }) => layout.isPlain);

const octets = fc.constantFrom([192, 0, 2, 10], [192, 0, 2, 11], [10, 244, 0, 5], [203, 0, 113, 9], [127, 0, 0, 1]);
const port = fc.constantFrom([0, 53], [1, 187], [156, 64]);

/** Every value of a message that decides what becomes of it. */
const message = fc
  .record({
    original: fc.constantFrom(...MESSAGES),
    addresses: fc.tuple(octets, octets, octets, octets),
    ports: fc.tuple(port, port, port),
    protocol: fc.constantFrom(6, 6, 6, 17, 132, 33),
    status: fc.constantFrom([0, 0, 1, 0x9e], [0, 0, 0x44, 0x38], [0, 0, 0, 8], [0, 0, 0, 0x2a]),
    flags: fc.constantFrom(0, 4, 0xff),
    id: fc.constantFrom([1, 2, 3, 4], [0xff, 0, 0, 9]),
  })
  .map(({ original: { bytes, layout }, addresses, ports, protocol, status, flags, id }) => {
    const copy = bytes.slice();
    const put = (word: number, value: readonly number[]): void => {
      if (word >= 0) copy.set(value, HEADER_BYTES + word * 4);
    };
    put(plain.PLAIN_ORIG_SOURCE, addresses[0]);
    put(plain.PLAIN_ORIG_DESTINATION, addresses[1]);
    put(plain.PLAIN_REPLY_SOURCE, addresses[2]);
    put(plain.PLAIN_REPLY_DESTINATION, addresses[3]);
    put(plain.PLAIN_ORIG_SOURCE_PORT, ports[0]);
    put(plain.PLAIN_REPLY_SOURCE_PORT, ports[1]);
    put(plain.PLAIN_REPLY_DESTINATION_PORT, ports[2]);
    put(plain.PLAIN_PROTOCOL, [protocol]);
    put(layout.status, status);
    put(layout.replyTcpFlags, [flags]);
    put(layout.id, id);
    return copy;
  });

interface Outcome {
  readonly table: FlowTableData;
  readonly counts: unknown;
}

function outcome(only: EntrySelection, show: (holders: PortHolders) => void): Outcome {
  const builder = new FlowTableBuilder();
  const holders = new PortHolders(builder, { localAddresses: [LOCAL], only });
  show(holders);
  const { needsSecondPass } = holders;
  if (needsSecondPass) {
    holders.beginSecondPass();
    show(holders);
  }
  const counts = { ...holders.counts, count: builder.count, resent: builder.resent, needsSecondPass };
  return { table: builder.buildData(), counts };
}

function byDump(messages: readonly Uint8Array[], only: EntrySelection): Outcome {
  return outcome(only, (holders) => {
    const reader = new DumpReader(holders);
    for (const bytes of messages) {
      reader.bytes.set(bytes);
      reader.read(bytes.length);
    }
  });
}

function byHand(messages: readonly Uint8Array[], only: EntrySelection): Outcome {
  return outcome(only, (holders) => {
    for (const bytes of messages) {
      const entry = new ConntrackEntry();
      const aligned = bytes.slice();
      if (new EntryDecoder(aligned, entry).decode(HEADER_BYTES, aligned.length)) holders.take(entry);
    }
  });
}

it('keeps and counts what the long way does, in the same rows', () => {
  expect(MESSAGES.filter(({ layout }) => layout.isDirect).length).toBeGreaterThan(2);
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 60 }),
      fc.constantFrom(undefined, 'snat', 'not-snat'),
      (messages, only) => {
        expect(byDump(messages, only)).toEqual(byHand(messages, only));
      },
    ),
    { seed: 20_261_122, numRuns: 100 },
  );
});
