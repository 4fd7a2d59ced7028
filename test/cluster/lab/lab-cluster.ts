// A lab that is a cluster: its nodes, pods and NAT rules are real in the kernel and known to a real API server, whose exec runs
// in the nodes' namespaces.
import type { ApiAccess } from '../api-access.ts';
import { setCalico } from '../calico-cluster.ts';
import type { CalicoKind } from '../calico-kinds.ts';
import { makeCalico, removeNodes } from '../range-objects.ts';
import type { SharedCluster } from '../shared-cluster.ts';
import { CALICO_CONTAINER, makeCalicoDaemonSet, makeCalicoPod } from './calico-node-pods.ts';
import { type CompleteOptions, completeOptions, type LabClusterOptions } from './lab-cluster-options.ts';
import { LabClusterNode, type LabClusterPod, type LabClusterServer } from './lab-cluster-node.ts';
import type { LabPicture } from './lab-messages.ts';
import { makeNamespaces, removeNamespaced } from './lab-namespaces.ts';
import { makeNode } from './lab-nodes.ts';
import { makePod, staticPodMarks } from './lab-pods.ts';
import { LabProcess } from './lab-process.ts';
import { makeService } from './lab-services.ts';
import { makeWorkload, type MadeWorkload } from './lab-workloads.ts';
import { TestKubelet } from './test-kubelet.ts';

/** The API server and the programs that a lab cluster stands on: the shared one, or a TestCluster with its binaries. */
export type LabGround = Pick<SharedCluster, 'admin' | 'kubelet' | 'binaries'>;

const CALICO_KINDS: readonly CalicoKind[] = ['FelixConfiguration', 'IPPool', 'ClusterInformation'];

interface Parts {
  readonly ground: LabGround;
  readonly options: CompleteOptions;
  readonly lab: LabProcess;
  readonly picture: LabPicture;
  readonly kubelet: TestKubelet;
}

export class LabCluster {
  readonly #parts: Parts;
  readonly nodes: readonly LabClusterNode[];
  readonly servers: readonly LabClusterServer[];

  private constructor(parts: Parts, nodes: readonly LabClusterNode[]) {
    this.#parts = parts;
    this.nodes = nodes;
    this.servers = parts.picture.servers.map((server) => ({
      addresses: server.addresses,
      host: parts.lab.host(server),
    }));
  }

  /** Everything is there and ready when the promise resolves; whatever a lab left on the API server before is gone. */
  static async start(ground: LabGround, wish: LabClusterOptions = {}): Promise<LabCluster> {
    const options = completeOptions(wish);
    await clear(ground.admin);
    const { nodes, podsPerNode, servers, flavour } = options;
    const { lab, picture } = await LabProcess.start({ nodes, podsPerNode, servers, flavour, nat: {} });
    const { binaries, kubelet: files } = ground;
    const kubelet = new TestKubelet({ program: binaries.testKubelet, files, enter: lab.enter });
    const parts = { ground, options, lab, picture, kubelet };
    try {
      return new LabCluster(parts, await register(parts));
    } catch (error) {
      await end(parts);
      throw error;
    }
  }

  get admin(): ApiAccess {
    return this.#parts.ground.admin;
  }

