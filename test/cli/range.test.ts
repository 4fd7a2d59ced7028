// The command line of `portolan range`, with made-up clusters behind it.
import { describe, expect, it } from 'vitest';
import { onSample } from './run-command.ts';

describe('portolan range', () => {
  it.each([
    ['every range is known', 'quiet', 0],
    ['a stored value keeps Felix from reading', 'poisoned', 2],
    ['something that decides was not read', 'blind', 3],
  ])('when %s', (_, sample, code) => {
    const said = onSample(sample, ['range']);
    expect([said.code, said.stderr]).toEqual([code, '']);
    expect(said.stdout).toContain('RANGE');
  });

  it('prints one JSON document', () => {
    const { stdout } = onSample('quiet', ['range', '-o', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'portolan.dev/output/range/v1' });
  });

  it('says all that is wrong with its flags at once', () => {
    const { code, stderr } = onSample('quiet', ['range', '--node', '--context=', 'worker-1']);
    expect(code).toBe(1);
    expect(stderr).toContain('Cannot read --context: "" given');
  });
});
