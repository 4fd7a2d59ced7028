// Whether the agent of a pod can be asked: it shares the network of its node, and its own probe says that it is ready.
import { AGENT_CONTAINER, AGENT_PORT_NAME } from '../../core/kube-objects/agent-names.ts';
import { type JsonObject, listOf, numberOf, objectOf, textOf } from '../../core/kube-objects/parse-object.ts';

/** The pod of an agent that can be asked. */
export interface AgentPod {
  /** Name of the node. */
  readonly node: string;
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
}

/** The agent of a node, or why it cannot be asked, in a person's words. */
export type NodeAgent = { readonly pod: AgentPod } | { readonly why: string };

/** Undefined: of no node yet. */
export function parseAgentPod(object: unknown): { readonly node: string; readonly agent: NodeAgent } | undefined {
  const metadata = objectOf(objectOf(object)['metadata']);
  const spec = objectOf(objectOf(object)['spec']);
  const node = textOf(spec['nodeName']) ?? '';
  if (node === '') return undefined;
  const why = whyNot(objectOf(object), { metadata, spec });
  const port = portOf(spec);
  if (why !== undefined || port === undefined) return { node, agent: { why: why ?? 'its agent names no port' } };
  const [namespace = '', pod = ''] = [textOf(metadata['namespace']), textOf(metadata['name'])];
  return { node, agent: { pod: { node, namespace, pod, port } } };
}

function whyNot(
  object: JsonObject,
  { metadata, spec }: { readonly metadata: JsonObject; readonly spec: JsonObject },
): string | undefined {
  if (spec['hostNetwork'] !== true) return "its agent is not on the host's network";
  if (metadata['deletionTimestamp'] !== undefined) return 'its agent is being deleted';
  const conditions = listOf(objectOf(object['status'])['conditions']).map(objectOf);
  const isReady = conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
  return isReady ? undefined : 'its agent is not ready';
}

function portOf(spec: JsonObject): number | undefined {
  const container = listOf(spec['containers'])
    .map(objectOf)
    .find(({ name }) => name === AGENT_CONTAINER);
  const ports = listOf(container?.['ports']).map(objectOf);
  return numberOf(ports.find(({ name }) => name === AGENT_PORT_NAME)?.['containerPort']);
}
