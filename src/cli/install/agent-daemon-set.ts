// The agent as a DaemonSet: what it may on a node, and what it may not. docs/reference/install.md gives the reason of each.
import { AGENT_PORT } from '../../agent/listen-address.ts';
import { AGENT_CONTAINER, AGENT_LABELS, AGENT_PORT_NAME } from '../../core/kube-objects/agent-names.ts';

export const AGENT = 'portolan-agent';
/** Of type kubernetes.io/tls, in the namespace of the agents. */
export const TLS_SECRET = 'portolan-agent-tls';

export const PUBLISH = '--publish';
const TLS_FOLDER = '/tls';
const NODE_NAME = { name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } };

export interface AgentWish {
  readonly namespace: string;
  readonly image: string;
  /** Also read rules of iptables-legacy, which takes a raw socket. */
  readonly readsLegacy: boolean;
  /** Also tell the cluster, by a condition of the node and Events, which takes the right to write them. */
  readonly publishes: boolean;
}

export function agentDaemonSet(wish: AgentWish): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: AGENT, namespace: wish.namespace, labels: AGENT_LABELS },
    spec: {
      selector: { matchLabels: AGENT_LABELS },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '10%' } },
      template: { metadata: { labels: AGENT_LABELS }, spec: podSpec(wish) },
    },
  };
}

function podSpec(wish: AgentWish): object {
  return {
    serviceAccountName: AGENT,
    hostNetwork: true,
    dnsPolicy: 'ClusterFirstWithHostNet',
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    // A node that is in trouble is one to look at.
    tolerations: [{ operator: 'Exists' }],
    terminationGracePeriodSeconds: 10,
    containers: [container(wish)],
    volumes: [{ name: 'tls', secret: { secretName: TLS_SECRET } }],
  };
}

function container({ image, readsLegacy, publishes }: AgentWish): object {
  return {
    name: AGENT_CONTAINER,
    image,
    args: [
      'agent',
      '--name=$(NODE_NAME)',
      '--cluster',
      ...listenArguments(),
      '--authorize',
      ...(publishes ? [PUBLISH] : []),
    ],
    env: [NODE_NAME],
    ports: [{ name: AGENT_PORT_NAME, containerPort: AGENT_PORT, hostPort: AGENT_PORT, protocol: 'TCP' }],
    securityContext: securityContext(readsLegacy),
    resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { cpu: '1', memory: '512Mi' } },
    livenessProbe: { httpGet: probe('/livez'), periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 3 },
    readinessProbe: { httpGet: probe('/readyz'), periodSeconds: 10, timeoutSeconds: 5 },
    volumeMounts: [{ name: 'tls', mountPath: TLS_FOLDER, readOnly: true }],
  };
}

function listenArguments(): readonly string[] {
  return [`--listen=0.0.0.0:${AGENT_PORT}`, `--tls-cert=${TLS_FOLDER}/tls.crt`, `--tls-key=${TLS_FOLDER}/tls.key`];
}

function probe(path: string): object {
  return { scheme: 'HTTPS', path, port: AGENT_PORT };
}

/** Uid 0 without its powers: Kubernetes gives capabilities to no other user, because it sets no ambient ones. */
function securityContext(readsLegacy: boolean): object {
  return {
    privileged: false,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    runAsUser: 0,
    runAsGroup: 0,
    capabilities: { drop: ['ALL'], add: ['NET_ADMIN', ...(readsLegacy ? ['NET_RAW'] : [])] },
    seccompProfile: { type: 'RuntimeDefault' },
  };
}
