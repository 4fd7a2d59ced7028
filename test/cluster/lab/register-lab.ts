// Tells an API server of a lab: nodes, the pods in it and what they belong to, Calico's objects. Everything that a controller,
// a scheduler or a kubelet would write is written here.
import type { ApiAccess } from '../api-access.ts';
import type { ApiSession } from '../api-request.ts';
import { setCalico } from '../calico-cluster.ts';
import { calicoPath, type CalicoKind } from '../calico-kinds.ts';
import { makeCalico } from '../range-objects.ts';
import { CALICO_CONTAINER, makeCalicoDaemonSet, makeCalicoPod } from './calico-node-pods.ts';
import { FelixStandIn } from './felix-stand-in.ts';
import type { CompleteOptions } from './lab-cluster-options.ts';
import { LabClusterNode, type LabClusterPod } from './lab-cluster-node.ts';
import type { LabPicture, NodePicture } from './lab-messages.ts';
import { makeNamespaces } from './lab-namespaces.ts';
import { makeNode } from './lab-nodes.ts';
import { makePod, type PodWish, staticPodMarks, writePodStatus } from './lab-pods.ts';
import type { LabProcess } from './lab-process.ts';
import { makeService } from './lab-services.ts';
import { makeWorkload, type MadeWorkload } from './lab-workloads.ts';
import type { TestKubelet } from './test-kubelet.ts';

export const CALICO_KINDS: readonly CalicoKind[] = ['FelixConfiguration', 'IPPool', 'ClusterInformation'];

/** What a lab cluster is made of. */
export interface LabParts {
  readonly admin: ApiAccess;
  /** The same with connections that are kept. */
  readonly session: ApiSession;
  readonly options: CompleteOptions;
  readonly lab: LabProcess;
  readonly picture: LabPicture;
  readonly kubelet: TestKubelet;
  /** One per node, from when its pod is there. */
  readonly felixes: FelixStandIn[];
}

/** Tells the API server of all there is. */
export async function registerLab(parts: LabParts): Promise<readonly LabClusterNode[]> {
  const { session: admin, options, lab, picture, kubelet } = parts;
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
async function makeWorkloadPods({
  session: admin,
  options,
  lab,
  picture,
}: LabParts): Promise<readonly LabClusterPod[][]> {
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
async function makeHostPods({ session: admin, picture }: LabParts): Promise<void> {
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

async function makeCalicoNodes(parts: LabParts, pods: readonly LabClusterPod[][]): Promise<readonly LabClusterNode[]> {
  const { session: admin, options, picture, kubelet, lab } = parts;
  const { namespace, env, version, programs } = options.calico;
  const owner = await makeCalicoDaemonSet(admin, { namespace, env, version });
  return Promise.all(
    picture.nodes.map(async (node, index) => {
      const { host: name, address, flavour } = node;
      const calicoPod = await makeCalicoPod(admin, { namespace, env, version, owner, node: { name, address } });
      await kubelet.allow(name, `${namespace}/${calicoPod.name}/${CALICO_CONTAINER}`, programs);
      const felix = startFelix(parts, node, calicoPod);
      const host = lab.host(node);
      return new LabClusterNode({ admin, kubelet, host, address, flavour, calicoPod, pods: pods[index] ?? [], felix });
    }),
  );
}

function startFelix({ admin, options, lab, felixes }: LabParts, { host }: NodePicture, pod: PodWish): FelixStandIn {
  const felix = new FelixStandIn({
    access: admin,
    path: calicoPath(options.calico.group, 'FelixConfiguration'),
    place: { node: host, labels: options.nodeLabels(host), env: options.calico.env },
    times: options.felix,
    apply: (ports) => lab.setRange(host, ports === undefined ? {} : { range: ports }),
    report: (ready) => writePodStatus(admin, pod, { ready }),
  });
  felixes.push(felix);
  return felix;
}
