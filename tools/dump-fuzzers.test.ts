// A short run of the fuzzer of saved text; npm run fuzz:dumps runs it for as long as wanted.
import { describe, expect, it } from 'vitest';
import { DUMP_FUZZERS, fuzzDumps } from './dump-fuzzers.ts';

describe('the parsers of saved text', () => {
  it('throw on no mutated text of any kind', () => {
    expect(fuzzDumps(11, { until: (inputs) => inputs >= 60 })).toEqual({ inputs: 60, problem: undefined });
    expect(DUMP_FUZZERS.length).toBeGreaterThan(8);
  }, 60_000);
});
