// The lab on a real kernel, judged by what nft and conntrack say of the same namespace.
import { describe, expect, it } from 'vitest';
import { runIsolated } from './run-isolated.ts';

const PROGRAMS = new URL('./lab-programs.js', import.meta.url);

interface Connects {
  readonly tried: number;
  readonly opened: number;
  readonly outcomes: Readonly<Record<string, number>>;
}

describe('a lab node', () => {
  it('loses connects when the port space is full and opens them from the new range', () => {
    const seen = runIsolated(PROGRAMS, 'fillAndMove') as {
      empty: Connects;
      full: Connects;
      moved: Connects;
      fill: { created: number; refused: number };
      conntrack: string[];
      rules: string;
    };
    expect(seen.empty.outcomes).toEqual({ opened: 10 });
    expect(seen.fill).toEqual({ created: 1000, refused: 0 });
    expect(seen.full.outcomes).toEqual({ timeout: 10 });
    expect(seen.moved.outcomes).toEqual({ opened: 10 });
    const replyPorts = seen.conntrack.map((line) => Number(/dst=192\.0\.2\.10 sport=443 dport=(\d+)/.exec(line)?.[1]));
    expect(replyPorts).toHaveLength(1010);
    expect(replyPorts.filter((port) => port >= 40_000 && port <= 40_999)).toHaveLength(1000);
    expect(replyPorts.filter((port) => port >= 50_000 && port <= 50_999)).toHaveLength(10);
    expect(seen.rules).toContain('masquerade to :50000-50999 fully-random comment "cali:portolanRule000;"');
    expect(seen.rules).not.toContain('40000');
  });
});

describe('a lab', () => {
  it('gives every pod of every node a way out under its own node address', () => {
    expect(runIsolated(PROGRAMS, 'manyNodes')).toEqual({
      opened: [1, 1, 1, 1, 1, 1],
      addresses: ['192.0.2.10', '192.0.2.10', '192.0.2.11', '192.0.2.11', '192.0.2.12', '192.0.2.12'],
    });
  });

  it('hands a failed task back with its code, its errno and the host it failed on', () => {
    expect(runIsolated(PROGRAMS, 'failingTask')).toEqual({
      code: 'PTL_LAB',
      inner: 'PTL_NETLINK',
      errno: 'ENOENT',
      message: expect.stringContaining('(on node-1)'),
    });
  });
});

