// Agents on the nodes of a lab, as `portolan install` wants them: its objects, a pod of its DaemonSet for each node, and the
// program itself as a process in the node's own network, with the account's token and the flags of the DaemonSet.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { portolanAs } from '../portolan-run.ts';
import { type ApiAccess, accessAs, writeKubeconfig } from '../api-access.ts';
import { apiRequest, expectAnswer, textAt, valueAt } from '../api-request.ts';
import { CertificateAuthority, type CertificateFiles } from '../certificate-authority.ts';
import { newNamespace } from '../namespaces.ts';
import { ScratchFolder } from '../scratch-folder.ts';
import { until } from '../until.ts';
import type { LabClusterNode } from './lab-cluster-node.ts';
import { makePod, podPath, type PodWish, writePodStatus } from './lab-pods.ts';

const PROGRAM = fileURLToPath(new URL('../../../../bin/portolan.js', import.meta.url));
const RELAY = fileURLToPath(new URL('./api-relay-child.js', import.meta.url));
const FAKE = fileURLToPath(new URL('./fake-agent-child.js', import.meta.url));

export class LabAgents {
  readonly admin: ApiAccess;
  readonly namespace: string;
  readonly #folder = new ScratchFolder('portolan-agents-');
  readonly #certificate: CertificateFiles;
  readonly #running = new Map<string, RunningAgent>();

