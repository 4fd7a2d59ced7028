// Runs in a namespace of its own: opens listeners and connections over lo, then times both ways to find the listeners.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { NETLINK_ROUTE, NetlinkSocket } from '../src/kernel/netlink/netlink-socket.ts';
import { setLinkUp } from '../src/kernel/route/set-link-up.ts';
import { readListeners } from '../src/kernel/sock-diag/read-listeners.ts';
import { median } from './benchmark.ts';

export interface ListenerTimes {
  readonly sockets: number;
  /** Listening TCP sockets, the same by both ways. */
  readonly found: number;
  readonly diagMilliseconds: number;
  readonly procMilliseconds: number;
}

const LISTENERS = 500;
const FIRST_PORT = 1025;
const ROUNDS = 51;
/** Rounds that are not counted: the compiler settles. */
const WARM_UP = 10;
/** st of /proc/net/tcp: TCP_LISTEN. */
const LISTEN = '0A';

async function listen(): Promise<void> {
  for (let port = FIRST_PORT; port < FIRST_PORT + LISTENERS; port += 1) {
    const server = createServer(() => {});
    server.listen({ port, host: '127.0.0.1', backlog: 4096 });
    await once(server, 'listening');
  }
}

async function connectMany(count: number): Promise<void> {
  for (let made = 0; made < count; made += 1) {
    const socket = connect({ host: '127.0.0.1', port: FIRST_PORT + (made % LISTENERS) });
    await once(socket, 'connect');
  }
  process.send?.('connected');
}

function listenersInProc(): number {
  const lines = readFileSync('/proc/thread-self/net/tcp', 'latin1').split('\n');
  return lines.filter((line) => line.trim().split(/\s+/)[3] === LISTEN).length;
}

function listenersByDiag(): number {
  return readListeners({ processLinks: 0 }).value.filter((claim) => claim.protocol === 6).length;
}

function time(read: () => number): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const began = performance.now();
    if (read() !== LISTENERS) throw new Error(`Cannot time: found ${read()} listeners, wanted ${LISTENERS}`);
    return performance.now() - began;
  });
  return median(times.slice(WARM_UP));
}

async function measure(connections: number): Promise<ListenerTimes> {
  setLinkUp(new NetlinkSocket(NETLINK_ROUTE), 'lo');
  await listen();
  const client = fork(fileURLToPath(import.meta.url), [String(connections), 'client']);
  await once(client, 'message');
  const sockets = readFileSync('/proc/thread-self/net/tcp', 'latin1').split('\n').length - 2;
  const diagMilliseconds = time(listenersByDiag);
  const procMilliseconds = time(listenersInProc);
  client.kill();
  return { sockets, found: LISTENERS, diagMilliseconds, procMilliseconds };
}

const connections = Number(process.argv[2]);
if (process.argv[3] === 'client') await connectMany(connections);
else {
  process.stdout.write(JSON.stringify(await measure(connections)));
  process.exit(0);
}
