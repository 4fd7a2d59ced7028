// A small HTTPS server that plays an API server with faults a true one seldom shows, and a kubeconfig that leads to it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { stringify } from 'yaml';
import type { ClusterClient, RetryWorld } from '../../src/kube/access/api-client.ts';
import { openApiClient } from '../../src/kube/access/open-api-client.ts';

export type Answerer = (request: IncomingMessage, response: ServerResponse) => void;

/** Of a request that asks for another protocol, as WebSockets do. */
export type Upgrader = (request: IncomingMessage, socket: Duplex) => void;

export interface FaultyServer {
  readonly url: string;
  readonly folder: string;
  /** Waits that the client asked for, in milliseconds. */
  readonly waits: number[];
  /** Further fields of the user in the kubeconfig. */
  client(user?: object): Promise<ClusterClient>;
  /** Of another server, with the authority of this one. */
  clientOf(url: string): Promise<ClusterClient>;
  close(): Promise<void>;
}

export async function startFaultyServer(answer: Answerer, upgrade?: Upgrader): Promise<FaultyServer> {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-https-'));
  const key = join(folder, 'key.pem');
  const cert = join(folder, 'cert.pem');
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=127.0.0.1',
      '-addext',
      'subjectAltName=IP:127.0.0.1',
      '-keyout',
      key,
      '-out',
      cert,
    ],
    { stdio: 'ignore' },
  );
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, answer);
  const upgraded = new Set<Duplex>();
  if (upgrade !== undefined)
    server.on('upgrade', (request, socket) => {
      upgraded.add(socket);
      socket.on('error', () => socket.destroy());
      upgrade(request, socket);
    });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = `https://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  const waits: number[] = [];
  const world: RetryWorld = {
    random: () => 0.5,
    sleep: (milliseconds) => {
      waits.push(milliseconds);
      return Promise.resolve();
    },
  };
  const open = (to: string, user: object): Promise<ClusterClient> => {
    const kubeconfig = join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, stringify(kubeconfigOf(to, cert, user)));
    return openApiClient({ kubeconfig, variables: {} }, world);
  };
  return {
    url,
    folder,
    waits,
    client: (user = {}) => open(url, user),
    clientOf: (to) => open(to, {}),
    close: async () => {
      server.closeAllConnections();
      for (const socket of upgraded) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
}

function kubeconfigOf(server: string, authority: string, user: object) {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'faulty', cluster: { server, 'certificate-authority': authority } }],
    users: [{ name: 'someone', user }],
    contexts: [{ name: 'faulty', context: { cluster: 'faulty', user: 'someone' } }],
    'current-context': 'faulty',
  };
}
