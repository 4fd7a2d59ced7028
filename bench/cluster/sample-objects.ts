// Objects as an API server stores them in a busy cluster, field managers and all: pods of some 6 KB, nodes of some 12 KB with
// their image lists, Services, ReplicaSets and Jobs. The same each time.
export interface ClusterSize {
  readonly nodes: number;
  readonly pods: number;
  readonly services: number;
}

const NAMESPACES = 200;
const PODS_PER_SET = 5;
const TIME = '2026-03-04T05:06:07Z';

export function objectAt(resource: string, index: number, size: ClusterSize): object {
  switch (resource) {
    case 'nodes':
      return nodeAt(index);
    case 'pods':
      return podAt(index, size);
    case 'services':
      return serviceAt(index);
    case 'replicasets':
      return setAt(index, 'apps/v1', 'Deployment');
    default:
      return setAt(index, 'batch/v1', 'CronJob');
  }
}

export function countOf(resource: string, size: ClusterSize): number {
  switch (resource) {
    case 'nodes':
      return size.nodes;
    case 'pods':
      return size.pods;
    case 'services':
      return size.services;
    case 'replicasets':
      // Deployments keep ten old ones; most have fewer.
      return Math.floor((size.pods / PODS_PER_SET) * 2);
    default:
      return Math.floor(size.pods / 50);
  }
}

function metadataOf(name: string, namespace: string, index: number): object {
  return {
    name,
    namespace,
    uid: `3f2a7c1e-${hex(index, 4)}-4d2b-9a1c-${hex(index, 12)}`,
    resourceVersion: String(80_000_000 + index * 7),
    creationTimestamp: TIME,
  };
}

function ownedBy(apiVersion: string, kind: string, name: string): object[] {
  const uid = `9b1d4e77-0000-4d2b-9a1c-${hex(name.length, 12)}`;
  return [{ apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true }];
}

function podAt(index: number, size: ClusterSize): object {
  const set = Math.floor(index / PODS_PER_SET);
  const namespace = `team-${set % NAMESPACES}`;
  const setName = `service-${set}-${hash(set, 10)}`;
  const name = `${setName}-${hash(index, 5)}`;
  const labels = {
    app: `service-${set}`,
    'app.kubernetes.io/name': `service-${set}`,
    'app.kubernetes.io/part-of': 'shop',
    'pod-template-hash': hash(set, 10),
  };
  return {
    metadata: {
      ...metadataOf(name, namespace, index),
      generateName: `${setName}-`,
      labels,
      annotations: {
        'cni.projectcalico.org/containerID': hex(index, 64),
        'cni.projectcalico.org/podIP': `${podAddress(index)}/32`,
        'cni.projectcalico.org/podIPs': `${podAddress(index)}/32`,
        'prometheus.io/scrape': 'true',
        'prometheus.io/port': '8080',
      },
      ownerReferences: ownedBy('apps/v1', 'ReplicaSet', setName),
      managedFields: podManagers(),
    },
    spec: podSpec(index, size),
    status: podStatus(index, size),
  };
}

function podSpec(index: number, size: ClusterSize): object {
  return {
    volumes: [{ name: 'kube-api-access-x7f2p', projected: { sources: TOKEN_SOURCES, defaultMode: 420 } }],
    containers: [container('main', 8080), container('proxy', 15_090)],
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    serviceAccountName: 'default',
    serviceAccount: 'default',
    nodeName: nodeName(index % size.nodes),
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    schedulerName: 'default-scheduler',
    tolerations: TOLERATIONS,
    priority: 0,
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
  };
}

function podStatus(index: number, size: ClusterSize): object {
  const condition = (type: string): object => ({ type, status: 'True', lastProbeTime: null, lastTransitionTime: TIME });
  return {
    phase: 'Running',
    conditions: ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(condition),
    hostIP: nodeAddress(index % size.nodes),
    hostIPs: [{ ip: nodeAddress(index % size.nodes) }],
    podIP: podAddress(index),
    podIPs: [{ ip: podAddress(index) }],
    startTime: TIME,
    containerStatuses: ['main', 'proxy'].map((name) => ({
      name,
      state: { running: { startedAt: TIME } },
      lastState: {},
      ready: true,
      restartCount: index % 3,
      image: `registry.example.com/shop/${name}:v1.42.${index % 10}`,
      imageID: `registry.example.com/shop/${name}@sha256:${hex(index, 64)}`,
      containerID: `containerd://${hex(index * 3, 64)}`,
      started: true,
    })),
    qosClass: 'Burstable',
  };
}

