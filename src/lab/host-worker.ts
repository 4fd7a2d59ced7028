// The inside of a host: a worker thread that enters its namespace first, then performs tasks. Sockets that it opens, and files
// under /proc that it reads, belong to that namespace.
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { PortolanError } from '../core/errors/portolan-error.ts';
import { enterNetns } from '../kernel/netns/network-namespace.ts';
import { applyCommands } from '../kernel/nftables/apply-commands.ts';
import { createFlows } from '../kernel/conntrack/create-flows.ts';
import { FixedTimeWait } from '../kernel/conntrack/fixed-time-wait.ts';
import { flushFlows } from '../kernel/conntrack/flush-flows.ts';
import type { HostTasks, TaskAnswer, TaskName, TaskRequest } from './host-tasks.ts';
import { openShell } from './open-shell.ts';
import { restoreIptables } from './restore-iptables.ts';
import { setSysctls } from './set-sysctls.ts';
import { hostStart, taskRequest } from './thread-messages.ts';
import { sendInLockStep } from './traffic/lock-step.ts';
import { sendRaw } from './traffic/send-raw.ts';
import { TcpClients } from './traffic/tcp-clients.ts';
import { TcpServers } from './traffic/tcp-servers.ts';
import { UdpSockets } from './traffic/udp-sockets.ts';

type Result<Name extends TaskName> = HostTasks[Name]['result'];
type Handlers = {
  readonly [Name in TaskName]: (args: HostTasks[Name]['args']) => Result<Name> | Promise<Result<Name>>;
};

const servers = new TcpServers();
const clients = new TcpClients();
const datagrams = new UdpSockets();
let stops = 0;

const handlers: Handlers = {
  'set-sysctls': setSysctls,
  'read-file': (path) => readFileSync(path, 'utf8'),
  nftables: applyCommands,
  'restore-iptables': restoreIptables,
  'create-flows': createFlows,
  'flush-flows': flushFlows,
  'fix-time-wait': fixTimeWait,
  'tcp-listen': (options) => servers.listen(options),
  'tcp-connect': (options) => clients.connect(options),
  'tcp-release': (closer) => clients.release(closer),
  'udp-listen': (options) => datagrams.listen(options),
  'udp-query': (options) => datagrams.query(options),
  'raw-send': (traffic) => sendRaw(traffic, stopSignal()),
  'lock-step': (options) => sendInLockStep(options, stopSignal()),
  shell: openShell,
  'stop-traffic': stopTraffic,
};

/** True once a `stop-traffic` came after this call. */
function stopSignal(): () => boolean {
  const before = stops;
  return () => stops !== before;
}

function stopTraffic(): void {
  stops += 1;
  clients.stop();
  datagrams.stop();
}

async function fixTimeWait(): Promise<number> {
  const isStopping = stopSignal();
  const listener = new FixedTimeWait();
  try {
    while (!isStopping()) {
      listener.step();
      await new Promise((resolve) => setImmediate(resolve));
    }
    return listener.changed;
  } finally {
    listener.close();
  }
}

async function answer(request: TaskRequest): Promise<TaskAnswer> {
  try {
    return { id: request.id, ok: true, result: await perform(request) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const facts = error instanceof PortolanError ? { ...error.facts, code: error.code } : {};
    return { id: request.id, ok: false, message, facts };
  }
}

function perform<Name extends TaskName>(request: TaskRequest<Name>): Result<Name> | Promise<Result<Name>> {
  return handlers[request.name](request.args);
}

enterNetns(hostStart(workerData).netns);
parentPort?.on('message', (message: unknown) => {
  void answer(taskRequest(message)).then((reply) => parentPort?.postMessage(reply));
});