  /** Process ids of what runs for this lab. */
  get processes(): number[] {
    return [this.#parts.lab.pid, this.#parts.kubelet.pid].filter((pid) => pid !== undefined);
  }

  /** The node of this place; throws where there is none. */
  node(index: number): LabClusterNode {
    const node = this.nodes[index];
    if (node === undefined) throw new RangeError(`no node ${index} in a lab of ${this.nodes.length}`);
    return node;
  }

  /** The server of this place; throws where there is none. */
  server(index: number): LabClusterServer {
    const server = this.servers[index];
    if (server === undefined) throw new RangeError(`no server ${index} in a lab of ${this.servers.length}`);
    return server;
  }

  /** Ends every process and removes every object. */
  async close(): Promise<void> {
    await end(this.#parts);
    await clear(this.admin);
    await setCalico(this.admin, { [this.#parts.options.calico.group]: CALICO_KINDS });
  }
}

async function end({ lab, kubelet }: Parts): Promise<void> {
  await kubelet.close();
  await lab.close();
}

async function clear(admin: ApiAccess): Promise<void> {
  await removeNamespaced(admin);
  await removeNodes(admin);
}

/** Tells the API server of all there is. */
async function register(parts: Parts): Promise<readonly LabClusterNode[]> {
  const { ground, options, lab, picture, kubelet } = parts;
  const { admin } = ground;
  for (const { host, address, netns } of picture.nodes) {
    const kubeletPort = await kubelet.serve(host, lab.netnsPath({ host, netns }));
    await makeNode(admin, { name: host, address, kubeletPort, labels: options.nodeLabels(host) });
  }
  await makeNamespaces(admin, [
    options.calico.namespace,
    'monitoring',
    ...options.workloads.map(({ namespace }) => namespace),
  ]);
  await makeCalicoObjects(admin, options);
  const pods = await makeWorkloadPods(parts);
  await makeHostPods(parts);
  await Promise.all(options.services.map((service) => makeService(admin, service)));
  return makeCalicoNodes(parts, pods);
}

async function makeCalicoObjects(admin: ApiAccess, { calico }: CompleteOptions): Promise<void> {
  const { group } = calico;
  await setCalico(admin, { [group]: CALICO_KINDS });
  const information = { calicoVersion: calico.version, clusterType: 'k8s,bgp', datastoreReady: true };
  await makeCalico(admin, { group, kind: 'ClusterInformation', spec: information });
  const pool = { cidr: '10.244.0.0/16', natOutgoing: true, ipipMode: 'Never', vxlanMode: 'Never', blockSize: 26 };
  await makeCalico(admin, { group, kind: 'IPPool', name: 'default-ipv4-ippool', spec: { ...pool, ...calico.pool } });
  await makeCalico(admin, { group, spec: { reportingInterval: '0s', ...calico.felix } });
}

/** The pods of a node belong to the workloads in turn. @returns per node what stands in its places. */
async function makeWorkloadPods({ ground, options, lab, picture }: Parts): Promise<readonly LabClusterPod[][]> {
  const { admin } = ground;
  const { workloads } = options;
  const places = picture.nodes.flatMap((node) => node.pods.map((pod, place) => ({ node, pod, place })));
  const made = await Promise.all(
    workloads.map((workload, index) => {
      const replicas = places.filter(({ place }) => place % workloads.length === index).length;
      return makeWorkload({ admin, workload, replicas });
    }),
  );
  const counts = new Map<MadeWorkload, number>();
  const named = places.flatMap(({ node, pod, place }) => {
    const owner = made[place % made.length];
    if (owner === undefined) return [];
    const index = counts.get(owner) ?? 0;
    counts.set(owner, index + 1);
    return [{ node, pod, owner, name: owner.podName(index) }];
  });
  await Promise.all(
    named.map(({ node, pod, owner, name }) =>
      makePod(admin, {
        namespace: owner.workload.namespace,
        name,
        labels: owner.labels,
        owner: owner.owner,
        node: { name: node.host, address: node.address },
        address: pod.address,
        containers: [{ name: 'main' }],
        spec: owner.owner.kind === 'Job' ? { restartPolicy: 'Never' } : {},
      }),
    ),
  );
  return picture.nodes.map((each) =>
    named
      .filter(({ node }) => node === each)
      .map(({ pod, owner, name }) => ({
        workload: owner.workload,
        name,
        address: pod.address,
        host: lab.host(pod),
      })),
  );
}

/** On every node: a pod on the host's network that listens on port 9100, and a static pod. */
async function makeHostPods({ ground, picture }: Parts): Promise<void> {
  const { admin } = ground;
  const workload = { kind: 'DaemonSet', namespace: 'monitoring', name: 'node-exporter' } as const;
  const exporter = await makeWorkload({ admin, workload, replicas: picture.nodes.length });
  const ports = [{ name: 'metrics', containerPort: 9100, hostPort: 9100, protocol: 'TCP' }];
  const makeBoth = async (node: { name: string; address: string }, index: number): Promise<void> => {
    await makePod(admin, {
      namespace: workload.namespace,
      name: exporter.podName(index),
      labels: exporter.labels,
      owner: exporter.owner,
      node,
      containers: [{ name: 'node-exporter', ports }],
    });
    await makePod(admin, {
      namespace: 'kube-system',
      name: `kube-proxy-${node.name}`,
      labels: { 'k8s-app': 'kube-proxy' },
      ...(await staticPodMarks(admin, node.name)),
      node,
      containers: [{ name: 'kube-proxy' }],
    });
  };
  await Promise.all(picture.nodes.map(({ host, address }, index) => makeBoth({ name: host, address }, index)));
}

async function makeCalicoNodes(parts: Parts, pods: readonly LabClusterPod[][]): Promise<readonly LabClusterNode[]> {
  const { ground, options, picture, kubelet, lab } = parts;
  const { admin } = ground;
  const { namespace, env, version, programs } = options.calico;
  const owner = await makeCalicoDaemonSet(admin, { namespace, env, version });
  return Promise.all(
    picture.nodes.map(async (node, index) => {
      const { host: name, address } = node;
      const calicoPod = await makeCalicoPod(admin, { namespace, env, version, owner, node: { name, address } });
      await kubelet.allow(name, `${namespace}/${calicoPod.name}/${CALICO_CONTAINER}`, programs);
      return new LabClusterNode({
        admin,
        kubelet,
        host: lab.host(node),
        address,
        flavour: node.flavour,
        calicoPod,
        pods: pods[index] ?? [],
      });
    }),
  );
}
