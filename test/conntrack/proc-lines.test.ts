// The text reader on recorded lines: in chunks of any size, cut at every offset, with bytes changed.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FlowTableBuilder } from '../../src/core/model/flow-table-builder.ts';
import { PortHolders } from '../../src/core/model/port-holders.ts';
import { LineSplitter } from '../../src/kernel/procfs/proc-flows.ts';
import { textOfConntrack, textOfTable } from './flow-text.ts';

const TEXT = readFileSync('test/corpora/conntrack/proc.txt');
const LOCAL = ['192.0.2.10', '2001:db8::10'];
const LINES = TEXT.toString('latin1').trim().split('\n').length;

interface Read {
  readonly lines: readonly string[];
  readonly entries: number;
  readonly unreadable: number;
}

/** `sizes`: how many bytes each read brings, in turn. */
function read(text: Uint8Array, sizes: readonly number[] = [65_536]): Read {
  const builder = new FlowTableBuilder();
  const holders = new PortHolders(builder, { localAddresses: LOCAL });
  let given = 0;
  let turn = 0;
  const unreadable = new LineSplitter(holders).readAll((into, offset) => {
    const size = Math.min(sizes[turn++ % sizes.length] ?? 1, into.length - offset);
    const part = text.subarray(given, given + size);
    into.set(part, offset);
    given += part.length;
    return part.length;
  });
  return { lines: textOfTable(builder.build()).map(({ line }) => line), entries: holders.counts.entries, unreadable };
}

describe('/proc/net/nf_conntrack', () => {
  it('reads what its text says, in chunks of any size', () => {
    const wanted = textOfConntrack(TEXT.toString('latin1'), LOCAL).map(({ line }) => line);
    expect(wanted.length).toBeGreaterThan(6);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 20 }), (sizes) => {
        expect(read(TEXT, sizes)).toEqual({ lines: wanted, entries: LINES, unreadable: 0 });
      }),
      { seed: 3, numRuns: 50 },
    );
  });

  it('cut at every offset loses the last line only, and counts it', () => {
    for (let length = 0; length < TEXT.length; length += 1) {
      const whole = TEXT.subarray(0, length).filter((byte) => byte === 10).length;
      const isCut = length > 0 && TEXT[length - 1] !== 10;
      const seen = read(TEXT.subarray(0, length));
      expect(seen.entries).toBe(whole);
      expect(seen.unreadable).toBe(isCut ? 1 : 0);
    }
  });

  it('accounts for every line, whatever bytes it has', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(TEXT.length - 1), fc.nat(255)), { maxLength: 20 }), (changes) => {
        const changed = Uint8Array.from(TEXT);
        for (const [place, byte] of changes) changed[place] = byte;
        const feeds = changed.filter((byte) => byte === 10).length;
        const { entries, unreadable } = read(changed);
        expect(entries + unreadable).toBe(feeds + (changed.at(-1) === 10 ? 0 : 1));
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  it('drops a line longer than its buffer and goes on', () => {
    const long = new Uint8Array(200_000).fill(0x61);
    const text = Uint8Array.from([...long, 10, ...TEXT]);
    const { entries, unreadable } = read(text);
    expect(entries).toBe(LINES);
    expect(unreadable).toBeGreaterThanOrEqual(1);
  });
});
