// Counters as tools of every age print them.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCounterText } from './counter-text.ts';

const NEW = `cpu=0   \tfound=3 invalid=1 insert=7 insert_failed=4 drop=2 early_drop=1 error=0 search_restart=0 clash_resolve=5 chaintoolong=6 
cpu=1   \tfound=10 invalid=0 insert=0 insert_failed=1 drop=1 early_drop=0 error=0 search_restart=0 clash_resolve=1 chaintoolong=0 
`;
const OLD = `cpu=0   \tsearched=27482 found=66 new=12 invalid=3 ignore=44 delete=9 delete_list=8 insert=7 insert_failed=2 drop=2 early_drop=1 error=0 search_restart=0 
`;
/** conntrack-tools before 1.0, and later ones without ctnetlink: sums of /proc/net/stat, one a line. */
const LISTED = `entries   \t12
searched  \t27482
found     \t66
new       \t12
invalid   \t3
ignore    \t44
delete    \t9
delete_list\t8
insert    \t7
insert_failed\t2
drop      \t2
early_drop\t1
icmp_error\t0
`;
const SUM = { found: 13, invalid: 1, insertFailed: 5, drop: 3, earlyDrop: 1, clashResolve: 6, chainTooLong: 6 };
const OLD_SUM = { found: 66, invalid: 3, insertFailed: 2, drop: 2, earlyDrop: 1, clashResolve: 0 };

describe('conntrack -S', () => {
  it.each([
    ['today', NEW, SUM],
    ['today, from Windows', NEW.replaceAll('\n', '\r\n'), SUM],
    ['with a prompt', `# conntrack -S\n${NEW}# \n`, SUM],
    ['before 5.9', OLD, OLD_SUM],
    ['one counter a line', LISTED, OLD_SUM],
  ])('%s', (_, text, value) => {
    expect(readCounterText(text)).toEqual({ value, source: 'conntrack -S', complete: true, gaps: [] });
  });

  it('is the same sum as /proc/net/stat/nf_conntrack of the same moment', () => {
    const named = readCounterText(readFileSync('test/corpora/flow-text/counters.txt', 'latin1'));
    const columns = readCounterText(readFileSync('test/corpora/flow-text/counters-file.txt', 'latin1'));
    expect([named.complete, columns.complete]).toEqual([true, true]);
    expect(named.value).toEqual(columns.value);
  });

  it('leaves out a line that is cut short, and says so', () => {
    const { value, gaps } = readCounterText(NEW.slice(0, -60));
    expect(value.found).toBe(3);
    expect(gaps.map(({ what }) => what)).toEqual(['counters of 1 CPUs']);
  });

  it.each(['', 'hello\n', 'cpu=0 nonsense\n'])('of %j gives a gap, not zeros alone', (text) => {
    const { complete, gaps } = readCounterText(text);
    expect(complete).toBe(false);
    expect(gaps[0]?.id).toBe('counters');
  });

  it('never throws', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('cpu=0 ', 'found=1 ', 'drop=', '\n', 'entries  searched found\n'),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const { complete, gaps } = readCounterText(pieces.join(''));
        expect(complete).toBe(gaps.length === 0);
      }),
      { seed: 5, numRuns: 500 },
    );
  });
});
