// What a person reads of a port's past where it is not all known.
import { describe, expect, it } from 'vitest';
import type { PastHolder, PortHistory } from '../core/model/port-history.ts';
import { formatPortHistory } from './port-history-table.ts';
import { DEFAULT_STYLE } from './style.ts';

const at = (time: string): number => Date.parse(`2026-01-31T${time}Z`);
const HOLDER: PastHolder = {
  protocol: 6,
  zone: 0,
  snatAddress: '192.0.2.10',
  port: 40_123,
  remoteAddress: '2001:db8::1',
  remotePort: 443,
  source: '10.1.0.9',
  sourcePort: 51_000,
  fromMilliseconds: at('03:10:00'),
  toMilliseconds: at('03:14:00'),
  beganExactly: true,
  endedExactly: true,
};
const HISTORY: PortHistory = {
  node: 'worker-3',
  port: 40_123,
  atMilliseconds: at('03:12:00'),
  watchedSinceMilliseconds: at('01:00:00'),
  reachesBackToMilliseconds: at('01:00:00'),
  podsAgeSeconds: 0,
  holders: [HOLDER],
};

function said(more: Partial<PortHistory>): string {
  const question = { address: '192.0.2.10', port: 40_123 };
  return formatPortHistory({ ...HISTORY, ...more }, { question, style: DEFAULT_STYLE, next: 'portolan top' });
}

describe('who held a port', () => {
  it('reads as reviewed', () => {
    expect(said({})).toBe(`192.0.2.10:40123 on worker-3 at 2026-01-31T03:12:00.000Z
  10.1.0.9:51000 (no pod is known to have had that address then), to tcp [2001:db8::1]:443
    from 2026-01-31T03:10:00.000Z to 2026-01-31T03:14:00.000Z (4 min)
The agent of worker-3 has watched since 2026-01-31T01:00:00.000Z and has forgotten nothing since.
Next: portolan top
`);
  });

  it.each<[string, Partial<PastHolder>, string]>([
    ['began before anyone watched', { beganExactly: false }, 'from before 2026-01-31T03:10:00.000Z to 2026'],
    ['ended unheard', { endedExactly: false }, 'to some time before 2026-01-31T03:14:00.000Z'],
  ])('gives no length to a connection that %s', (_, more, text) => {
    const words = said({ holders: [{ ...HOLDER, ...more }] }).replaceAll(/\s+/g, ' ');
    expect(words).toContain(text);
    expect(words).not.toContain('(4 min)');
  });

  it.each<[string, Partial<PortHistory>, string]>([
    ['nobody watched', { watchedSinceMilliseconds: at('04:00:00') }, 'Not known: nobody watched this node then.'],
    [
      'it may be forgotten',
      { reachesBackToMilliseconds: at('03:13:00') },
      'Not known: connections that ended then may',
    ],
    ['nobody held it', {}, 'Nobody: no translated connection held this port then.'],
  ])('tells an empty answer apart: %s', (_, more, text) => {
    expect(said({ ...more, holders: [] }).replaceAll(/\s+/g, ' ')).toContain(text);
  });

  it('says how old the names of pods are', () => {
    expect(said({ podsAgeSeconds: 90 })).toContain('What it knows of pods is 90 s old.');
    const { podsAgeSeconds: _, ...unknown } = HISTORY;
    const question = { address: '192.0.2.10', port: 40_123 };
    const text = formatPortHistory(unknown, { question, style: DEFAULT_STYLE, next: 'portolan top' });
    expect(text).toContain('The agent knows no pods');
  });
});
