// A namespace with sockets of every kind that listens, and what `ss` and readListeners make of it. Its function runs in a namespace.
import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type ListenOptions } from 'node:net';
import type { PortClaim } from '../../src/core/model/port-claim.ts';
import type { Reading } from '../../src/core/model/reading.ts';
import { readListeners } from '../../src/kernel/sock-diag/read-listeners.ts';

export interface ListeningNode {
  readonly byPort: Reading<readonly PortClaim[]>;
  readonly byProcess: Reading<readonly PortClaim[]>;
  /** `tcp 127.0.0.1:10248` per line of `ss -Htlnu`, sorted, each once. */
  readonly ss: readonly string[];
}

const SERVERS: readonly ListenOptions[] = [
  { port: 10_250, host: '0.0.0.0' },
  { port: 10_248, host: '127.0.0.1' },
  { port: 40_005, host: '::', ipv6Only: false },
  { port: 40_006, host: '::', ipv6Only: true },
  { port: 40_006, host: '0.0.0.0' },
  { port: 40_007, host: '::1' },
];

/** Opens the sockets, one of them connected, and reads them twice: naming owners by port, and by process. */
export async function listeningNode(): Promise<ListeningNode> {
  execFileSync('ip', ['link', 'set', 'lo', 'up']);
  for (const options of SERVERS) await once(createServer().listen(options), 'listening');
  const waiting = createSocket('udp4').bind(51_820, '0.0.0.0');
  await once(waiting, 'listening');
  const connected = createSocket('udp4').bind(40_008, '127.0.0.1');
  await once(connected, 'listening');
  connected.connect(51_820, '127.0.0.1');
  await once(connected, 'connect');
  return {
    byPort: readListeners({ processLinks: 0 }),
    byProcess: readListeners(),
    ss: ssListeners(execFileSync('ss', ['-Htlnu'], { encoding: 'utf8' })),
  };
}

function ssListeners(text: string): string[] {
  const lines = text
    .trim()
    .split('\n')
    .map((line) => {
      const [protocol, , , , local = ''] = line.split(/\s+/);
      return `${protocol} ${local.replace(/^(0\.0\.0\.0|\[::\]|\*):/, 'any:').replaceAll(/[[\]]/g, '')}`;
    });
  return [...new Set(lines)].sort();
}
