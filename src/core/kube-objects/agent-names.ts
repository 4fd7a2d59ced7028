// What the agents of a cluster are called there: the same for whoever installs them and for whoever asks them.

/** Namespace of the agents where nobody names another. */
export const AGENT_NAMESPACE = 'portolan';
export const AGENT_LABELS = { 'app.kubernetes.io/name': 'portolan', 'app.kubernetes.io/component': 'agent' } as const;
/** Container and named port of an agent's pod. */
export const AGENT_CONTAINER = 'agent';
export const AGENT_PORT_NAME = 'https';
/** ServiceAccount that may ask agents and nothing else: whoever asks one does it by a token of this account. */
export const ASKER = 'portolan-asker';

/** For whom a token of the asker is meant: the agent of one node, and no API server. */
export function agentAudience(node: string): string {
  return `portolan-agent/${node}`;
}
