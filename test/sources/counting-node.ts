// A namespace whose conntrack has counted something and whose settings differ from the defaults, read by procfs, `sysctl`
// and `conntrack -S`. Its function runs in a namespace.
import { execFileSync } from 'node:child_process';
import type { ConntrackCounters, CounterDelta } from '../../src/core/model/counters.ts';
import { counterDelta } from '../../src/core/model/counter-delta.ts';
import type { NodeSettings, TableUse } from '../../src/core/model/node-facts.ts';
import type { Reading } from '../../src/core/model/reading.ts';
import { readProcCounters } from '../../src/kernel/procfs/read-proc-counters.ts';
import { readProcTableUse } from '../../src/kernel/procfs/read-proc-table-use.ts';
import { readSettings } from '../../src/kernel/procfs/read-settings.ts';

export interface CountingNode {
  readonly settings: Reading<NodeSettings>;
  readonly table: Reading<TableUse>;
  readonly before: Reading<ConntrackCounters>;
  readonly after: Reading<ConntrackCounters>;
  readonly delta: CounterDelta;
  /** Sysctl name to its text, as `sysctl -n` prints it. */
  readonly sysctls: Readonly<Record<string, string>>;
  /** Column name of `conntrack -S`, summed over its lines. */
  readonly conntrackStats: Readonly<Record<string, number>>;
}

const NAMES = [
  'net.netfilter.nf_conntrack_events',
  'net.netfilter.nf_conntrack_acct',
  'net.netfilter.nf_conntrack_tcp_timeout_time_wait',
  'net.netfilter.nf_conntrack_tcp_timeout_established',
  'net.netfilter.nf_conntrack_tcp_timeout_close_wait',
  'net.netfilter.nf_conntrack_udp_timeout',
  'net.netfilter.nf_conntrack_udp_timeout_stream',
  'net.netfilter.nf_conntrack_count',
  'net.netfilter.nf_conntrack_max',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
];

const CHANGES = [
  'net.netfilter.nf_conntrack_acct=1',
  'net.netfilter.nf_conntrack_tcp_timeout_time_wait=37',
  'net.netfilter.nf_conntrack_tcp_timeout_close_wait=61',
  'net.netfilter.nf_conntrack_udp_timeout=11',
  'net.ipv4.ip_local_port_range=20000 30000',
  'net.ipv4.ip_local_reserved_ports=20080,21000-21010',
];

/** One port for everyone: the second flow to one remote finds none (insert_failed, drop). */
const RULES = `table ip t {
  chain post {
    type nat hook postrouting priority 100
    udp dport 9 oifname "lo" snat to 127.0.0.9:40000
  }
}`;

/** Changes the settings, lets conntrack drop some packets, and reads everything twice. */
export function countingNode(): CountingNode {
  execFileSync('ip', ['link', 'set', 'lo', 'up']);
  execFileSync('nft', ['-f', '-'], { input: RULES });
  for (const change of CHANGES) execFileSync('sysctl', ['-qw', change]);
  const before = readProcCounters();
  for (const port of [5001, 5002, 5003]) sendDatagram(port);
  const after = readProcCounters();
  return {
    settings: readSettings(),
    table: readProcTableUse(),
    before,
    after,
    delta: counterDelta(before.value, after.value, 1),
    sysctls: Object.fromEntries(NAMES.map((name) => [name, sysctl(name)])),
    conntrackStats: conntrackStats(execFileSync('conntrack', ['-S'], { encoding: 'utf8' })),
  };
}

/** In a process of its own: the datagram is gone when it ends, and a refused send cannot disturb this thread. */
function sendDatagram(sourcePort: number): void {
  execFileSync(process.execPath, [
    '-e',
    `const s = require('node:dgram').createSocket('udp4');
     s.bind(${sourcePort}, '127.0.0.1', () => s.send('x', 9, '127.0.0.1', () => s.close()));`,
  ]);
}

function sysctl(name: string): string {
  return execFileSync('sysctl', ['-n', name], { encoding: 'utf8' }).trim();
}

function conntrackStats(text: string): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const match of text.matchAll(/(\w+)=(\d+)/g)) {
    const name = match[1] ?? '';
    sums[name] = (sums[name] ?? 0) + Number(match[2]);
  }
  return sums;
}
