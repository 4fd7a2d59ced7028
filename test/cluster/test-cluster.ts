// A Kubernetes API of one's own: etcd and kube-apiserver as processes of this one, everything they keep in a temporary
// folder, nothing left when this process ends. No kubelet, scheduler or controller runs: nothing changes by itself.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ApiAccess, writeKubeconfig } from './api-access.ts';
import { apiRequest } from './api-request.ts';
import { type ApiServerFiles, prepareApiServer, startApiServer } from './api-server.ts';
import type { BoundProcess } from './bound-process.ts';
import { CertificateAuthority, type CertificateFiles, readCertificate } from './certificate-authority.ts';
import type { ClusterBinaries } from './cluster-binaries.ts';
import { startEtcd } from './etcd.ts';
import { freePorts } from './free-ports.ts';
import { ScratchFolder } from './scratch-folder.ts';

export interface TestClusterOptions {
  readonly binaries: ClusterBinaries;
  /** Further flags of kube-apiserver, `--service-node-port-range=...`. */
  readonly apiServerFlags?: readonly string[];
  /** Finds as many ports as asked for; `freePorts` without it. */
  readonly findPorts?: (count: number) => Promise<number[]>;
}

/** Paths of PEM files. */
export interface KubeletFiles {
  readonly serving: CertificateFiles;
  /** Who signs the API server's client certificate. */
  readonly clientAuthority: string;
}

const READY_TIMEOUT_SECONDS = 120;
const POLL_SECONDS = 0.05;
/** Ports are found free, then used: someone may come between. */
const PORT_ATTEMPTS = 3;

interface Ports {
  readonly api: number;
  readonly etcd: number;
  readonly peer: number;
}

interface Servers {
  readonly etcd: BoundProcess;
  apiServer: BoundProcess;
  readonly ports: Ports;
}

export class TestCluster {
  readonly #scratch: ScratchFolder;
  readonly #options: TestClusterOptions;
  readonly #files: ApiServerFiles;
  readonly #servers: Servers;
  /** Signs further certificates that the API server trusts. */
  readonly authority: CertificateAuthority;
  /** As a member of system:masters, who may do everything. */
  readonly admin: ApiAccess;
  /** A kubeconfig of the same. */
  readonly kubeconfig: string;
  /** What a kubelet on loopback needs to be believed by this API server, and to believe it. */
  readonly kubelet: KubeletFiles;

  private constructor(parts: ClusterParts, servers: Servers, admin: ApiAccess) {
    this.#scratch = parts.scratch;
    this.#options = parts.options;
    this.#files = parts.files;
    this.#servers = servers;
    this.authority = parts.authority;
    this.admin = admin;
    this.kubeconfig = join(parts.scratch.path, 'kubeconfig');
    this.kubelet = {
      serving: parts.authority.issue('kubelet', {
        subject: '/O=system:nodes/CN=system:node:lab',
        purpose: 'serverAuth',
        names: 'IP:127.0.0.1',
      }),
      clientAuthority: parts.authority.files.certificate,
    };
    writeKubeconfig(this.kubeconfig, admin);
  }

  /** Ready to answer when the promise resolves. */
  static async start(options: TestClusterOptions): Promise<TestCluster> {
    const scratch = new ScratchFolder('portolan-cluster-');
    try {
      const authority = new CertificateAuthority(scratch.path);
      const parts = { scratch, options, authority, files: prepareApiServer(scratch.path, authority) };
      return await TestCluster.#startServers(parts);
    } catch (error) {
      scratch.remove();
      throw error;
    }
  }

