import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_PORT } from '../model/port-range.ts';
import { decodeFelixText, decodeNatPortRange } from './parse-nat-port-range.ts';
import type { FelixOutcome, PortRangeValue } from './port-range-value.ts';

interface Row {
  readonly raw: unknown;
  readonly kind: PortRangeValue['kind'];
  readonly calicoctl: 'ok' | RegExp;
  readonly felix: FelixOutcome;
  readonly rule?: string;
}

const ZERO = /between 1 and 65535/;
const NAME = /PortName/;
const DECODE = /cannot be decoded/;
const SILENTLY_NONE: FelixOutcome = { kind: 'no-range', asked: false };
const ASKED_NONE: FelixOutcome = { kind: 'no-range', asked: true };

function range(first: number, last: number): Pick<Row, 'felix' | 'rule'> {
  return { felix: { kind: 'range', range: { first, last } }, rule: `--to-ports ${first}-${last}` };
}

function onePort(port: number): Pick<Row, 'felix' | 'rule'> {
  return { felix: { kind: 'one-port', port }, rule: `--to-ports ${port}-${port}` };
}

const OUT_OF_BOUNDS: readonly unknown[] = ['70000:1', '1:70000', 70_000, '70000', -1, '-1:5', '65535:1024'];
const NO_PORTS: readonly unknown[] = ['', '32768: 65535', '32768:65535 ', '1\n', true, [], {}, 1.5, 'a'.repeat(129)];
const UNREADABLE = [...OUT_OF_BOUNDS, ...NO_PORTS];

const ROWS: readonly Row[] = [
  { raw: '32768:65535', kind: 'range', calicoctl: 'ok', ...range(32_768, 65_535) },
  { raw: '1025:65535', kind: 'range', calicoctl: 'ok', ...range(1025, 65_535) },
  { raw: '1024', kind: 'single-port', calicoctl: 'ok', ...onePort(1024) },
  { raw: 1024, kind: 'single-port', calicoctl: 'ok', ...onePort(1024) },
  { raw: '1024:1024', kind: 'single-port', calicoctl: 'ok', ...onePort(1024) },
  { raw: 0, kind: 'single-port', calicoctl: ZERO, felix: ASKED_NONE },
  { raw: '0', kind: 'single-port', calicoctl: ZERO, felix: ASKED_NONE },
  { raw: '0:65535', kind: 'range', calicoctl: ZERO, ...range(0, 65_535) },
  { raw: '512:65535', kind: 'range', calicoctl: 'ok', ...range(512, 65_535) },
  { raw: '1:1023', kind: 'range', calicoctl: 'ok', ...range(1, 1023) },
  { raw: '32768-65535', kind: 'named-port', calicoctl: NAME, felix: SILENTLY_NONE },
  { raw: 'http', kind: 'named-port', calicoctl: 'ok', felix: SILENTLY_NONE },
  { raw: 'HTTP', kind: 'named-port', calicoctl: NAME, felix: SILENTLY_NONE },
  { raw: 'none', kind: 'none', calicoctl: 'ok', felix: ASKED_NONE },
  { raw: 'None', kind: 'none', calicoctl: NAME, felix: ASKED_NONE },
  ...UNREADABLE.map((raw): Row => ({ raw, kind: 'undecodable', calicoctl: DECODE, felix: { kind: 'unreadable' } })),
  { raw: undefined, kind: 'unset', calicoctl: 'ok', felix: { kind: 'falls-through' } },
  { raw: null, kind: 'unset', calicoctl: 'ok', felix: { kind: 'falls-through' } },
];

describe('natPortRange as written', () => {
  it.each(ROWS)('$raw', ({ raw, kind, calicoctl, felix, rule }) => {
    const decoded = decodeNatPortRange(raw);
    expect(decoded.value.kind).toBe(kind);
    expect(decoded.felix).toEqual(felix);
    expect(decoded.rule).toBe(rule);
    if (calicoctl === 'ok') expect(decoded.calicoctl).toEqual({ ok: true });
    else expect(decoded.calicoctl).toEqual({ ok: false, rejection: expect.stringMatching(calicoctl) });
  });

  it('says how it was written, texts apart from numbers', () => {
    expect(decodeNatPortRange('1024').written).toBe('"1024"');
    expect(decodeNatPortRange(1024).written).toBe('1024');
  });

  it('takes every pair in order for a range and every other pair for unreadable', () => {
    fc.assert(
      fc.property(fc.nat(80_000), fc.nat(80_000), (first, last) => {
        const { value, rule } = decodeNatPortRange(`${first}:${last}`);
        const isFit = first <= last && last <= MAX_PORT;
        expect(value.kind).toBe(isFit ? (first === last ? 'single-port' : 'range') : 'undecodable');
        if (isFit && last > 0) expect(rule).toBe(`--to-ports ${first}-${last}`);
      }),
      { seed: 4 },
    );
  });

  it('never throws, and whatever Felix cannot read calicoctl refuses', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map((text): unknown => JSON.parse(text)),
          fc.double(),
        ),
        (raw) => {
          const { calicoctl, felix, value } = decodeNatPortRange(raw);
          if (felix.kind === 'unreadable') expect(calicoctl.ok).toBe(false);
          expect(felix.kind === 'unreadable').toBe(value.kind === 'undecodable');
        },
      ),
      { seed: 4 },
    );
  });
});

describe('natPortRange as text of a variable, a file or an annotation', () => {
  it('is "no range" where an object would be unreadable', () => {
    expect(decodeFelixText('70000:1').felix).toEqual(SILENTLY_NONE);
    expect(decodeFelixText(' 32768:65535').felix).toEqual(SILENTLY_NONE);
  });

  it('says nothing when empty, "no range" when none', () => {
    expect(decodeFelixText('').felix).toEqual({ kind: 'falls-through' });
    expect(decodeFelixText('NONE').felix).toEqual(ASKED_NONE);
    expect(decodeFelixText('0').felix).toEqual(ASKED_NONE);
  });

  it('agrees with the object where that can be read', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{1,5}(:\d{1,5})?$/)), (text) => {
        const stored = decodeNatPortRange(text);
        if (stored.felix.kind !== 'unreadable') expect(decodeFelixText(text).felix).toEqual(stored.felix);
        expect(decodeFelixText(text).felix.kind).not.toBe('unreadable');
      }),
      { seed: 4 },
    );
  });
});
