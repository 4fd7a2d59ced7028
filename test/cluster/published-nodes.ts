// A Node as a kubelet leaves it, and what the API server has of it and of its Events.
import type { ApiAccess } from './api-access.ts';
import { expectAnswer, valueAt } from './api-request.ts';
import { patchStatus } from './workload-objects.ts';

const AT = '2026-01-02T03:04:05Z';

function condition(type: string, status: string): object {
  return { type, status, reason: 'KubeletSaysSo', message: '', lastHeartbeatTime: AT, lastTransitionTime: AT };
}

/** With a status that has something in every part that somebody could lose. */
export async function makeKubeletNode(admin: ApiAccess, name: string): Promise<void> {
  const body = { metadata: { name, labels: { 'kubernetes.io/hostname': name } } };
  await expectAnswer(admin, { method: 'POST', path: '/api/v1/nodes', body }, 201);
  await patchStatus(admin, `/api/v1/nodes/${name}`, {
    conditions: [condition('MemoryPressure', 'False'), condition('Ready', 'True')],
    addresses: [{ type: 'InternalIP', address: '192.0.2.10' }],
    capacity: { cpu: '4', memory: '16Gi', pods: '110' },
    allocatable: { cpu: '3900m', memory: '15Gi', pods: '110' },
    images: [{ names: ['registry.example/a:1'], sizeBytes: 5 }],
    nodeInfo: { kernelVersion: '6.8.0', machineID: 'm', systemUUID: 's', bootID: 'b' },
  });
}

export async function removeNode(admin: ApiAccess, name: string): Promise<void> {
  await expectAnswer(admin, { method: 'DELETE', path: `/api/v1/nodes/${name}` }, 200, 404);
}

/** As a kubelet that says it is alive: a strategic merge patch of one condition. */
export async function kubeletHeartbeat(admin: ApiAccess, name: string, at: string): Promise<void> {
  const conditions = [{ type: 'Ready', status: 'True', lastHeartbeatTime: at }];
  const contentType = 'application/strategic-merge-patch+json';
  const path = `/api/v1/nodes/${name}/status`;
  await expectAnswer(admin, { method: 'PATCH', path, body: { status: { conditions } }, contentType }, 200);
}

/** Our condition; undefined where there is none. */
export async function pressureOf(admin: ApiAccess, name: string): Promise<unknown> {
  return (await conditionsOf(admin, name)).find((each) => valueAt(each, 'type') === 'SNATPortPressure');
}

/** All of the status but our condition, and what a write to the status could reach besides. */
export async function othersOf(admin: ApiAccess, name: string): Promise<unknown> {
  const node = await expectAnswer(admin, { path: `/api/v1/nodes/${name}` }, 200);
  const conditions = (await conditionsOf(admin, name)).filter((each) => valueAt(each, 'type') !== 'SNATPortPressure');
  const status = valueAt(node, 'status');
  const rest = typeof status === 'object' ? { ...status, conditions } : undefined;
  return { status: rest, labels: valueAt(node, 'metadata', 'labels'), spec: valueAt(node, 'spec') };
}

async function conditionsOf(admin: ApiAccess, name: string): Promise<readonly unknown[]> {
  const conditions = valueAt(await expectAnswer(admin, { path: `/api/v1/nodes/${name}` }, 200), 'status', 'conditions');
  return Array.isArray(conditions) ? conditions : [];
}

/** As `kubectl describe node` looks for them: by the Node that they are about; oldest first. */
export async function eventsOf(admin: ApiAccess, name: string): Promise<readonly unknown[]> {
  const path = `/api/v1/namespaces/default/events?fieldSelector=involvedObject.kind=Node,involvedObject.name=${name}`;
  const items = valueAt(await expectAnswer(admin, { path }, 200), 'items');
  return Array.isArray(items) ? items : [];
}
