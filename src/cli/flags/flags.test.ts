import { describe, expect, it } from 'vitest';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { FlagReader, type RawFlags } from './flag-reader.ts';
import { parseDuration } from './parse-duration.ts';
import { suggest } from './suggestion.ts';

function reader(raw: RawFlags, operands: readonly string[] = []): FlagReader {
  return new FlagReader({ raw, operands, helpCommand: 'portolan x --help' });
}

function problemsOf(flags: FlagReader): string[] {
  try {
    flags.finish();
    return [];
  } catch (error) {
    if (!(error instanceof PortolanError)) throw error;
    expect([error.code, error.hint]).toEqual(['PTL_USAGE', 'portolan x --help']);
    return error.message.split('\n');
  }
}

describe('parseDuration', () => {
  it.each([
    ['2s', 2],
    ['500ms', 0.5],
    ['1m', 60],
    ['1.5s', 1.5],
    ['100ms', 0.1],
    ['10m', 600],
  ])('%s is %d seconds', (text, seconds) => expect(parseDuration(text)).toBe(seconds));

  it.each(['2', '', 's', '-2s', '2 s', '2h', '99ms', '11m', '1e3s', '2S', 'Infinitys'])('%j is refused', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('suggest', () => {
  it.each([
    ['diagnos', 'diagnose'],
    ['daignose', 'diagnose'],
    ['prob', 'probe'],
    ['LAB', 'lab'],
    ['xyzzy', undefined],
    ['', undefined],
  ])('%s: %s', (given, word) => expect(suggest(given, ['diagnose', 'probe', 'lab'])).toBe(word));
});

describe('FlagReader', () => {
  it('gives fallbacks without complaint', () => {
    const flags = reader({});
    expect([
      flags.seconds('for', 2),
      flags.count('top', { fallback: 5, most: 9 }),
      flags.choice('output', ['a', 'b'], 'a'),
      flags.choices('only', ['a']),
      flags.range('range'),
      flags.text('netns', 'a path'),
    ]).toEqual([2, 5, 'a', [], undefined, undefined]);
    expect(problemsOf(flags)).toEqual([]);
  });

  it('reads lists given twice or with commas', () => {
    expect(reader({ only: ['a,b', 'c'] }).choices('only', ['a', 'b', 'c'])).toEqual(['a', 'b', 'c']);
  });

  it('complains about an empty word in a list', () => {
    const flags = reader({ only: ['a,'] });
    flags.choices('only', ['a', 'b']);
    expect(problemsOf(flags)).toEqual(['Cannot read --only: "" given, wanted a or b']);
  });

  it.each(['1:0', '0:1', '70000:1', '1:70000', '32768-65535', '', ' 1:2', true])('refuses range %j', (range) => {
    const flags = reader({ range });
    expect(flags.range('range')).toBeUndefined();
    expect(problemsOf(flags)).toHaveLength(1);
  });

  it('takes the whole range of ports', () => {
    expect(reader({ range: '1:65535' }).range('range')).toEqual({ first: 1, last: 65_535 });
  });

  it.each(['0', '10', '1.5', '-1', 'x', '1e1', true])('refuses count %j of 1 to 9', (top) => {
    const flags = reader({ top });
    flags.count('top', { fallback: 5, most: 9 });
    expect(problemsOf(flags)).toHaveLength(1);
  });

  it('spells flag names with dashes', () => {
    const flags = reader({ failOn: 'x' });
    flags.choice('failOn', ['never'], 'never');
    expect(problemsOf(flags)).toEqual(['Cannot read --fail-on: x, wanted never']);
  });

  it('asks for a missing operand and refuses one too many', () => {
    const missing = reader({});
    missing.operand('NAME', 'a scenario');
    expect(problemsOf(missing)).toEqual(['Cannot read NAME: nothing given, wanted a scenario']);
    expect(problemsOf(reader({}, ['more']))).toEqual(['Cannot read argument: more, wanted no more arguments']);
  });
});
