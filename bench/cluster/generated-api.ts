// An API server of its own process that makes up its objects: pages of lists over HTTPS, encoded anew for each request as a
// true one does. Prints its address, then serves until its input ends.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { type ClusterSize, countOf, objectAt } from './sample-objects.ts';

const [folder = '', nodes, pods, services] = process.argv.slice(2);
const size: ClusterSize = { nodes: Number(nodes), pods: Number(pods), services: Number(services) };
const tls = { key: readFileSync(join(folder, 'key.pem')), cert: readFileSync(join(folder, 'cert.pem')) };

const server = createServer(tls, (request, response) => {
  const url = new URL(request.url ?? '', 'https://localhost');
  const resource = url.pathname.split('/').at(-1) ?? '';
  const from = Number(url.searchParams.get('continue') ?? 0);
  const limit = Number(url.searchParams.get('limit') ?? 500);
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(page(resource, from, limit));
});

function page(resource: string, from: number, limit: number): string {
  const count = countOf(resource, size);
  const end = Math.min(count, from + limit);
  const items = Array.from({ length: end - from }, (_, index) => objectAt(resource, from + index, size));
  const metadata = { resourceVersion: '900000000', ...(end < count ? { continue: String(end) } : {}) };
  return JSON.stringify({ kind: 'List', apiVersion: 'v1', metadata, items });
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(`https://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`);
});
process.stdin.on('end', () => process.exit(0)).resume();