const TOKEN_SOURCES = [
  { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
  { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
  { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
];

const TOLERATIONS = ['not-ready', 'unreachable'].map((state) => ({
  key: `node.kubernetes.io/${state}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
}));

function container(name: string, containerPort: number): object {
  return {
    name,
    image: `registry.example.com/shop/${name}:v1.42.0`,
    ports: [{ name: 'http', containerPort, protocol: 'TCP' }],
    env: ['LOG_LEVEL', 'REGION', 'DATABASE_URL', 'CACHE_URL'].map((key) => ({ name: key, value: `value-of-${key}` })),
    resources: { limits: { cpu: '1', memory: '512Mi' }, requests: { cpu: '100m', memory: '256Mi' } },
    volumeMounts: [
      { name: 'kube-api-access-x7f2p', readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
    ],
    livenessProbe: probe('/live'),
    readinessProbe: probe('/ready'),
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: 'IfNotPresent',
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
  };
}

function probe(path: string): object {
  const httpGet = { path, port: 'http', scheme: 'HTTP' };
  return { httpGet, timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };
}

function podManagers(): object[] {
  const owned = (keys: readonly string[]): object => Object.fromEntries(keys.map((key) => [`f:${key}`, {}]));
  const containerFields = {
    '.': {},
    ...owned(['env', 'image', 'imagePullPolicy', 'livenessProbe', 'name', 'ports', 'readinessProbe', 'resources']),
    ...owned(['securityContext', 'terminationMessagePath', 'terminationMessagePolicy']),
  };
  const spec = {
    'f:containers': { 'k:{"name":"main"}': containerFields, 'k:{"name":"proxy"}': containerFields },
    ...owned(['dnsPolicy', 'enableServiceLinks', 'restartPolicy', 'schedulerName', 'securityContext']),
  };
  const labels = {
    '.': {},
    ...owned(['app', 'app.kubernetes.io/name', 'app.kubernetes.io/part-of', 'pod-template-hash']),
  };
  const manager = (name: string, fields: object, subresource?: string): object => ({
    manager: name,
    operation: 'Update',
    apiVersion: 'v1',
    time: TIME,
    fieldsType: 'FieldsV1',
    fieldsV1: fields,
    ...(subresource === undefined ? {} : { subresource }),
  });
  const conditions = ['ContainersReady', 'Initialized', 'PodReadyToStartContainers', 'Ready'].map((type) => [
    `k:{"type":"${type}"}`,
    { '.': {}, ...owned(['lastProbeTime', 'lastTransitionTime', 'status', 'type']) },
  ]);
  const status = {
    'f:conditions': Object.fromEntries(conditions),
    ...owned(['containerStatuses', 'hostIP', 'hostIPs', 'phase', 'podIP', 'podIPs', 'startTime']),
  };
  return [
    manager('kube-controller-manager', {
      'f:metadata': { ...owned(['generateName', 'ownerReferences']), 'f:labels': labels },
      'f:spec': spec,
    }),
    manager(
      'calico',
      {
        'f:metadata': { 'f:annotations': owned(['cni.projectcalico.org/containerID', 'cni.projectcalico.org/podIP']) },
      },
      'status',
    ),
    manager('kubelet', { 'f:status': status }, 'status'),
  ];
}

function nodeAt(index: number): object {
  const name = nodeName(index);
  return {
    metadata: {
      ...metadataOf(name, '', index),
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'ibm-cloud.kubernetes.io/worker-pool-name': `pool-${index % 9}`,
      },
      annotations: {
        'projectcalico.org/IPv4Address': `${nodeAddress(index)}/26`,
        'projectcalico.org/IPv4IPIPTunnelAddr': podAddress(index),
      },
    },
    spec: { podCIDR: `172.30.${index % 256}.0/24`, providerID: `ibm:///zone-1/${hex(index, 32)}` },
    status: {
      conditions: ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'].map((type) => ({
        type,
        status: type === 'Ready' ? 'True' : 'False',
        lastHeartbeatTime: TIME,
      })),
      addresses: [
        { type: 'InternalIP', address: nodeAddress(index) },
        { type: 'Hostname', address: name },
      ],
      nodeInfo: {
        operatingSystem: 'linux',
        kernelVersion: '6.8.0',
        kubeletVersion: 'v1.34.4',
        containerRuntimeVersion: 'containerd://2.1.0',
      },
      images: Array.from({ length: 50 }, (_, image) => ({
        names: [
          `registry.example.com/image-${image}@sha256:${hex(image, 64)}`,
          `registry.example.com/image-${image}:v1`,
        ],
        sizeBytes: 12_345_678 + image,
      })),
    },
  };
}

function serviceAt(index: number): object {
  const nodePort = index % 10 === 0 ? { nodePort: 30_000 + ((index / 10) % 2768) } : {};
  return {
    metadata: {
      ...metadataOf(`service-${index}`, `team-${index % NAMESPACES}`, index),
      managedFields: podManagers().slice(1, 2),
    },
    spec: {
      type: index % 10 === 0 ? 'NodePort' : 'ClusterIP',
      clusterIP: '10.0.0.9',
      ports: [{ name: 'http', port: 80, protocol: 'TCP', ...nodePort }],
    },
  };
}

/** Of a ReplicaSet or a Job the metadata alone, as it is asked for. */
function setAt(index: number, apiVersion: string, kind: string): object {
  const set = index >> 1;
  const name = `service-${set}-${hash(set + (index & 1) * 1_000_003, 10)}`;
  return {
    metadata: {
      ...metadataOf(name, `team-${set % NAMESPACES}`, index),
      labels: { app: `service-${set}` },
      annotations: { 'deployment.kubernetes.io/desired-replicas': '5', 'deployment.kubernetes.io/revision': '42' },
      ownerReferences: ownedBy(apiVersion, kind, `service-${set}`),
      managedFields: podManagers().slice(0, 1),
    },
  };
}

function nodeName(index: number): string {
  return `kube-c1a2b3c4d5-prodcluster-default-${hex(index, 8)}`;
}

function nodeAddress(index: number): string {
  return `10.240.${index >> 8}.${index & 255}`;
}

function podAddress(index: number): string {
  return `172.${16 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0').slice(-digits);
}

const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

/** In the letters of a pod template's hash; another for every value. */
function hash(value: number, length: number): string {
  let rest = value * 2_654_435_761 + 12_345;
  let text = '';
  while (text.length < length) {
    text += LETTERS[rest % LETTERS.length] ?? 'x';
    rest = Math.floor(rest / LETTERS.length) + value + text.length;
  }
  return text;
}
