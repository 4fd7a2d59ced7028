// Program: stands where an agent stands, by TLS on port 9976 of the node it is started on, and answers what its third argument
// says. It ends with its standard input.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { ServerResponse } from 'node:http';

const [, , certificate = '', key = '', manner = ''] = process.argv;
const CHUNK = Buffer.alloc(64 * 1024, 'a');

const MANNERS: Readonly<Record<string, (response: ServerResponse) => void>> = {
  garbage: (response) => response.end('<html>\u001b[2Jhello</html>\n'),
  'endless line': (response) => pour(response),
  'endless columns': (response) => {
    response.write(`${JSON.stringify({ ...head(), flowCount: 1, portSpaceCount: 1, addressCount: 1 })}\n`);
    pour(response);
  },
  'many flows': (response) => {
    response.write(`${JSON.stringify({ ...head(), flowCount: 16_000_000, portSpaceCount: 1, addressCount: 1 })}\n`);
    pour(response);
  },
  'another version': (response) => response.end('{"schema":"portolan.dev/facts-message/v9"}\n'),
  silence: () => undefined,
  refusal: (response) => response.writeHead(403).end('nobody may\n'),
};

const tls = { cert: readFileSync(certificate), key: readFileSync(key) };
const server = createServer(tls, (_, response) => MANNERS[manner]?.(response));
server.listen(9976, '0.0.0.0', () => process.stdout.write('ready\n'));
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));

/** As fast as it is taken, without end. */
function pour(response: ServerResponse): void {
  while (!response.destroyed && response.write(CHUNK));
  response.once('drain', () => pour(response));
}

function head(): object {
  const none = { evictsClosing: 'unknown', search: 'unknown', filtersSnatDump: 'unknown', moduloBias: 'unknown' };
  const facts = {
    schema: 'portolan.dev/node-facts/v1',
    node: 'node-1',
    addresses: [],
    at: '2026-01-01T00:00:00.000Z',
    behaviour: { release: '6.1', ...none, eventMode: 'unknown', evidence: [] },
    natRules: { sourceNat: [], dnatPorts: [], untrackedPorts: [] },
    claims: [],
    settings: {},
    gaps: [],
  };
  return { schema: 'portolan.dev/facts-message/v1', facts };
}
