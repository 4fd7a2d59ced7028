// The netlink reader, the proc reader and `conntrack -L` on the same namespace.
import { beforeAll, describe, expect, it } from 'vitest';
import { type FlowText, textOfConntrack } from './flow-text.ts';
import { runInNamespace } from './namespace-child.ts';

const LOCAL = ['127.0.0.1', '192.0.2.10', '203.0.113.1', '10.244.9.9', '2001:db8::10', '::1'];
/** 198.18.0.1 is only a SNAT address: it counts as the node's all the same. */
const OWN = [...LOCAL, '198.18.0.1'];

interface Seen {
  readonly flows: readonly FlowText[];
  readonly counts: Record<string, number>;
  readonly gaps: readonly { readonly id: string }[];
}

interface Printed {
  readonly netlink: Seen;
  readonly proc: Seen;
  readonly snat: Seen;
  readonly notSnat: Seen;
  readonly closedFirst: Record<string, boolean>;
  readonly text: string;
}

let printed: Printed;
const lines = (seen: { readonly flows: readonly FlowText[] }): readonly string[] => seen.flows.map(({ line }) => line);

beforeAll(() => {
  printed = runInNamespace('agreeing-child') as Printed;
});

describe('dumpFlows', () => {
  it('keeps what conntrack -L shows of held ports, with state, zone, direction and flags', () => {
    const wanted = textOfConntrack(printed.text, OWN);
    expect(lines(printed.netlink)).toEqual(wanted.map(({ line }) => line));
    expect(wanted.length).toBeGreaterThan(40);
  });

  it('keeps the ids and timeouts', () => {
    const wanted = textOfConntrack(printed.text, OWN);
    expect(printed.netlink.flows.map(({ id }) => id)).toEqual(wanted.map(({ id }) => id));
    wanted.forEach(({ timeoutSeconds }, index) => {
      const seen = printed.netlink.flows[index]?.timeoutSeconds ?? 0;
      expect(Math.abs(seen - timeoutSeconds)).toBeLessThanOrEqual(5);
    });
  });

  it('sees every entry and accounts for each', () => {
    const shown = printed.text.split('\n').filter((line) => /^ipv[46]/.test(line)).length;
    const { entries, kept, forwarded, otherProtocol } = printed.netlink.counts;
    expect(entries).toBe(shown);
    expect(otherProtocol).toBe(1);
    // 20 entries of the borrowed address were passed over at first or at least once, then kept.
    expect(kept).toBe(shown - (forwarded ?? 0) - (otherProtocol ?? 0) + 20);
    expect(printed.netlink.gaps).toEqual([]);
  });

  it('knows who sent the first FIN', () => {
    expect(printed.closedFirst).toMatchObject({ 8001: true, 8002: false });
  });

  it('splits by status into two halves that together are the whole', () => {
    const halves = [...lines(printed.snat), ...lines(printed.notSnat)].sort();
    const whole = lines(printed.netlink).filter((line) => !line.includes('198.18.0.1 5353'));
    expect(halves).toEqual([...whole].sort());
    expect(lines(printed.snat).every((line) => line.includes('snat'))).toBe(true);
    expect(printed.snat.counts['unselected']).toBe(0);
  });
});

describe('readProcFlows', () => {
  it('reads the same flows as the netlink reader', () => {
    expect(lines(printed.proc)).toEqual(lines(printed.netlink));
    printed.proc.flows.forEach(({ timeoutSeconds }, index) => {
      const other = printed.netlink.flows[index]?.timeoutSeconds ?? 0;
      expect(Math.abs(timeoutSeconds - other)).toBeLessThanOrEqual(5);
    });
  });

  it('says what the text does not carry', () => {
    expect(printed.proc.gaps.map(({ id }) => id)).toEqual(['flow-details']);
    expect(printed.proc.counts['unreadable']).toBe(0);
  });
});