  private constructor(admin: ApiAccess, namespace: string) {
    this.admin = admin;
    this.namespace = namespace;
    const authority = new CertificateAuthority(this.#folder.path);
    this.#certificate = authority.issue('agent', {
      subject: '/CN=portolan-agent',
      purpose: 'serverAuth',
      names: 'DNS:agent',
    });
  }

  /** Installs into a namespace of its own. */
  static async install(admin: ApiAccess): Promise<LabAgents> {
    const namespace = await newNamespace(admin);
    const { code, stderr } = await portolanAs(
      admin,
      'install',
      '--image',
      'registry.example/portolan:1',
      '-n',
      namespace,
    );
    if (code !== 0) throw new Error(stderr);
    return new LabAgents(admin, namespace);
  }

  /** Starts the agent of a node, and waits until it has looked at it. */
  async start(node: LabClusterNode): Promise<void> {
    const relay = await ApiRelay.start(node, { admin: this.admin, folder: this.#folder.path });
    const kubeconfig = join(this.#folder.path, `kubeconfig-${node.name}`);
    writeKubeconfig(kubeconfig, accessAs(this.admin, { token: await this.#token() }));
    const { certificate, key } = this.#certificate;
    const flags = [
      '--cluster',
      '--listen=0.0.0.0:9976',
      `--tls-cert=${certificate}`,
      `--tls-key=${key}`,
      '--authorize',
    ];
    const words = ['agent', `--name=${node.name}`, `--kubeconfig=${kubeconfig}`, ...flags];
    const child = startInside(node, [process.execPath, PROGRAM, ...words]);
    this.#running.set(node.name, { node, pod: await this.#makePod(node), children: [child, relay.child], relay });
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
    await until(`the agent of ${node.name} listens`, () => {
      if (child.exitCode !== null) throw new Error(`the agent of ${node.name} ended: ${said}`);
      return said.includes('metrics on');
    });
  }

  /** Something else in the place of a node's agent. */
  async fake(node: LabClusterNode, manner: string): Promise<void> {
    await this.stop(node);
    const { certificate, key } = this.#certificate;
    const child = startInside(node, [process.execPath, FAKE, certificate, key, manner]);
    this.#running.set(node.name, { node, pod: await this.#makePod(node), children: [child] });
    await firstWord(child);
  }

  /** What the kubelet says of the agent's pod. */
  async setReady(node: LabClusterNode, ready: boolean): Promise<void> {
    const running = this.#running.get(node.name);
    if (running !== undefined) await writePodStatus(this.admin, running.pod, { ready });
  }

  /** Ends the agent of a node; its pod says nothing of it. */
  async kill(node: LabClusterNode): Promise<void> {
    await Promise.all((this.#running.get(node.name)?.children ?? []).map(ended));
  }

  /** Ends the agent of a node, and its pod. */
  async stop(node: LabClusterNode): Promise<void> {
    const running = this.#running.get(node.name);
    if (running === undefined) return;
    this.#running.delete(node.name);
    await Promise.all(running.children.map(ended));
    running.relay?.close();
    const body = { gracePeriodSeconds: 0 };
    await apiRequest(this.admin, { method: 'DELETE', path: podPath(running.pod), body });
  }

  async close(): Promise<void> {
    for (const { node } of this.#running.values()) await this.stop(node);
    await portolanAs(this.admin, 'uninstall', '-n', this.namespace);
    this.#folder.remove();
  }

  async #token(): Promise<string> {
    const path = `/api/v1/namespaces/${this.namespace}/serviceaccounts/portolan-agent/token`;
    return textAt(await expectAnswer(this.admin, { method: 'POST', path, body: { spec: {} } }, 201), 'status', 'token');
  }

  /** As the DaemonSet's controller and the node's kubelet would write it. */
  async #makePod(node: LabClusterNode): Promise<PodWish> {
    const path = `/apis/apps/v1/namespaces/${this.namespace}/daemonsets/portolan-agent`;
    const template = valueAt(await expectAnswer(this.admin, { path }, 200), 'spec', 'template');
    const { metadata, spec } = podTemplate(template);
    const { containers, ...rest } = spec;
    const pod: PodWish = {
      namespace: this.namespace,
      name: `portolan-agent-${node.name}-${Math.floor(performance.now())}`,
      labels: metadata.labels,
      node: { name: node.name, address: node.address },
      containers,
      spec: rest,
    };
    await makePod(this.admin, pod);
    await node.allow(`${this.namespace}/${pod.name}/agent`, []);
    return pod;
  }
}

interface RunningAgent {
  readonly node: LabClusterNode;
  readonly pod: PodWish;
  readonly children: readonly ChildProcess[];
  readonly relay?: ApiRelay;
}

interface PodTemplate {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly containers: PodWish['containers'] };
}

/** As install wrote it a moment ago. */
function podTemplate(value: unknown): PodTemplate {
  if (!isTemplate(value)) throw new TypeError('the DaemonSet of the agents has no template');
  return value;
}

function isTemplate(value: unknown): value is PodTemplate {
  return Array.isArray(valueAt(value, 'spec', 'containers')) && valueAt(value, 'metadata', 'labels') !== undefined;
}

/** The way from a node's network to the API server of this machine: a socket of the file system belongs to no network. */
class ApiRelay {
  readonly child: ChildProcess;
  readonly #server: Server;

  private constructor(child: ChildProcess, server: Server) {
    this.child = child;
    this.#server = server;
  }

  static async start(
    node: LabClusterNode,
    { admin, folder }: { readonly admin: ApiAccess; readonly folder: string },
  ): Promise<ApiRelay> {
    const { hostname, port } = new URL(admin.server);
    const path = join(folder, `${node.name}.sock`);
    const server = createServer((near) => {
      const far = connect(Number(port), hostname);
      near.pipe(far).on('error', () => near.destroy());
      far.pipe(near).on('error', () => far.destroy());
    });
    server.listen(path).unref();
    const child = startInside(node, [process.execPath, RELAY, port, path]);
    await firstWord(child);
    return new ApiRelay(child, server);
  }

  close(): void {
    this.#server.close();
  }
}

function startInside(node: LabClusterNode, [program = '', ...words]: readonly string[]): ChildProcess {
  const [first = '', ...rest] = node.host.inside(program, ...words);
  return spawn(first, rest, { stdio: ['pipe', 'pipe', 'pipe'], cwd: '/' });
}

async function firstWord(child: ChildProcess): Promise<void> {
  if (child.stdout !== null) await once(child.stdout, 'data');
}

async function ended(child: ChildProcess): Promise<void> {
  child.stdin?.end();
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}
