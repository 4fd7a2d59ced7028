// Recorded kernel answers, cut and damaged: the decoders never throw and always come to an end.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collectDnatPorts, collectUntrackedPorts } from '../../src/kernel/nat-rules/claimed-port.ts';
import type { RuleTable } from '../../src/kernel/nat-rules/kernel-rule.ts';
import { IPV4_LAYOUT, IPV6_LAYOUT } from '../../src/kernel/nat-rules/legacy-layout.ts';
import { decodeLegacyTable } from '../../src/kernel/nat-rules/legacy-table.ts';
import type { LegacyBlob } from '../../src/kernel/nat-rules/legacy-table.ts';
import { readNfTables } from '../../src/kernel/nat-rules/nf-tables-ruleset.ts';
import { collectSourceNat } from '../../src/kernel/nat-rules/source-nat.ts';
import { corpusPath } from './corpus.ts';
import { parseRecords, replay } from './recorded-source.ts';
import type { Recorded } from './recorded-source.ts';

const SEED = 20_261_122;

function decodeAll(tables: readonly RuleTable[]): number {
  const { rules } = collectSourceNat(tables);
  return rules.length + collectDnatPorts(tables, []).length + collectUntrackedPorts(tables, []).length;
}

function readRecords(records: readonly Recorded[]): number {
  return decodeAll(readNfTables(replay(records), () => undefined).tables);
}

function load(file: string): readonly Recorded[] {
  return parseRecords(readFileSync(corpusPath(file)));
}

function withMessage(records: readonly Recorded[], index: number, bytes: Uint8Array): readonly Recorded[] {
  return records.map((record, at) => (at === index ? { ...record, bytes } : record));
}

function flipped(bytes: Uint8Array, changes: readonly (readonly [number, number])[]): Uint8Array {
  const damaged = bytes.slice();
  for (const [at, value] of changes) damaged[at % Math.max(1, damaged.length)] = value;
  return damaged;
}

const CHANGES = fc.array(fc.tuple(fc.nat(100_000), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 12 });

describe.each([
  ['calico-native.nft.bin', 7],
  ['kube-proxy.nft.bin', 4],
  ['split-range.nft.bin', 4],
  ['many-forms.nft.bin', 22],
  ['calico-new-order.rules.bin', 10],
  ['many-forms.rules.bin', 16],
] as const)('%s', (file, known) => {
  const records = load(file);

  it('decodes as it was recorded', () => {
    expect(readRecords(records)).toBe(known);
  });

  it('survives a cut at every offset of every message', () => {
    for (const [index, { bytes }] of records.entries()) {
      for (let length = 0; length < bytes.length; length += 1) {
        expect(readRecords(withMessage(records, index, bytes.subarray(0, length)))).toBeLessThan(1_000);
      }
    }
  });

  it('survives damaged bytes, also in several messages at once', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(10_000), CHANGES), { minLength: 1, maxLength: 4 }), (damages) => {
        let damaged = records;
        for (const [pick, changes] of damages) {
          const index = pick % records.length;
          damaged = withMessage(damaged, index, flipped(damaged[index]?.bytes ?? new Uint8Array(0), changes));
        }
        expect(readRecords(damaged)).toBeLessThan(100_000);
      }),
      { seed: SEED, numRuns: 400 },
    );
  });

  it('survives messages in any order, twice, or missing', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...records, ...records]), (shuffled) => {
        expect(readRecords(shuffled)).toBeLessThan(100_000);
      }),
      { seed: SEED, numRuns: 100 },
    );
  });
});

function legacyBlobs(file: string): readonly LegacyBlob[] {
  const records = load(file);
  return records.flatMap((info, index) => {
    const [table = '', family] = info.key.split(' ');
    const layout = family === '4' ? IPV4_LAYOUT : IPV6_LAYOUT;
    const entries = records[index + 1]?.bytes ?? new Uint8Array(0);
    return info.key.endsWith('info') ? [{ table, layout, info: info.bytes, entries }] : [];
  });
}

function readBlob(blob: LegacyBlob): number {
  return decodeAll([decodeLegacyTable(blob, () => undefined)]);
}

describe.each([
  ['many-forms.legacy.bin', [18]],
  ['ipv6.legacy.bin', [4, 1]],
] as const)('%s', (file, known) => {
  const blobs = legacyBlobs(file);

  it('decodes as it was recorded', () => {
    expect(blobs.map(readBlob)).toEqual(known);
  });

  it('survives a cut at every offset', () => {
    for (const blob of blobs) {
      for (let length = 0; length < blob.entries.length; length += 1) {
        expect(readBlob({ ...blob, entries: blob.entries.subarray(0, length) })).toBeLessThan(1_000);
      }
      for (let length = 0; length < blob.info.length; length += 1) {
        expect(readBlob({ ...blob, info: blob.info.subarray(0, length) })).toBeLessThan(1_000);
      }
    }
  });

  it('survives damaged bytes', () => {
    fc.assert(
      fc.property(fc.nat(blobs.length - 1), CHANGES, CHANGES, fc.boolean(), (pick, inEntries, inInfo, both) => {
        const blob = blobs[pick];
        if (blob === undefined) throw new Error('no such blob');
        const entries = flipped(blob.entries, inEntries);
        const info = both ? flipped(blob.info, inInfo) : blob.info;
        expect(readBlob({ ...blob, entries, info })).toBeLessThan(200_000);
      }),
      { seed: SEED, numRuns: 2_000 },
    );
  });
});