  static async #startServers(parts: ClusterParts): Promise<TestCluster> {
    const client = parts.authority.issue('admin', { subject: '/O=system:masters/CN=admin', purpose: 'clientAuth' });
    const authority = readFileSync(parts.authority.files.certificate, 'utf8');
    for (let attempt = 1; ; attempt++) {
      const servers = await spawnServers(parts);
      const server = `https://127.0.0.1:${servers.ports.api}`;
      const admin = { server, authority, credentials: readCertificate(client) };
      const failure = await waitUntilReady(admin, [servers.etcd, servers.apiServer]);
      if (failure === undefined) return new TestCluster(parts, servers, admin);
      await Promise.all([servers.apiServer.kill(), servers.etcd.kill()]);
      if (attempt === PORT_ATTEMPTS || !failure.includes('address already in use')) throw new Error(failure);
    }
  }

  /** Process ids of what runs. */
  get processes(): number[] {
    const { etcd, apiServer } = this.#servers;
    return [etcd, apiServer].flatMap(({ pid, end }) => (pid === undefined || end !== undefined ? [] : [pid]));
  }

  get folder(): string {
    return this.#scratch.path;
  }

  /** Ends the API server as a crash would; etcd keeps what was written. */
  async killApiServer(): Promise<void> {
    await this.#servers.apiServer.kill();
  }

  /** Starts the API server again at the same address, on what etcd kept. */
  async restartApiServer(): Promise<void> {
    const { ports } = this.#servers;
    await this.#servers.apiServer.stop();
    this.#servers.apiServer = startApiServer(this.#files, apiServerStart(this.#options, ports));
    const failure = await waitUntilReady(this.admin, [this.#servers.etcd, this.#servers.apiServer]);
    if (failure !== undefined) throw new Error(failure);
  }

  /** Stops both and removes what they kept; says how each ended. */
  async stop(): Promise<{ apiServer: string; etcd: string }> {
    const apiServer = await this.#servers.apiServer.stop();
    const etcd = await this.#servers.etcd.stop();
    this.#scratch.remove();
    return { apiServer, etcd };
  }
}

interface ClusterParts {
  readonly scratch: ScratchFolder;
  readonly options: TestClusterOptions;
  readonly authority: CertificateAuthority;
  readonly files: ApiServerFiles;
}

async function spawnServers({ scratch, options, files }: ClusterParts): Promise<Servers> {
  const [api = 0, etcd = 0, peer = 0] = await (options.findPorts ?? freePorts)(3);
  const ports = { api, etcd, peer };
  return {
    ports,
    etcd: startEtcd({ program: options.binaries.etcd, folder: scratch.path, port: etcd, peerPort: peer }),
    apiServer: startApiServer(files, apiServerStart(options, ports)),
  };
}

function apiServerStart(options: TestClusterOptions, ports: Ports) {
  const flags = options.apiServerFlags ?? [];
  return { program: options.binaries.kubeApiserver, port: ports.api, etcdPort: ports.etcd, flags };
}

/** Undefined when the API server says it is ready; else what went wrong, with the end of the log. */
async function waitUntilReady(admin: ApiAccess, servers: readonly BoundProcess[]): Promise<string | undefined> {
  const giveUpAt = performance.now() + READY_TIMEOUT_SECONDS * 1000;
  while (performance.now() < giveUpAt) {
    const ended = servers.find(({ end }) => end !== undefined);
    if (ended !== undefined) return `Cannot start the cluster: ${ended.name} ended: ${ended.end}\n${ended.logTail()}`;
    const failed = servers.map((server) => server.ended.then(() => false));
    if (await Promise.race([isReady(admin), ...failed])) return undefined;
    await new Promise((resolve) => setTimeout(resolve, POLL_SECONDS * 1000));
  }
  const logs = servers.map((server) => `${server.name}:\n${server.logTail()}`).join('\n');
  return `Cannot start the cluster: not ready within ${READY_TIMEOUT_SECONDS} s\n${logs}`;
}

/** /readyz is answered before the Service `kubernetes` is made, which every cluster that anyone meets has. */
async function isReady(admin: ApiAccess): Promise<boolean> {
  for (const path of ['/readyz', '/api/v1/namespaces/default/services/kubernetes']) {
    // Whoever took the port may accept connections and never answer.
    const answer = await apiRequest(admin, { path, timeoutSeconds: 5 }).catch(() => undefined);
    if (answer?.status !== 200) return false;
  }
  return true;
}
