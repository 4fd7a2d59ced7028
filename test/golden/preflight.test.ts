// The screens of a preflight against their golden files.
import { describe, expect, it } from 'vitest';
import { preflightDocument } from '../../src/present/preflight-document.ts';
import { formatPreflight } from '../../src/present/preflight-table.ts';
import { DEFAULT_STYLE } from '../../src/present/style.ts';
import { matchGolden } from './match-golden.ts';
import { SAMPLE_PREFLIGHTS } from './sample-preflights.ts';

const OPTIONS = { style: DEFAULT_STYLE, top: 15, next: 'portolan plan --node worker-3' };

describe('a preflight', () => {
  it.each(Object.entries(SAMPLE_PREFLIGHTS))('%s', (name, preflight) => {
    matchGolden(`preflight-${name}.txt`, formatPreflight(preflight, OPTIONS));
  });

  it('says what it comes to', () => {
    const verdicts = Object.values(SAMPLE_PREFLIGHTS).map(({ verdict }) => verdict);
    expect(verdicts).toEqual(['does-not-fit', 'fits', 'cannot-tell', 'fits']);
  });

  it('as JSON', () => {
    matchGolden(
      'preflight-misfit.json.txt',
      `${JSON.stringify(preflightDocument(SAMPLE_PREFLIGHTS.misfit), null, 2)}\n`,
    );
  });
});
