// In a namespace of its own: makes entries of many kinds, by `conntrack -I` and by real traffic through nft, and prints what
// the netlink reader, the proc reader and `conntrack -L` say of them.
import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type Socket, connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { dumpFlows } from '../../src/kernel/conntrack/dump-flows.ts';
import { readProcFlows } from '../../src/kernel/procfs/proc-flows.ts';
import { textOfTable } from './flow-text.ts';

const LOCAL = ['127.0.0.1', '192.0.2.10', '203.0.113.1', '10.244.9.9', '2001:db8::10', '::1'];

function run(command: string, ...args: readonly string[]): string {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function insert(text: string): void {
  run('conntrack', '-I', ...text.split(' '));
}

const POD = '-s 10.244.0.5 -d 203.0.113.9';
const POD6 = '-s fd00::5 -d 2001:db8::9';

function insertEntries(): void {
  const states = ['SYN_SENT', 'SYN_RECV', 'ESTABLISHED', 'FIN_WAIT', 'CLOSE_WAIT', 'LAST_ACK', 'TIME_WAIT', 'CLOSE'];
  states.forEach((state, index) =>
    insert(
      `-p tcp ${POD} --sport ${1000 + index} --dport 443 --state ${state} -t 3000 -u SEEN_REPLY -n 192.0.2.10:${40_000 + index}`,
    ),
  );
  insert(`-p udp ${POD} --sport 1000 --dport 53 -t 3000 -n 192.0.2.10:40000`);
  insert(
    `-p sctp ${POD} --sport 1000 --dport 99 -t 3000 --state ESTABLISHED --orig-vtag 1 --reply-vtag 2 -n 192.0.2.10:41000`,
  );
  insert(`-p icmp ${POD} --icmp-type 8 --icmp-code 0 --icmp-id 77 -t 3000 -n 192.0.2.10`);
  insert(`-p tcp ${POD} --sport 2000 --dport 443 --state ESTABLISHED -t 3000 -w 7 -n 192.0.2.10:40000`);
  insert(`-p udp ${POD} --sport 2001 --dport 53 -t 3000 --orig-zone 3 -n 192.0.2.10:40001`);
  insert(`-p udp ${POD} --sport 2002 --dport 53 -t 3000 --reply-zone 4 -n 192.0.2.10:40002`);
  insert(`-p tcp ${POD6} --sport 1000 --dport 443 --state ESTABLISHED -t 3000 -n [2001:db8::10]:40000`);
  insert(`-p udp ${POD6} --sport 1000 --dport 53 -t 3000 -n [2001:db8::10]:40000`);
  insert(`-p icmpv6 -s 2001:db8::10 -d 2001:db8::9 --icmpv6-type 128 --icmpv6-code 0 --icmpv6-id 77 -t 3000`);
  // Forwarded, not SNATed: no port of the node.
  insert(`-p tcp ${POD} --sport 3000 --dport 443 --state ESTABLISHED -t 3000`);
  insert(`-p udp ${POD6} --sport 3000 --dport 53 -t 3000`);
  // Host-owned and inbound.
  insert(`-p tcp -s 192.0.2.10 -d 203.0.113.9 --sport 45000 --dport 443 --state ESTABLISHED -t 3000`);
  insert(
    `-p tcp -s 198.51.100.7 -d 192.0.2.10 --sport 443 --dport 30080 --state ESTABLISHED -t 3000 -u SEEN_REPLY,ASSURED`,
  );
  insert(`-p udp -s 2001:db8::9 -d 2001:db8::10 --sport 53 --dport 5353 -t 3000`);
  insert(`-p udp -s 198.51.100.7 -d 192.0.2.10 --sport 53 --dport 5353 -t 3000 --orig-zone 9`);
  // The node's own flow, moved to another port of the same address.
  insert(
    `-p tcp -s 192.0.2.10 -d 203.0.113.9 --sport 45001 --dport 443 --state ESTABLISHED -t 3000 -n 192.0.2.10:50001`,
  );
  // An inbound echo holds no identifier; GRE spends no port.
  insert(`-p icmp -s 198.51.100.7 -d 192.0.2.10 --icmp-type 8 --icmp-code 0 --icmp-id 78 -t 3000`);
  insert(`-p gre ${POD} --srckey 1 --dstkey 2 -t 3000`);
  // A borrowed SNAT address: its inbound entry goes by before or after the entry that makes it known.
  insert(`-p tcp ${POD} --sport 4000 --dport 443 --state ESTABLISHED -t 3000 -n 198.18.0.1:50000`);
  for (let index = 0; index < 20; index += 1) {
    insert(`-p udp -s 198.51.100.${10 + index} -d 198.18.0.1 --sport 53 --dport 5353 -t 3000`);
  }
}

async function connection(serverCloses: boolean): Promise<void> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    if (serverCloses) socket.end();
    else socket.on('end', () => socket.end());
    socket.resume();
  });
  server.listen(serverCloses ? 8001 : 8002, '203.0.113.1');
  await once(server, 'listening');
  const client: Socket = connect({
    host: '203.0.113.1',
    port: serverCloses ? 8001 : 8002,
    localAddress: '10.244.9.9',
    allowHalfOpen: true,
  });
  client.resume();
  await once(client, 'connect');
  if (serverCloses) client.on('end', () => client.end());
  else client.end();
  await once(client, 'close');
  server.close();
}

async function datagram(): Promise<void> {
  const server = createSocket('udp4');
  server.bind(8003, '203.0.113.1');
  await once(server, 'listening');
  const client = createSocket('udp4');
  client.bind(0, '10.244.9.9');
  await once(client, 'listening');
  client.send('x', 8003, '203.0.113.1');
  await once(server, 'message');
  client.close();
  server.close();
}

async function realTraffic(): Promise<void> {
  run('ip', 'link', 'set', 'lo', 'up');
  for (const address of ['192.0.2.10/32', '203.0.113.1/32', '10.244.9.9/32'])
    run('ip', 'addr', 'add', address, 'dev', 'lo');
  run('nft', 'add table ip t; add chain ip t c { type nat hook postrouting priority srcnat; }');
  run(
    'nft',
    'add rule ip t c ip saddr 10.244.9.9 meta l4proto { tcp, udp } snat to 192.0.2.10:32768-65535 fully-random',
  );
  await connection(true);
  await connection(false);
  await datagram();
  await sleep(50);
}

await realTraffic();
insertEntries();
const netlink = dumpFlows({ localAddresses: LOCAL });
const proc = readProcFlows({ localAddresses: LOCAL });
const text = run('conntrack', '-L', '-o', 'extended,id');
const closedFirst = new Map<number, boolean>();
for (let row = 0; row < netlink.value.flowCount; row += 1) {
  const space = netlink.value.portSpace(netlink.value.flows.portSpace[row] ?? 0);
  if (space.remoteAddress === '203.0.113.1') {
    closedFirst.set(space.remotePort, ((netlink.value.flows.status[row] ?? 0) & 32) !== 0);
  }
}
const only = (which: 'snat' | 'not-snat'): unknown => {
  const reading = dumpFlows({ localAddresses: LOCAL, only: which });
  return { flows: textOfTable(reading.value), counts: reading.counts, complete: reading.complete };
};
console.log(
  JSON.stringify({
    netlink: { flows: textOfTable(netlink.value), counts: netlink.counts, gaps: netlink.gaps, faults: netlink.faults },
    proc: { flows: textOfTable(proc.value), counts: proc.counts, gaps: proc.gaps },
    snat: only('snat'),
    notSnat: only('not-snat'),
    closedFirst: Object.fromEntries(closedFirst),
    text,
  }),
);
