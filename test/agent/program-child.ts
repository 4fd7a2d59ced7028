// The program itself in a namespace of its own: metrics and facts over HTTP, killed and started again, told to stop, refused.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseFactsMessage } from '../../src/protocol/parse-facts-message.ts';
import { FlowChurn } from '../../bench/flow-churn.ts';
import { RandomFlows } from '../../bench/random-flows.ts';
import { seededRandom } from '../../src/core/alloc/seeded-random.ts';
import { dumpFlows } from '../../src/kernel/conntrack/dump-flows.ts';
import { textOfTable } from '../conntrack/flow-text.ts';
import { printAndExit } from '../print-and-exit.ts';

const URL_BASE = 'http://127.0.0.1:9976';
const LOCAL = ['127.0.0.1', '192.0.2.10', '::1'];

function run(command: string): string {
  return execFileSync('bash', ['-ec', command], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

interface Running {
  readonly child: ChildProcess;
  readonly said: () => string;
}

function startAgent(wrapper: readonly string[] = [], flags: readonly string[] = []): Running {
  const [program = '', ...args] = [...wrapper, process.execPath, 'bin/portolan.js', 'agent', '--name', 'n', ...flags];
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  return { child, said: () => said };
}

async function until(path: string, status: number): Promise<string> {
  for (let round = 0; round < 300; round += 1) {
    const response = await fetch(`${URL_BASE}${path}`).catch(() => undefined);
    const text = await response?.text();
    if (response?.status === status) return text ?? '';
    await sleep(100);
  }
  throw new Error(`${path} never answered ${status}`);
}

async function readFacts() {
  const response = await fetch(`${URL_BASE}/facts?window=0`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const end = bytes.indexOf(10);
  const facts = parseFactsMessage(new TextDecoder().decode(bytes.subarray(0, end)), bytes.subarray(end + 1));
  if (typeof facts === 'string') throw new Error(facts);
  return facts;
}

/** Flows over HTTP beside a dump. */
async function compare() {
  const facts = await readFacts();
  const mine = textOfTable(facts.flows).map(({ line, id }) => `${id} ${line}`);
  const theirs = textOfTable(dumpFlows({ localAddresses: LOCAL }).value).map(({ line, id }) => `${id} ${line}`);
  const isOwn = (line: string): boolean => !line.includes('127.0.0.1');
  return { flows: mine.filter(isOwn).length, same: mine.filter(isOwn).join('\n') === theirs.filter(isOwn).join('\n') };
}

async function ended({ child }: Running): Promise<unknown> {
  if (child.exitCode !== null || child.signalCode !== null) return [child.exitCode, child.signalCode];
  return once(child, 'exit');
}

run('ip link set lo up; ip addr add 192.0.2.10/32 dev lo');
const churn = new FlowChurn();
const flows = new RandomFlows(seededRandom(4), 4);
for (let index = 0; index < 500; index += 1) churn.insert({ ...flows.begin(), timeoutSeconds: 3000 });
churn.flush();

const first = startAgent();
await until('/readyz', 200);
const atStart = await compare();
const metrics = await until('/metrics', 200);
const second = startAgent();
const busyPort = { exit: await ended(second), said: second.said() };
first.child.kill('SIGKILL');
await ended(first);
for (let index = 0; index < 300; index += 1) churn.insert({ ...flows.begin(), timeoutSeconds: 3000 });
for (let index = 0; index < 200; index += 1) {
  const flow = flows.end();
  if (flow !== undefined) churn.delete(flow);
}
churn.flush();
const third = startAgent();
await until('/readyz', 200);
const afterKill = await compare();
const scrape = fetch(`${URL_BASE}/facts?window=2`);
await sleep(300);
third.child.kill('SIGTERM');
const scraped = await scrape.then(async (response) => ({
  status: response.status,
  bytes: (await response.arrayBuffer()).byteLength,
}));
const stopped = await ended(third);
const who = startAgent();
await until('/readyz', 200);
const answers = await Promise.all(
  ['/who?port=20000', '/who?port=x', '/who?port=1&at=yesterday', '/facts?window=99', '/nothing'].map(
    async (path) => (await fetch(`${URL_BASE}${path}`)).status,
  ),
);
who.child.kill('SIGTERM');
await ended(who);
const blind = startAgent(['setpriv', '--bounding-set=-net_admin', '--inh-caps=-net_admin']);
await until('/readyz', 200);
const blindMetrics = await until('/metrics', 200);
blind.child.kill('SIGTERM');
await ended(blind);
const unsafe = startAgent([], ['--listen', '0.0.0.0:9976']);
const unsafeEnd = { exit: await ended(unsafe), said: unsafe.said() };
const nowhere = startAgent([], ['--netns', '/run/netns/none']);
const nowhereEnd = { exit: await ended(nowhere), said: nowhere.said() };
printAndExit({
  atStart,
  metrics,
  busyPort,
  afterKill,
  scraped,
  stopped,
  answers,
  blindMetrics,
  unsafe: unsafeEnd,
  nowhere: nowhereEnd,
});