describe('rules in iptables form', () => {
  const seen = runIsolated(PROGRAMS, 'iptablesFlavours') as Readonly<
    Record<string, { moved: Connects; conntrack: string[]; rules: string }>
  >;

  it.each(['iptables-nft', 'iptables-legacy'])('%s: Calico-shaped, in force, replaced in one go', (flavour) => {
    const { moved, conntrack, rules } = seen[flavour] ?? { moved: undefined, conntrack: [], rules: '' };
    expect(moved?.outcomes).toEqual({ opened: 10 });
    const replyPorts = conntrack.map((line) => Number(/sport=443 dport=(\d+)/.exec(line)?.[1]));
    expect(replyPorts.filter((port) => port >= 40_000 && port <= 40_999)).toHaveLength(10);
    expect(replyPorts.filter((port) => port >= 50_000 && port <= 50_999)).toHaveLength(10);
    const outgoing = rules.split('\n').filter((line) => line.startsWith('-A cali-nat-outgoing'));
    expect(outgoing).toHaveLength(5);
    expect(outgoing[0]).toContain('-p tcp');
    expect(outgoing[0]).toContain('-j MASQUERADE --to-ports 50000-50999 --random-fully');
    expect(outgoing[4]).toMatch(/cali:portolanRule004" -j MASQUERADE --random-fully$/);
  });
});

describe('flows made by ctnetlink', () => {
  it('are what conntrack lists: ports, states, timeouts, status', () => {
    const seen = runIsolated(PROGRAMS, 'handMadeFlows') as {
      tcp: unknown;
      again: unknown;
      udp: unknown;
      lines: string[];
      left: string;
    };
    expect(seen.tcp).toEqual({ created: 4, refused: 0 });
    expect(seen.again).toEqual({ created: 0, refused: 4, firstRefusal: 'EEXIST' });
    expect(seen.udp).toEqual({ created: 4, refused: 0 });
    expect(seen.left).toBe('');
    const tcp = seen.lines.filter((line) => line.startsWith('tcp'));
    const states = new Set(tcp.map((line) => /(ESTABLISHED|CLOSE_WAIT|TIME_WAIT|CLOSE) /.exec(line)?.[1]));
    expect(states).toEqual(new Set(['ESTABLISHED', 'CLOSE_WAIT', 'TIME_WAIT', 'CLOSE']));
    expect(tcp.every((line) => line.includes('[ASSURED]'))).toBe(true);
    const established = tcp.find((line) => line.includes('ESTABLISHED')) ?? '';
    expect(established).toContain('src=10.244.1.10 dst=203.0.113.10 sport=2000 dport=443');
    expect(established).toContain('src=203.0.113.10 dst=192.0.2.10 sport=443 dport=40000');
    const seconds = tcp.map((line) => Number(line.trim().split(/\s+/)[2])).toSorted((left, right) => left - right);
    for (const [index, wanted] of [100, 200, 300, 400].entries()) {
      expect(seconds[index]).toBeGreaterThan(wanted - 5);
      expect(seconds[index]).toBeLessThanOrEqual(wanted);
    }
    const udp = seen.lines.filter((line) => line.startsWith('udp'));
    expect(udp).toHaveLength(4);
    expect(udp.every((line) => line.includes('[UNREPLIED]') && !line.includes('[ASSURED]'))).toBe(true);
  });
});

describe('an nf_tables transaction', () => {
  it('says to nft what was meant', () => {
    const { text } = runIsolated(PROGRAMS, 'listRuleset') as { text: string };
    const lines = text.split('\n').map((line) => line.trim());
    for (const line of [
      'type nat hook postrouting priority srcnat + 10; policy accept;',
      'counter packets 0 bytes 0 jump out',
      'meta l4proto tcp ip saddr 10.244.0.0/16 ip daddr != 10.244.0.0/16 masquerade to :32768-65535 fully-random comment "cali:abc;"',
      'oifname "eth0" meta mark & 0x00004000 == 0x00004000 snat to 192.0.2.1:1000-2000',
      'masquerade random',
      'udp dport 4789 notrack',
      'udp sport != 10-20 return',
      'tcp sport set 77 ct timeout set "short"',
      'tcp dport 30000-30010 dnat to 10.244.1.10:80',
      'policy = { established : 300, time_wait : 7 }',
      'iifname != "lo" ct state invalid,untracked drop',
      'ip saddr 10.0.0.0/9 accept',
      'goto out',
    ])
      expect(lines).toContain(line);
    expect(lines.indexOf('tcp sport set 77 ct timeout set "short"')).toBeLessThan(
      lines.indexOf('udp dport 4789 notrack'),
    );
  });

  it('gives the same masquerade as JSON', () => {
    const { json } = runIsolated(PROGRAMS, 'listRuleset') as { json: unknown };
    expect(JSON.stringify(json)).toContain('{"masquerade":{"port":{"range":[32768,65535]},"flags":"fully-random"}}');
  });

  it('takes away rules, chains and tables', () => {
    const counter = 'counter packets 0 bytes 0';
    expect(runIsolated(PROGRAMS, 'removals')).toEqual({
      full: `table ip6 gone { } table inet kept { chain one { ${counter} } chain two { ${counter} } chain three { } }`,
      less: `table inet kept { chain one { } chain two { ${counter} } }`,
      flushed: 'table inet kept { chain one { } chain two { } }',
    });
  });

  it('changes nothing when one command is refused', () => {
    const seen = runIsolated(PROGRAMS, 'refusedTransaction') as { message: string; text: string };
    expect(seen.message).toContain('Cannot change nf_tables: ENOENT');
    expect(seen.text).toBe('');
  });
});
