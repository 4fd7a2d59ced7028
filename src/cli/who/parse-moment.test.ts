import { describe, expect, it } from 'vitest';
import { MOMENT, momentAt } from './parse-moment.ts';

const NOW = Date.parse('2026-01-31T12:00:00Z');

describe('MOMENT', () => {
  it.each([
    ['2026-01-31T03:12:00Z', '2026-01-31T03:12:00.000Z'],
    ['2026-01-31t03:12:00.5z', '2026-01-31T03:12:00.500Z'],
    ['2026-01-31 04:12+01:00', '2026-01-31T03:12:00.000Z'],
    ['10m', '2026-01-31T11:50:00.000Z'],
    ['2h ago', '2026-01-31T10:00:00.000Z'],
  ])('%s is %s', (text, iso) => {
    const moment = MOMENT.parse(text);
    expect(moment === undefined ? undefined : new Date(momentAt(moment, NOW)).toISOString()).toBe(iso);
  });

  it.each(['2026-01-31T03:12:00', '03:12', 'yesterday', '10', '-5m', '2026-13-31T03:12:00Z', '31d', ''])(
    'refuses "%s"',
    (text) => expect(MOMENT.parse(text)).toBeUndefined(),
  );
});
