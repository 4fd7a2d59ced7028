import { describe, expect, it } from 'vitest';
import { manyOpened, planFor, remedyIn } from '../../../test/advice/situation-fixture.ts';
import type { PortClaim } from '../model/port-claim.ts';
import { rangeSize } from '../model/port-range.ts';
import { TCP } from '../model/protocol.ts';
import { SMALLEST_PART, splitParts } from './split-parts.ts';

const NODE_PORTS = { first: 30_000, last: 32_767 };

describe('splitParts', () => {
  it('finds 61,440 ports in four powers of two round the NodePorts', () => {
    expect(splitParts([NODE_PORTS])).toEqual([
      { first: 1024, last: 17_407 },
      { first: 17_408, last: 25_599 },
      { first: 25_600, last: 29_695 },
      { first: 32_768, last: 65_535 },
    ]);
  });

  it('takes overlapping and unordered claims, and leaves small pieces out', () => {
    const skipped = [
      NODE_PORTS,
      { first: 2000, last: 2000 },
      { first: 25_000, last: 31_000 },
      { first: 0, last: 1500 },
    ];
    const parts = splitParts(skipped);
    for (const part of parts) {
      expect(rangeSize(part)).toBeGreaterThanOrEqual(SMALLEST_PART);
      expect(Math.log2(rangeSize(part)) % 1).toBe(0);
      for (const { first, last } of skipped) expect(part.last < first || part.first > last).toBe(true);
    }
    expect(parts[0]?.first).toBe(2001);
    expect(splitParts([{ first: 1, last: 65_535 }])).toEqual([]);
  });
});

describe('a split range', () => {
  it('skips NodePorts, hostPorts and VXLAN, and holds none of them', () => {
    const claims: PortClaim[] = [
      { kind: 'host-port', protocol: TCP, ports: { first: 8080, last: 8080 }, owner: 'cni-plugins', source: 'nat' },
      {
        kind: 'listener',
        protocol: TCP,
        ports: { first: 10_250, last: 10_250 },
        owner: 'kubelet',
        source: 'sock_diag',
      },
    ];
    const split = remedyIn(planFor(manyOpened({ claims })), 'split-range');
    expect(split.conflicts.map(({ claim }) => claim.ports.first)).toEqual([10_250]);
    expect(split.title).toMatch(/^split range, [\d,]+ ports, no NodePort$/);
    expect(split.standing).toBe('reaches-goal');
    expect(split.command).toContain("nft -f - <<'EOF'\n");
    expect(split.undo).toBe('nft delete table ip portolan_split');
  });

  it('bears nearly what one range of the same size would', () => {
    const plan = planFor(manyOpened({ vxlan: false }));
    expect(remedyIn(plan, 'split-range').effect.capacityFlows).toBeGreaterThan(1.75 * plan.today.capacityFlows);
  });

  it('is not possible without the CIDRs of the pods, and writes no placeholder for them', () => {
    const { podCidrs: _, ...ports } = manyOpened().ports;
    const split = remedyIn(planFor({ ...manyOpened(), ports }), 'split-range');
    expect(split).toMatchObject({ standing: 'not-possible', change: { ruleset: '' } });
    expect(split.command).toBeUndefined();
    expect(split.preconditions[0]).toContain('CIDRs');
  });

  it('keeps the addresses that the present rule names', () => {
    const situation = manyOpened({ vxlan: false });
    const named = { ...situation, ports: { ...situation.ports, snatTo: ['192.0.2.50'] } };
    const { change } = remedyIn(planFor(named), 'split-range');
    expect(JSON.stringify(change)).toContain('snat to 192.0.2.50:1024-17407 fully-random');
    expect(JSON.stringify(change)).not.toContain('masquerade');
  });
});
