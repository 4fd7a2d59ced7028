// The agents that a command is to ask, as its flags say.
import { AGENT_NAMESPACE } from '../../core/kube-objects/agent-names.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { ClusterClient } from '../../kube/access/api-client.ts';
import { findAgents } from '../../kube/agents/find-agents.ts';
import type { NodeAgent } from '../../kube/agents/parse-agent-pod.ts';
import type { ClusterChoice } from './cluster-choice.ts';

/** Of a node while others of the cluster have one. */
export const NO_AGENT: NodeAgent = { why: 'no agent runs there' };

/** Undefined where agents are not to be asked, or none is installed. Errors: PTL_API_*, PTL_AGENT or PTL_API_FORBIDDEN where they alone may be asked and there are none, or none to be seen. */
export async function findWantedAgents(
  client: ClusterClient,
  { choice, signal }: { readonly choice: ClusterChoice; readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, NodeAgent> | undefined> {
  const { via = 'auto', agentNamespace: namespace = AGENT_NAMESPACE, execPod } = choice;
  // Whoever names a pod to look through has chosen.
  if (via === 'exec' || (via === 'auto' && execPod !== undefined)) return undefined;
  const found = await findAgents(client, { namespace, signal });
  if (via === 'agent') {
    if (found.seen && found.value.size > 0) return found.value;
    if (found.seen) throw noneInstalled(namespace);
    const message = `Cannot find agents: ${found.why}, wanted the right to`;
    throw new PortolanError('PTL_API_FORBIDDEN', message, found.remedy === undefined ? {} : { hint: found.remedy });
  }
  return found.seen && found.value.size > 0 ? found.value : undefined;
}

function noneInstalled(namespace: string): PortolanError {
  return new PortolanError(
    'PTL_AGENT',
    `Cannot ask agents: none runs in namespace ${namespace}, wanted one on each node`,
    {
      hint: 'portolan install; where they run in another namespace: --agent-namespace NAME; without agents: --via exec',
    },
  );
}
