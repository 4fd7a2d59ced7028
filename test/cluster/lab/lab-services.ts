// Services that claim ports of every node.
import type { ApiAccess } from '../api-access.ts';
import { expectAnswer } from '../api-request.ts';
import type { Workload } from './lab-workloads.ts';

export interface ServiceWish {
  readonly name: string;
  /** Whose pods it leads to. */
  readonly workload: Workload;
  /** `nlb`: a LoadBalancer that IBM Cloud makes a network load balancer of, by its annotation. */
  readonly kind: 'NodePort' | 'LoadBalancer' | 'nlb';
  readonly protocol?: 'TCP' | 'UDP';
  readonly port: number;
  /** Chosen by the API server when absent. */
  readonly nodePort?: number;
  /** With a port on every node by which a load balancer asks for local pods. */
  readonly local?: boolean;
}

const IBM_FEATURES = 'service.kubernetes.io/ibm-load-balancer-cloud-provider-enable-features';

export async function makeService(admin: ApiAccess, wish: ServiceWish): Promise<void> {
  const { name, workload, kind, protocol = 'TCP', port, nodePort, local } = wish;
  const body = {
    metadata: { name, annotations: kind === 'nlb' ? { [IBM_FEATURES]: 'nlb' } : {} },
    spec: {
      type: kind === 'NodePort' ? 'NodePort' : 'LoadBalancer',
      selector: { app: workload.name },
      ports: [{ name: `${protocol.toLowerCase()}-${port}`, protocol, port, ...(nodePort && { nodePort }) }],
      ...(local && { externalTrafficPolicy: 'Local' }),
    },
  };
  const path = `/api/v1/namespaces/${workload.namespace}/services`;
  await expectAnswer(admin, { method: 'POST', path, body }, 201);
}
