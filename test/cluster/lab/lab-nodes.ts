// Node objects of a lab's nodes, ready, with the address their pods go out by and the port of their kubelet.
import { release } from 'node:os';
import type { ApiAccess } from '../api-access.ts';
import { expectAnswer } from '../api-request.ts';

export interface NodeWish {
  readonly name: string;
  /** In the lab, where this machine cannot reach it. */
  readonly address: string;
  readonly kubeletPort: number;
  readonly labels?: Readonly<Record<string, string>>;
}

export async function makeNode(admin: ApiAccess, wish: NodeWish): Promise<void> {
  const { name, address, labels } = wish;
  const podCidr = `10.244.${Number(name.split('-').at(-1))}.0/24`;
  const body = {
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        ...labels,
      },
      annotations: { 'projectcalico.org/IPv4Address': `${address}/24` },
    },
    spec: { podCIDR: podCidr, podCIDRs: [podCidr] },
  };
  await expectAnswer(admin, { method: 'POST', path: '/api/v1/nodes', body }, 201);
  const path = `/api/v1/nodes/${name}`;
  const contentType = 'application/merge-patch+json';
  // The API server taints every new node, and the node controller takes the taint off when the node is ready.
  await expectAnswer(admin, { method: 'PATCH', path, contentType, body: { spec: { taints: null } } }, 200);
  const status = nodeStatus(wish);
  await expectAnswer(admin, { method: 'PATCH', path: `${path}/status`, contentType, body: { status } }, 200);
}

/** As the node controller says of a node whose kubelet is not heard of any more, or is again. */
export async function writeNodeReady(admin: ApiAccess, name: string, ready: 'True' | 'False' | 'Unknown') {
  const path = `/api/v1/nodes/${name}/status`;
  const body = { status: { conditions: [readyCondition(ready)] } };
  const contentType = 'application/strategic-merge-patch+json';
  await expectAnswer(admin, { method: 'PATCH', path, contentType, body }, 200);
}

function nodeStatus({ name, address, kubeletPort }: NodeWish) {
  return {
    addresses: [
      { type: 'InternalIP', address },
      { type: 'Hostname', address: name },
      // What the API server prefers here, see kubelet-preferred-address-types in api-server.ts.
      { type: 'InternalDNS', address: '127.0.0.1' },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } },
    conditions: [readyCondition('True')],
    nodeInfo: {
      operatingSystem: 'linux',
      architecture: 'amd64',
      kernelVersion: release(),
      kubeletVersion: 'v1.34.4',
      kubeProxyVersion: '',
      osImage: 'lab',
      containerRuntimeVersion: 'containerd://2.0.0',
      machineID: name,
      systemUUID: name,
      bootID: name,
    },
  };
}

function readyCondition(status: 'True' | 'False' | 'Unknown') {
  const reason = { True: 'KubeletReady', False: 'KubeletNotReady', Unknown: 'NodeStatusUnknown' }[status];
  const at = '2024-01-01T00:00:00Z';
  return { type: 'Ready', status, reason, message: '', lastHeartbeatTime: at, lastTransitionTime: at };
}
