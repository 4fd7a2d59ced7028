// kube-apiserver with true TLS, RBAC and service account tokens, on etcd of its own; what its flags mean stands beside them.
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BoundProcess } from './bound-process.ts';
import type { CertificateAuthority } from './certificate-authority.ts';

export interface ApiServerFiles {
  readonly folder: string;
  readonly flags: readonly string[];
}

/** Whom kubelets know the API server as; kubeadm issues the same. */
const KUBELET_CLIENT = '/O=system:masters/CN=kube-apiserver-kubelet-client';

/** Everything but the ports, which may have to be chosen again. */
export function prepareApiServer(folder: string, authority: CertificateAuthority): ApiServerFiles {
  const serving = authority.issue('kube-apiserver', {
    subject: '/CN=kube-apiserver',
    purpose: 'serverAuth',
    names: 'IP:127.0.0.1,DNS:localhost',
  });
  const asKubeletClient = authority.issue('kubelet-client', { subject: KUBELET_CLIENT, purpose: 'clientAuth' });
  const tokenKey = writeTokenKey(folder);
  const flags = {
    'bind-address': '127.0.0.1',
    'tls-cert-file': serving.certificate,
    'tls-private-key-file': serving.key,
    'client-ca-file': authority.files.certificate,
    'authorization-mode': 'RBAC',
    'kubelet-certificate-authority': authority.files.certificate,
    'kubelet-client-certificate': asKubeletClient.certificate,
    'kubelet-client-key': asKubeletClient.key,
    // A lab node's own address leads nowhere from here: what its kubelet listens on stands under this type.
    'kubelet-preferred-address-types': 'InternalDNS,Hostname,InternalIP',
    'service-account-key-file': tokenKey,
    'service-account-signing-key-file': tokenKey,
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-cluster-ip-range': '10.96.0.0/16',
    // Pods as calico-node are made: privileged, on the host's network.
    'allow-privileged': 'true',
    // Without a controller manager nobody makes the service accounts that this plugin asks of every pod.
    'disable-admission-plugins': 'ServiceAccount',
    // No endpoint of this server is offered to pods, so none is left behind when it is killed.
    'endpoint-reconciler-type': 'none',
  };
  return { folder, flags: Object.entries(flags).map(([name, value]) => `--${name}=${value}`) };
}

/** The key that signs service account tokens. */
function writeTokenKey(folder: string): string {
  const path = join(folder, 'service-accounts.key');
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  writeFileSync(path, privateKey.export({ type: 'sec1', format: 'pem' }), { mode: 0o600 });
  return path;
}

export interface ApiServerStart {
  readonly program: string;
  readonly port: number;
  readonly etcdPort: number;
  /** Further flags, `--service-node-port-range=...`. */
  readonly flags: readonly string[];
}

export function startApiServer(files: ApiServerFiles, start: ApiServerStart): BoundProcess {
  const ports = [`--secure-port=${start.port}`, `--etcd-servers=http://127.0.0.1:${start.etcdPort}`];
  return new BoundProcess(start.program, {
    args: [...files.flags, ...ports, ...start.flags],
    logFile: join(files.folder, 'kube-apiserver.log'),
  });
}
