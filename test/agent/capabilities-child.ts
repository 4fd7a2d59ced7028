// The agent with exactly the capabilities it is given, in a namespace with flows, both kinds of iptables rules and a socket: what
// it sees, and what it says it cannot. Arguments: those of setpriv.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { FlowChurn } from '../../bench/flow-churn.ts';
import { RandomFlows } from '../../bench/random-flows.ts';
import { seededRandom } from '../../src/core/alloc/seeded-random.ts';
import { dumpFlows } from '../../src/kernel/conntrack/dump-flows.ts';
import { parseFactsMessage } from '../../src/protocol/parse-facts-message.ts';
import { textOfTable } from '../conntrack/flow-text.ts';
import { printAndExit } from '../print-and-exit.ts';

const URL_BASE = 'http://127.0.0.1:9976';
const LOCAL = ['127.0.0.1', '192.0.2.10', '::1'];
const LEAST_EVENTS = 50;
const LISTENED_PORT = 40_123;
const RULES = [
  'ip link set lo up',
  'ip addr add 192.0.2.10/32 dev lo',
  'iptables-nft -t nat -A POSTROUTING -s 10.244.0.0/16 -p tcp -j MASQUERADE --to-ports 32768-60999',
  'iptables-legacy -t nat -A POSTROUTING -s 10.245.0.0/16 -p tcp -j MASQUERADE --to-ports 20000-30000',
];

async function ask(path: string): Promise<Uint8Array | undefined> {
  const response = await fetch(`${URL_BASE}${path}`).catch(() => undefined);
  return response?.status === 200 ? new Uint8Array(await response.arrayBuffer()) : undefined;
}

async function until<Value>(what: string, look: () => Promise<Value | undefined>): Promise<Value> {
  for (let round = 0; round < 100; round += 1) {
    const value = await look();
    if (value !== undefined) return value;
    await sleep(100);
  }
  throw new Error(`never: ${what}`);
}

async function metric(name: string): Promise<number> {
  const text = new TextDecoder().decode(await until('metrics', () => ask('/metrics')));
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? 'NaN');
}

execFileSync('bash', ['-ec', RULES.join('; ')], { stdio: ['ignore', 'ignore', 'inherit'] });
const listener = createServer().listen(LISTENED_PORT, '0.0.0.0');
await once(listener, 'listening');
const churn = new FlowChurn();
const flows = new RandomFlows(seededRandom(7), 4);
const insert = (count: number): void => {
  for (let index = 0; index < count; index += 1) churn.insert({ ...flows.begin(), timeoutSeconds: 3000 });
  churn.flush();
};
insert(200);
const agent = spawn(
  'setpriv',
  [...process.argv.slice(2), process.execPath, 'bin/portolan.js', 'agent', '--name', 'n'],
  { stdio: ['ignore', 'ignore', 'inherit'] },
);
process.on('exit', () => agent.kill('SIGKILL'));
await until('ready', () => ask('/readyz'));
const status = readFileSync(`/proc/${agent.pid}/status`, 'utf8');
// One in fifteen and more hold no port of the node: no event is told of those.
insert(100);
const events = await until('events', async () => {
  const read = await metric('portolan_agent_events_total');
  return read >= LEAST_EVENTS || (await metric('portolan_agent_gaps{gap="events"}')) === 1 ? read : undefined;
});
const bytes = await until('facts', () => ask('/facts?window=0'));
const end = bytes.indexOf(10);
const facts = parseFactsMessage(new TextDecoder().decode(bytes.subarray(0, end)), bytes.subarray(end + 1));
if (typeof facts === 'string') throw new Error(facts);
const linesOf = (table: typeof facts.flows): string[] =>
  textOfTable(table)
    .map(({ line, id }) => `${id} ${line}`)
    .filter((line) => !line.includes('127.0.0.1'));
const mine = linesOf(facts.flows);
const result = {
  effective: /^CapEff:\s*(\S+)$/m.exec(status)?.[1],
  bounding: /^CapBnd:\s*(\S+)$/m.exec(status)?.[1],
  user: /^Uid:\s*(\d+)/m.exec(status)?.[1],
  events,
  flows: mine.length,
  same: mine.join('\n') === linesOf(dumpFlows({ localAddresses: LOCAL }).value).join('\n'),
  ranges: facts.natRules.sourceNat.flatMap(({ action }) =>
    'range' in action && action.range !== undefined ? [`${action.range.first}-${action.range.last}`] : [],
  ),
  listens: facts.claims.some(({ ports }) => ports.first === LISTENED_PORT),
  gaps: facts.gaps.map(({ id }) => id).toSorted(),
};
agent.kill('SIGTERM');
await once(agent, 'exit');
listener.close();
printAndExit(result);
