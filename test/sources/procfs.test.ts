import { describe, expect, it } from 'vitest';
import { formatRange } from '../../src/core/model/port-range.ts';
import type { CountingNode } from './counting-node.ts';
import { inNamespace } from './in-namespace.ts';

describe('the procfs readers in a namespace', () => {
  const module = new URL('./counting-node.js', import.meta.url).href;
  const node: CountingNode = JSON.parse(inNamespace({ module, run: 'countingNode' }));

  it('readSettings reads what sysctl prints, in this namespace', () => {
    const { settings, sysctls } = node;
    expect(settings).toMatchObject({ complete: true, gaps: [] });
    expect(settings.value).toEqual({
      conntrackEvents: Number(sysctls['net.netfilter.nf_conntrack_events']),
      conntrackAcct: true,
      tcpTimeWaitSeconds: 37,
      tcpEstablishedSeconds: Number(sysctls['net.netfilter.nf_conntrack_tcp_timeout_established']),
      tcpCloseWaitSeconds: 61,
      udpSeconds: 11,
      udpStreamSeconds: Number(sysctls['net.netfilter.nf_conntrack_udp_timeout_stream']),
      localPortRange: { first: 20_000, last: 30_000 },
      localReservedPorts: '20080,21000-21010',
    });
    expect(sysctls['net.ipv4.ip_local_port_range']?.replace(/\s+/, '-')).toBe(
      formatRange({ first: 20_000, last: 30_000 }),
    );
    expect(sysctls['net.netfilter.nf_conntrack_acct']).toBe('1');
  });

  it('readProcTableUse reads what sysctl prints', () => {
    expect(node.table).toMatchObject({ complete: true, gaps: [] });
    expect(node.table.value.count).toBe(Number(node.sysctls['net.netfilter.nf_conntrack_count']));
    expect(node.table.value.max).toBe(Number(node.sysctls['net.netfilter.nf_conntrack_max']));
    expect(node.table.value.count).toBeGreaterThan(0);
  });

  it('readProcCounters sums what conntrack -S prints per CPU', () => {
    const { value } = node.after;
    expect(node.after).toMatchObject({ complete: true, gaps: [] });
    expect({
      found: value.found,
      invalid: value.invalid,
      insert_failed: value.insertFailed,
      drop: value.drop,
      early_drop: value.earlyDrop,
      clash_resolve: value.clashResolve,
      chaintoolong: value.chainTooLong,
    }).toEqual(
      Object.fromEntries(
        ['found', 'invalid', 'insert_failed', 'drop', 'early_drop', 'clash_resolve', 'chaintoolong'].map((name) => [
          name,
          node.conntrackStats[name],
        ]),
      ),
    );
  });

  it('counterDelta shows the two datagrams that found no port', () => {
    expect(node.delta).toMatchObject({ insertFailed: 2, drop: 2, seconds: 1 });
  });
});
