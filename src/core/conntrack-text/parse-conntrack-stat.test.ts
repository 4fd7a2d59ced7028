import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConntrackStat } from './parse-conntrack-stat.ts';

const CURRENT = `entries  clashres found new invalid ignore delete chainlength insert insert_failed drop early_drop icmp_error  expect_new expect_create expect_delete search_restart
00000010  00000001 00000a00 00000000 00000003 00000000 00000000 00000002 00000000 00000005 00000007 00000001 00000000  00000000 00000000 00000000 00000000
00000010  00000000 ffffffff 00000000 00000000 00000000 00000000 00000000 00000000 00000001 00000001 00000000 00000000  00000000 00000000 00000000 00000000
`;

/** The layout up to 5.8: `searched` where clashres stands now, `delete_list` where chainlength does. */
const OLD = CURRENT.replace('clashres', 'searched').replace('chainlength', 'delete_list');

describe('parseConntrackStat', () => {
  it('sums hexadecimal rows by column name', () => {
    expect(parseConntrackStat(CURRENT)).toEqual({
      counters: {
        found: 0xa00 + 0xffffffff,
        invalid: 3,
        insertFailed: 6,
        drop: 8,
        earlyDrop: 1,
        chainTooLong: 2,
        clashResolve: 1,
      },
      missing: [],
      rows: 2,
      malformedRows: 0,
    });
  });

  it('reads neither delete_list as chainTooLong nor searched as clashResolve', () => {
    const stat = parseConntrackStat(OLD);
    expect(stat.counters).toMatchObject({ found: 0xa00 + 0xffffffff, clashResolve: 0 });
    expect(stat.counters).not.toHaveProperty('chainTooLong');
    expect(stat.missing).toEqual(['chainTooLong', 'clashResolve']);
  });

  it('never throws on a text cut anywhere and sums only whole rows', () => {
    const whole = parseConntrackStat(CURRENT);
    for (let length = 0; length < CURRENT.trimEnd().length; length += 1) {
      const stat = parseConntrackStat(CURRENT.slice(0, length));
      expect(stat.rows + stat.malformedRows).toBeLessThanOrEqual(2);
      expect(stat.counters.drop).toBeLessThanOrEqual(whole.counters.drop);
    }
  });

  it('never throws on any text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        const { counters } = parseConntrackStat(text);
        return Object.values(counters).every((value) => Number.isSafeInteger(value));
      }),
      { seed: 1 },
    );
  });
});
