// The simulated story, word for word: seeded, so that it always goes the same way.
import { describe, expect, it } from 'vitest';
import { runDemo } from '../../src/cli/demo/run-demo.ts';
import { DEFAULT_STYLE } from '../../src/present/style.ts';
import { matchGolden } from './match-golden.ts';

describe('the demo on a simulated node', () => {
  it('reads as reviewed', async () => {
    let text = '';
    const code = await runDemo({
      world: 'simulated',
      isolate: () => Promise.reject(new TypeError('the kernel was asked')),
      style: DEFAULT_STYLE,
      write: (part) => (text += part),
      warn: (part) => (text += part),
      now: () => 0,
      pause: () => Promise.resolve(),
      progress: () => undefined,
      signal: new AbortController().signal,
    });
    expect(code).toBe(0);
    matchGolden('demo.simulated.txt', text);
  });
});
