// One lab node at one moment, read by its own programs as through exec: against the netlink reader in the same namespace.
import { describe, expect, it } from 'vitest';
import type { PortClaim } from '../../src/core/model/port-claim.ts';
import { runIsolated } from '../lab/run-isolated.ts';
import type { ReadTwice } from './remote-programs.ts';

const PROGRAMS = new URL('./remote-programs.js', import.meta.url);

const read = (program: string): ReadTwice => runIsolated(PROGRAMS, program) as ReadTwice;

describe.each(['withNftables', 'withIptablesNft', 'withIptablesLegacy'])('a node at rest, %s', (program) => {
  const { netlink, remote } = read(program);

  it('has the same flows, to the id', () => {
    expect(remote.flows.length).toBeGreaterThan(70);
    expect(remote.flows).toEqual(netlink.flows);
  });

  it('has the same rules, settings and addresses', () => {
    const { sourceNat } = remote.facts.natRules;
    expect(sourceNat.length).toBeGreaterThan(2);
    expect(sourceNat.map(essence)).toEqual(netlink.facts.natRules.sourceNat.map(essence));
    expect(remote.facts.settings).toEqual(netlink.facts.settings);
    expect(remote.facts.addresses).toEqual(netlink.facts.addresses);
    expect(remote.facts.table?.max).toBe(netlink.facts.table?.max);
    expect(remote.facts.behaviour.release).toBe(netlink.facts.behaviour.release);
  });

  it('has the same claims, from other sources', () => {
    const ports = (claims: readonly PortClaim[]): string[] =>
      claims.map(({ kind, protocol, ports: { first }, address }) => `${kind} ${protocol} ${first} ${address ?? ''}`);
    expect(ports(remote.facts.claims).toSorted()).toEqual(ports(netlink.facts.claims).toSorted());
    expect(ports(remote.facts.claims)).toContain('listener 6 8443 ');
  });

  it('has no gap but what no text carries', () => {
    expect(remote.facts.gaps.map(({ id }) => id)).toEqual(['flow-details', 'kernel-behaviour']);
  });
});

describe('a node with traffic', () => {
  it('hears the same new flows and counts the same losses', () => {
    const { netlink, remote } = read('readWhileBusy');
    const [space] = remote.facts.arrivals?.portSpaces ?? [];
    expect(space).toMatchObject({ protocol: 6, snatAddress: '192.0.2.10', remotePort: 443, zone: 0 });
    expect(space?.lowestPort).toBeGreaterThanOrEqual(40_000);
    expect(space?.highestPort).toBeLessThanOrEqual(40_999);
    expect(remote.facts.arrivals?.total).toBeGreaterThan(0.5 * (netlink.facts.arrivals?.total ?? 0));
    expect(remote.facts.arrivals?.ended).toBeDefined();
    expect(remote.facts.arrivals?.lossy).toBe(false);
    expect(remote.facts.counters?.insertFailed).toBe(netlink.facts.counters?.insertFailed);
    expect(remote.facts.counters?.seconds).toBeGreaterThanOrEqual(1);
  });
});

describe('an image without the programs', () => {
  const { netlink: withoutConntrack, remote: withAlmostNothing } = read('readWithoutPrograms');

  it('reads flows from /proc where conntrack is missing, and says what that costs', () => {
    expect(withoutConntrack.flows.length).toBeGreaterThan(70);
    expect(withoutConntrack.facts.flowsSource).toBe('text');
    const gaps = withoutConntrack.facts.gaps.map(({ id, why }) => `${id}: ${why}`);
    expect(gaps).toContain('events: sh: timeout: not found');
    expect(gaps.filter((gap) => gap.startsWith('flows'))).toEqual([]);
  });

  it('names each thing it cannot see', () => {
    expect(withAlmostNothing.flows).toEqual([]);
    expect(withAlmostNothing.facts.flowsSource).toBeUndefined();
    expect(withAlmostNothing.facts.addresses).toEqual(['192.0.2.10']);
    expect(new Set(withAlmostNothing.facts.gaps.map(({ id }) => id))).toEqual(
      new Set(['flows', 'nat-rules', 'links', 'listeners', 'events', 'counters', 'kernel-behaviour']),
    );
  });
});

function essence({
  family,
  path,
  action,
  match,
  owner,
  scope,
}: ReadTwice['remote']['facts']['natRules']['sourceNat'][number]) {
  return { family, path, action, match, owner, scope };
}
