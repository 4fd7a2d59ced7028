// The calico-node pod of one node: whether it is ready, and which natPortRange its Felix says it took when it started.
import type { Seen } from '../../core/model/calico/seen.ts';
import type { ApiClient, ApiRequest, ResourceAccess } from '../access/api-client.ts';
import { listObjects } from '../access/list-objects.ts';
import { refusalOf } from '../access/refusal.ts';
import { seen } from '../access/seen.ts';
import { type FelixPod, parseFelixPod } from './parse-felix-pod.ts';

const LIST_PODS: ResourceAccess = { verb: 'list', group: '', resource: 'pods' };
/** Felix logs each setting once, at its start. */
const TAIL_LINES = 5000;
const MOST_BYTES = 4 * 1024 * 1024;

export interface FelixPodQuestion {
  readonly node: string;
  readonly signal: AbortSignal;
}

/** Undefined value: the node has none. */
export function readFelixPod(
  client: ApiClient,
  { node, signal }: FelixPodQuestion,
): Promise<Seen<FelixPod | undefined>> {
  const query = { labelSelector: 'k8s-app=calico-node', fieldSelector: `spec.nodeName=${node}` };
  const request = { path: '/api/v1/pods', query, access: LIST_PODS };
  return seen(LIST_PODS, async () => {
    const pods = await listObjects(client, { request, project: parseFelixPod, signal });
    return pods.find(({ isEnding }) => !isEnding) ?? pods[0];
  });
}

export interface FelixLogQuestion {
  readonly pod: FelixPod;
  /** Only lines so young; the last ones of the log when undefined. */
  readonly sinceSeconds: number | undefined;
  readonly signal: AbortSignal;
}

/** The last value that the log names, as written; undefined: it names none. */
export async function readFelixLog(
  client: ApiClient,
  { pod, sinceSeconds, signal }: FelixLogQuestion,
): Promise<Seen<string | undefined>> {
  const access: ResourceAccess = { verb: 'get', group: '', resource: 'pods/log', namespace: pod.namespace };
  const since = sinceSeconds === undefined ? {} : { sinceSeconds: String(Math.max(1, Math.ceil(sinceSeconds))) };
  const request: ApiRequest = {
    path: `/api/v1/namespaces/${pod.namespace}/pods/${pod.name}/log`,
    query: { container: 'calico-node', tailLines: String(TAIL_LINES), limitBytes: String(MOST_BYTES), ...since },
    access,
    // A kubelet that does not answer is one of the things that a node may do: the next look asks again.
    isOnce: true,
  };
  const answer = await client.send(request, signal);
  if (answer.status === 200) return { seen: true, value: lastValueIn(String(answer.body)) };
  const refusal = refusalOf(answer, request, client);
  if (answer.status === 401) throw refusal;
  return {
    seen: false,
    why: refusal.message.replace(/^Cannot /, 'cannot '),
    ...(refusal.hint === undefined ? {} : { remedy: refusal.hint }),
  };
}

/** `Parsed value for NATPortRange: 32768:65535 (from datastore (global))` (felix/config/config_params.go, Resolve). */
export function lastValueIn(log: string): string | undefined {
  const lines = [...log.matchAll(/Pars(?:ed|ing) value for NATPortRange: (\S+)/g)];
  return lines.at(-1)?.[1];
}
