// Takes SNATPortPressure from every node that still has it: agents take theirs away when they stop, but not those that were
// killed, and not those that lost their rights first.
import { listOf, objectOf, textOf } from '../../core/kube-objects/parse-object.ts';
import type { ApiClient } from '../../kube/access/api-client.ts';
import { listObjects } from '../../kube/access/list-objects.ts';
import { CONDITION, removeCondition } from './node-condition.ts';

const SHAPE = { metadata: { name: true }, status: { conditions: [{ type: true }] } } as const;

/** @returns the nodes that had it. Errors: PTL_API_*. */
export async function clearConditions(client: ApiClient, signal: AbortSignal): Promise<readonly string[]> {
  const request = { path: '/api/v1/nodes', access: { verb: 'list', group: '', resource: 'nodes' } } as const;
  const nodes = await listObjects(client, { request, project: markedNode, shape: SHAPE, signal });
  for (const node of nodes) await removeCondition({ client, node, signal });
  return nodes;
}

function markedNode(object: unknown): string | undefined {
  const { metadata, status } = objectOf(object);
  const hasCondition = listOf(objectOf(status)['conditions']).some((each) => objectOf(each)['type'] === CONDITION);
  return hasCondition ? textOf(objectOf(metadata)['name']) : undefined;
}
