// The bytes of transactions: whole messages between the two markers, whatever the commands.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AttributeReader } from '../netlink/attribute-reader.ts';
import { eachMessage } from '../netlink/netlink-socket.ts';
import { encodeTransaction } from './apply-commands.ts';
import type { NftCommand, NftStatement } from './nft-command.ts';

const range = fc
  .tuple(fc.integer({ min: 1, max: 65_535 }), fc.integer({ min: 1, max: 65_535 }))
  .map(([one, other]) => ({ first: Math.min(one, other), last: Math.max(one, other) }));
const random = fc.constantFrom('none', 'random', 'random-fully');
const cidr = fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(([address, prefix]) => `${address}/${prefix}`);

const statement: fc.Arbitrary<NftStatement> = fc.oneof(
  fc.record({ kind: fc.constant('l4proto'), protocol: fc.integer({ min: 0, max: 255 }) }),
  fc.record({ kind: fc.constantFrom('saddr', 'daddr'), cidr, negate: fc.boolean() }),
  fc.record({ kind: fc.constantFrom('sport', 'dport'), ports: range, negate: fc.boolean() }),
  fc.record({ kind: fc.constant('masquerade'), range, random }),
  fc.record({ kind: fc.constant('snat'), address: fc.ipV4(), range, random }),
  fc.record({ kind: fc.constantFrom('counter', 'notrack', 'accept', 'drop', 'return') }),
  fc.record({ kind: fc.constantFrom('jump', 'goto'), chain: fc.string() }),
);

const command: fc.Arbitrary<NftCommand> = fc.record({
  kind: fc.constant('add-rule'),
  family: fc.constantFrom('ip', 'inet'),
  table: fc.string(),
  chain: fc.string(),
  comment: fc.string({ maxLength: 100 }),
  statements: fc.array(statement, { maxLength: 6 }),
});

describe('encodeTransaction', () => {
  it('is one whole message per command between BATCH_BEGIN and BATCH_END, each made of whole attributes', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 5 }), (commands) => {
        let sequence = 0;
        const bytes = encodeTransaction(commands, () => (sequence += 1));
        const types: number[] = [];
        const sequences: number[] = [];
        const cut = eachMessage(bytes, bytes.length, (message) => {
          types.push(message.type);
          sequences.push(message.sequence);
          expect(truncatedIn(new AttributeReader(bytes, message.start + 4, message.stop))).toBe(0);
        });
        expect(cut).toBe(false);
        expect(types).toEqual([0x10, ...commands.map(() => 0x0a06), 0x11]);
        expect(new Set(sequences).size).toBe(types.length);
      }),
      { numRuns: 200 },
    );
  });
});

function truncatedIn(reader: AttributeReader): number {
  while (reader.next());
  return reader.truncated;
}
