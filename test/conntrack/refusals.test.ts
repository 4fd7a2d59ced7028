// Without CAP_NET_ADMIN: gaps, no error, no silent zero; /proc still answers uid 0.
import { describe, expect, it } from 'vitest';
import { runInNamespace } from './namespace-child.ts';

const EPERM = 'EPERM: needs CAP_NET_ADMIN in the namespace';

describe('without CAP_NET_ADMIN', () => {
  const wrapper = ['setpriv', '--bounding-set=-net_admin', '--inh-caps=-net_admin'];

  it('each netlink reader returns a gap and /proc is read', () => {
    expect(runInNamespace('faults-child', { wrapper })).toEqual({
      flows: { complete: false, gaps: [{ id: 'flows', why: EPERM }], count: 0 },
      proc: { complete: false, gaps: [{ id: 'flow-details', why: expect.any(String) as string }], count: 0 },
      counters: { complete: false, gaps: [{ id: 'counters', why: EPERM }] },
      table: { complete: false, gaps: [{ id: 'counters', why: EPERM }] },
      arrivals: { complete: false, gaps: [{ id: 'events', why: EPERM }], lossy: true },
    });
  });
});

describe('with CAP_NET_ADMIN and no entry', () => {
  it('the readings are complete', () => {
    expect(runInNamespace('faults-child')).toMatchObject({
      flows: { complete: true, gaps: [], count: 0 },
      counters: { complete: true },
      table: { complete: true },
      arrivals: { complete: true, lossy: false },
    });
  });
});
