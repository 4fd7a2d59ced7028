// Whoever asks an idle agent is answered at once, and it ends at once.
import { expect, it } from 'vitest';
import { runIsolated } from '../lab/run-isolated.ts';

it('is woken from its rest by a question and by its end', () => {
  const program = new URL('./resting-program.js', import.meta.url);
  expect(runIsolated(program, 'askAndStop', { timeoutMs: 20_000 })).toEqual({ rests: 3, isCurrent: true });
});
