import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EndMark, withEndMark } from './end-mark.ts';

function read(chunks: readonly Uint8Array[]): { readonly text: string; readonly exitCode: number | undefined } {
  const parts: Buffer[] = [];
  const mark = new EndMark((bytes) => parts.push(Buffer.from(bytes)));
  for (const chunk of chunks) mark.write(chunk);
  return { text: Buffer.concat(parts).toString('latin1'), exitCode: mark.exitCode };
}

it('takes the mark off, however the output is cut into chunks', () => {
  const cuts = fc.array(fc.nat(60), { maxLength: 6 });
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii', maxLength: 40 }), fc.nat(255), cuts, (text, code, places) => {
      const all = Buffer.from(`${text}portolan-end-${String(code).padStart(3, '0')}`, 'latin1');
      const edges = [0, ...places.map((place) => Math.min(place, all.length)).toSorted((a, b) => a - b), all.length];
      const chunks = edges.slice(1).map((edge, index) => all.subarray(edges[index], edge));
      expect(read(chunks)).toEqual({ text, exitCode: code });
    }),
    { seed: 7 },
  );
});

it('finds no mark in output that is cut anywhere', () => {
  const whole = Buffer.from('tcp 6 119 SYN_SENT\nportolan-end-000');
  for (let length = 0; length < whole.length; length += 1)
    expect(read([whole.subarray(0, length)]).exitCode).toBeUndefined();
});

it.each([
  [['printf', '%s|', 'a b', '$HOME', "it's", '-n', ''], "a b|$HOME|it's|-n||", 0],
  [['sh', '-c', 'printf x; exit 7'], 'x', 7],
  [['sh', '-c', 'kill -9 $$'], '', 137],
  [['no-such-program-here'], '', 127],
])('is added by a true shell, which interprets no word of %j', (command, text, exitCode) => {
  const [program = '', ...words] = withEndMark(command);
  const ended = (() => {
    try {
      return execFileSync(program, words, { stdio: ['ignore', 'pipe', 'ignore'] });
    } catch (error) {
      if (error instanceof Error && 'stdout' in error && Buffer.isBuffer(error.stdout)) return error.stdout;
      throw error;
    }
  })();
  expect(read([ended])).toEqual({ text, exitCode });
});
