// A program: the agent's server with a report of 5,000 series. /metrics makes the text anew, /ready hands out the same bytes from a
// string that is there, /cpu says how many microseconds of CPU it has used. Prints its address.
import { setTimeout as sleep } from 'node:timers/promises';
import { AgentServer, type Answer, TEXT } from '../src/agent/http/agent-server.ts';
import { OPEN } from '../src/agent/http/authorizer.ts';
import { CONTENT_TYPES, exposition } from '../src/protocol/metrics/exposition.ts';
import { sampleReport } from '../test/agent/sample-report.ts';

const report = sampleReport({ spaces: 220, sources: 100 });
const figures = { cpuSeconds: 1, residentBytes: 1, startSeconds: 1 };
const make = (): string => exposition({ report, process: figures, version: '0' }, 'prometheus');
let ready: string | undefined;

function answerOf(parts: readonly string[], type = CONTENT_TYPES.prometheus): Promise<Answer> {
  return Promise.resolve({ status: 200, type, parts });
}

function cpuText(): string {
  const { user, system } = process.cpuUsage();
  return String(user + system);
}

const server = await AgentServer.listen({
  host: '127.0.0.1',
  port: 0,
  authorizer: OPEN,
  routes: {
    '/metrics': { isOpen: true, answer: () => answerOf([make()]) },
    '/ready': { isOpen: true, answer: () => answerOf([(ready ??= make())]) },
    '/cpu': { isOpen: true, answer: () => answerOf([cpuText()], TEXT) },
  },
  warn: (text) => process.stderr.write(`${text}\n`),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
});
process.stdout.write(`${server.url}\n`);
