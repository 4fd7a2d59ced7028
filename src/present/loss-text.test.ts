import { describe, expect, it } from 'vitest';
import { formatLosses } from './loss-text.ts';

describe('formatLosses', () => {
  const losses = { seconds: 2, snat: 1241, tableFull: 0 };

  it('tells a lost race from a failed search', () => {
    expect(formatLosses(losses)).toBe('Lost in the last 2 s: 1,241 packets that got no port');
    expect(formatLosses({ ...losses, areRaces: true })).toBe(
      'Lost in the last 2 s: 1,241 packets at confirmation (the same port chosen twice)',
    );
  });
});
