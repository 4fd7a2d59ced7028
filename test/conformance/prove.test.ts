// The page of `npm run prove`: its width, its verdict, and what it says where there is no kernel to ask.
import { describe, expect, it } from 'vitest';
import { runIsolated } from '../lab/run-isolated.ts';
import { differing, FALSE_ALARM, type Row, sharesRow } from './measures/comparison.ts';
import { biasedShares, evenShares } from './measures/port-shares.ts';
import { formatCurves, formatFacts, formatShares } from './prove-table.ts';

const DROPPED: Row = {
  section: 'dropped',
  subject: '32768 ports, steady, TCP',
  share: 0.995,
  model: 0.3,
  seen: 0.31,
  p: 0.2,
};
const FOUND: Row = { ...DROPPED, section: 'found', model: 148.31, seen: 99.02, p: 3e-11 };

describe('the page', () => {
  it('shows both figures of a fill in one line of at most 100 columns', () => {
    const page = formatCurves([DROPPED, FOUND]);
    expect(page.split('\n').at(-1)).toBe(
      '32768 ports, steady, TCP 99.5 %    0.3000  0.3100 +0.0100   0.200     148.31   99.02  -49.29 3.0e-11',
    );
    for (const line of page.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  it('shows a share alone, and names the facts that are otherwise', () => {
    const row = { ...DROPPED, section: 'evicting', subject: '4096 ports, all held' } as const;
    expect(formatShares('live share', [row]).split('\n')).toHaveLength(2);
    expect(formatFacts([{ title: 'echoes', cases: 2, otherwise: ['a case: {}'] }])).toMatch(
      /1 of 2\n {2}otherwise: a case/,
    );
  });
});

describe('the verdict', () => {
  it('names rows below the false-alarm chance divided by the rows, and no others', () => {
    const limit = FALSE_ALARM / 3;
    const rows = [0.5, limit * 1.01, limit * 0.99].map((p) => ({ ...DROPPED, p }));
    expect(differing(rows)).toEqual(rows.slice(2));
  });

  it('tells a biased start from an even one', () => {
    const range = { first: 30_000, last: 65_535 };
    const counts = biasedShares(range).map((share) => Math.round(share * 6000));
    expect(sharesRow('', counts, biasedShares(range)).p).toBeGreaterThan(0.99);
    expect(sharesRow('', counts, evenShares(range)).p).toBeLessThan(1e-12);
  });
});

describe('npm run prove without namespaces', () => {
  it('says so in one line and ends with 3', () => {
    const seen = runIsolated(new URL('./refused-programs.js', import.meta.url), 'proveForbidden');
    expect(seen).toEqual({
      status: 3,
      lines: [expect.stringMatching(/^not proved, because there is no kernel to ask: .*max_user_namespaces is 0/)],
    });
  });
});
