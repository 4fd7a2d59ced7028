// A certificate for 127.0.0.1 and a kubeconfig that leads to a server with it, in a folder.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function makeCertificate(folder: string): void {
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
  const names = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...key, ...names, ...files], { stdio: 'ignore' });
}

/** @returns its path. */
export function writeKubeconfigFor(folder: string, server: string): string {
  const path = join(folder, 'kubeconfig');
  const cluster = { server, 'certificate-authority': join(folder, 'cert.pem') };
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'generated', cluster }],
    users: [{ name: 'someone', user: {} }],
    contexts: [{ name: 'generated', context: { cluster: 'generated', user: 'someone' } }],
    'current-context': 'generated',
  };
  // JSON is YAML.
  writeFileSync(path, JSON.stringify(kubeconfig));
  return path;
}
