// Listening sockets by sock_diag against reading and splitting /proc/net/tcp, beside some 20,000 connected sockets.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Report } from './benchmark.ts';
import type { ListenerTimes } from './listeners-program.ts';

const PROGRAM = fileURLToPath(new URL('listeners-program.js', import.meta.url));

export const listenersBenchmark = {
  name: 'listeners',
  async *run({ quick }: { readonly quick: boolean }): AsyncIterable<Report> {
    const connections = String(quick ? 2000 : 9700);
    const words = ['--user', '--map-root-user', '--net', '--', process.execPath, PROGRAM, connections];
    const ran = spawnSync('unshare', words, { encoding: 'utf8', timeout: 120_000 });
    if (ran.status !== 0)
      throw new Error(`the listening program ended with ${ran.status ?? ran.signal}: ${ran.stderr}`);
    const times: ListenerTimes = JSON.parse(ran.stdout);
    yield {
      title: `Listening sockets: ${times.found} among ${times.sockets}`,
      measures: [
        {
          what: '/proc/net/tcp over sock_diag',
          value: times.procMilliseconds / times.diagMilliseconds,
          unit: 'x',
          goal: { atLeast: 50 },
          detail: `${times.procMilliseconds.toFixed(2)} ms over ${times.diagMilliseconds.toFixed(2)} ms`,
        },
      ],
    };
  },
};
