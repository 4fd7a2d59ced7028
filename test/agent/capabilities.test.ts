// The rights of the DaemonSet, proved by an agent that has exactly those: its bounding set is all that a container would get.
import { describe, expect, it } from 'vitest';
import { runInNamespace } from './namespace-child.ts';

interface Printed {
  readonly effective: string;
  readonly bounding: string;
  readonly user: string;
  readonly events: number;
  readonly flows: number;
  readonly same: boolean;
  readonly ranges: readonly string[];
  readonly listens: boolean;
  readonly gaps: readonly string[];
}

/** CAP_NET_ADMIN is bit 12, CAP_NET_RAW bit 13. */
const NET_ADMIN = '0000000000001000';
const NET_ADMIN_AND_RAW = '0000000000003000';
const ROOT = ['--no-new-privs'];
/** Who is not root keeps a capability over exec only where it is ambient; Kubernetes sets none, `setpriv` does. */
const NOBODY = ['--no-new-privs', '--reuid=65534', '--regid=65534', '--clear-groups'];

function runWith(who: readonly string[], capabilities: string): Printed {
  const set = capabilities === '' ? '-all' : `-all,${capabilities}`;
  const ambient = who === NOBODY ? [`--ambient-caps=${set}`] : [];
  const words = [...who, `--bounding-set=${set}`, `--inh-caps=${set}`, ...ambient];
  return runInNamespace('capabilities-child', { words }) as Printed;
}

const isRoot = process.getuid?.() === 0;

describe('an agent with NET_ADMIN and nothing else', { timeout: 120_000 }, () => {
  // Another user than root is not mapped in a user namespace of one's own.
  it.each([['uid 0', ROOT, '0'], ...(isRoot ? ([['uid 65534', NOBODY, '65534']] as const) : [])] as const)(
    'as %s sees flows, events, rules of nf_tables and sockets',
    (_, who, user) => {
      const seen = runWith(who, '+net_admin');
      expect(seen).toMatchObject({ effective: NET_ADMIN, bounding: NET_ADMIN, user, same: true, listens: true });
      expect(seen.flows).toBeGreaterThan(200);
      expect(seen.events).toBeGreaterThanOrEqual(50);
      expect(seen.ranges).toEqual(['32768-60999']);
      expect(seen.gaps).toContain('nat-rules-legacy');
      for (const gap of ['flows', 'events', 'nat-rules', 'listeners', 'sysctls', 'counters', 'links'])
        expect(seen.gaps).not.toContain(gap);
    },
  );

  it('reads rules of iptables-legacy only with NET_RAW too', () => {
    const seen = runWith(ROOT, '+net_admin,+net_raw');
    expect(seen).toMatchObject({ effective: NET_ADMIN_AND_RAW, bounding: NET_ADMIN_AND_RAW, same: true });
    expect(seen.ranges.toSorted()).toEqual(['20000-30000', '32768-60999']);
    expect(seen.gaps).not.toContain('nat-rules-legacy');
  });

  it('has none to spare: without it no event is heard and no rule is read, and it says so', () => {
    const seen = runWith(ROOT, '');
    expect(seen).toMatchObject({ effective: '0000000000000000', ranges: [] });
    expect(seen.gaps).toContain('nat-rules');
    expect(seen.events).toBe(0);
  });
});
