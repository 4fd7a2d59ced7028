// Recorded kernel answers, cut and damaged: the decoders never throw and always come to an end.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collectDnatPorts, collectUntrackedPorts } from '../../src/core/nat-rules/claimed-port.ts';
import type { KernelRule, RuleTable } from '../../src/core/nat-rules/kernel-rule.ts';
import { decodeRule } from '../../src/kernel/nat-rules/expression-decoder.ts';
import { NFT_MSG_GETRULE, NFT_MSG_GETSETELEM } from '../../src/kernel/nat-rules/nf-tables-message.ts';
import type { NfTablesSource } from '../../src/kernel/nat-rules/nf-tables-source.ts';
import { PortolanError } from '../../src/core/errors/portolan-error.ts';
import { NfTablesSets } from '../../src/kernel/nat-rules/nf-tables-sets.ts';
import { AttributeReader } from '../../src/kernel/netlink/attribute-reader.ts';
import { IPV4_LAYOUT, IPV6_LAYOUT } from '../../src/kernel/nat-rules/legacy-layout.ts';
import { decodeLegacyTable } from '../../src/kernel/nat-rules/legacy-table.ts';
import type { LegacyBlob } from '../../src/kernel/nat-rules/legacy-table.ts';
import { readNfTables } from '../../src/kernel/nat-rules/nf-tables-ruleset.ts';
import { collectSourceNat } from '../../src/core/nat-rules/source-nat.ts';
import { corpusPath } from './corpus.ts';
import { parseRecords, replay } from './recorded-source.ts';
import type { Recorded } from './recorded-source.ts';

const SEED = 20_261_122;

function decodeAll(tables: readonly RuleTable[]): number {
  const { rules } = collectSourceNat(tables);
  return rules.length + collectDnatPorts(tables, []).ports.length + collectUntrackedPorts(tables, []).ports.length;
}

function readRecords(records: readonly Recorded[]): number {
  return decodeAll(readNfTables(replay(records), () => undefined).tables);
}

/** One rule's message, with the sets that were recorded beside it. */
function decodeOne(records: readonly Recorded[], message: Uint8Array): KernelRule {
  const family = 'ip';
  const sets = new NfTablesSets(replay(records), { family, name: 'forms' });
  const context = { family, set: sets.shape, content: sets.content, ipsets: () => undefined } as const;
  return decodeRule(new AttributeReader(message, 4), context);
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

/** Without bias: small numbers would hit the first messages, and nothing behind a lost table is decoded at all. */
const CHANGES = fc.noBias(
  fc.array(fc.tuple(fc.nat(100_000), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 6 }),
);
const PICK = fc.noBias(fc.nat(10_000));

describe('a kernel that refuses a dump', () => {
  const refuseElements: NfTablesSource = (request, visit) => {
    if (request.type === NFT_MSG_GETSETELEM)
      throw new PortolanError('PTL_NETLINK', 'Cannot read: ENOENT, wanted a set');
    return replay(load('kube-proxy.nft.bin'))(request, visit);
  };

  it('leaves a gap for a verdict map that cannot be read, not an empty list of ports', () => {
    const { tables } = readNfTables(refuseElements, () => undefined);
    const { ports, gaps } = collectDnatPorts(tables, []);
    expect(ports).toEqual([]);
    expect(gaps.map(({ what }) => what)).toEqual([
      'what `verdict map @service-ips` does in a rule of ip kube-proxy services',
      'what `verdict map @service-nodeports` does in a rule of ip kube-proxy services',
    ]);
  });
});

describe.each([
  ['calico-native.nft.bin', 7],
  ['kube-proxy.nft.bin', 4],
  ['split-range.nft.bin', 4],
  ['many-forms.nft.bin', 24],
  ['maps-and-sets.nft.bin', 23],
  ['calico-new-order.rules.bin', 10],
  ['many-forms.rules.bin', 17],
] as const)('%s', (file, known) => {
  const records = load(file);

  it('decodes as it was recorded', () => {
    expect(readRecords(records)).toBe(known);
  });

  it('survives a cut at every offset of every message', () => {
    for (const [index, { bytes }] of records.entries()) {
      const isRule = records[index]?.key.startsWith(`${NFT_MSG_GETRULE}|`) === true;
      for (let length = 0; length < bytes.length; length += 1) {
        const cut = bytes.slice(0, length);
        if (isRule) expect(decodeOne(records, cut).match.other.length).toBeLessThan(100);
        else expect(readRecords(withMessage(records, index, cut))).toBeLessThan(1_000);
      }
    }
  });

  it('says that a rule was cut short', () => {
    const rules = records.filter(({ key }) => key.startsWith(`${NFT_MSG_GETRULE}|`));
    for (const { bytes } of rules) {
      const whole = decodeOne(records, bytes);
      const cut = decodeOne(records, bytes.slice(0, bytes.length - 8));
      expect(whole.match.unknown).not.toContain('a rule cut short');
      expect(cut.match.unknown).toContain('a rule cut short');
    }
  });

  it('survives damaged bytes, also in several messages at once', () => {
    let alive = 0;
    fc.assert(
      fc.property(fc.array(fc.tuple(PICK, CHANGES), { minLength: 1, maxLength: 3 }), (damages) => {
        let damaged = records;
        for (const [pick, changes] of damages) {
          const index = pick % records.length;
          damaged = withMessage(damaged, index, flipped(damaged[index]?.bytes ?? new Uint8Array(0), changes));
        }
        const rules = readRecords(damaged);
        alive += Math.sign(rules);
        expect(rules).toBeLessThan(100_000);
      }),
      { seed: SEED, numRuns: 500 },
    );
    expect(alive).toBeGreaterThan(150);
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
  ['many-forms.legacy.bin', [17]],
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
    let alive = 0;
    fc.assert(
      fc.property(PICK, CHANGES, CHANGES, fc.boolean(), (pick, inEntries, inInfo, both) => {
        const blob = blobs[pick % blobs.length];
        if (blob === undefined) throw new Error('no such blob');
        const entries = flipped(blob.entries, inEntries);
        const info = both ? flipped(blob.info, inInfo) : blob.info;
        const rules = readBlob({ ...blob, entries, info });
        alive += Math.sign(rules);
        expect(rules).toBeLessThan(200_000);
      }),
      { seed: SEED, numRuns: 2_000 },
    );
    expect(alive).toBeGreaterThan(600);
  });
});
