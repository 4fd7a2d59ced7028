// How to reach the API server as someone: plain data, so that it passes from the process that owns the server to the tests.
import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';

export type Credentials =
  | { readonly token: string }
  | { readonly certificate: string; readonly key: string }
  /** Nobody: the API server takes the request as system:anonymous. */
  | { readonly anonymous: true };

export interface ApiAccess {
  /** `https://127.0.0.1:PORT`. */
  readonly server: string;
  /** The authority of the server's certificate, PEM. */
  readonly authority: string;
  readonly credentials: Credentials;
}

/** The same server as someone else. */
export function accessAs(access: ApiAccess, credentials: Credentials): ApiAccess {
  return { ...access, credentials };
}

/** A kubeconfig with one context, `test`, all secrets inline. */
export function writeKubeconfig(path: string, access: ApiAccess, namespace = 'default'): void {
  const cluster = { server: access.server, 'certificate-authority-data': base64(access.authority) };
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster }],
    users: [{ name: 'test', user: kubeconfigUser(access.credentials) }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test', namespace } }],
    'current-context': 'test',
  };
  writeFileSync(path, stringify(kubeconfig), { mode: 0o600 });
}

function kubeconfigUser(credentials: Credentials): Record<string, string> {
  if ('token' in credentials) return { token: credentials.token };
  if ('anonymous' in credentials) return {};
  const { certificate, key } = credentials;
  return { 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
