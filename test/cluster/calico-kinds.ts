// The Calico kinds that matter for SNAT ports, as custom resource definitions written for these tests. They are as loose as
// Calico's own: natPortRange takes any number and any text, which is why a wrong one is found by Felix and not by kubectl.

/** Where a cluster keeps Calico's objects: the usual group, or the one that Calico 3.32 brought. */
export type CalicoGroup = 'crd.projectcalico.org' | 'projectcalico.org';

export type CalicoKind = 'FelixConfiguration' | 'IPPool' | 'ClusterInformation';

interface Schema {
  readonly [keyword: string]: unknown;
}

const VERSIONS: Readonly<Record<CalicoGroup, string>> = { 'crd.projectcalico.org': 'v1', 'projectcalico.org': 'v3' };

const TEXT: Schema = { type: 'string' };
const FLAG: Schema = { type: 'boolean' };
const WHOLE_NUMBER: Schema = { type: 'integer' };

/** A number or a text; the pattern is Calico's, and every text matches it. */
const PORT_OR_RANGE: Schema = {
  anyOf: [{ type: 'integer' }, { type: 'string' }],
  pattern: '^.*',
  'x-kubernetes-int-or-string': true,
};

const FELIX_FIELDS: Readonly<Record<string, Schema>> = {
  natPortRange: PORT_OR_RANGE,
  natOutgoingAddress: TEXT,
  natOutgoingExclusions: { type: 'string', enum: ['IPPoolsOnly', 'IPPoolsAndHostIPs'] },
  iptablesNATOutgoingInterfaceFilter: TEXT,
  iptablesBackend: TEXT,
  featureDetectOverride: TEXT,
  kubeNodePortRanges: { type: 'array', items: PORT_OR_RANGE },
  bpfEnabled: FLAG,
  vxlanEnabled: FLAG,
  vxlanPort: WHOLE_NUMBER,
  healthPort: WHOLE_NUMBER,
  healthEnabled: FLAG,
  logSeverityScreen: TEXT,
  reportingInterval: TEXT,
  prometheusMetricsEnabled: FLAG,
};

/** The newer group selects nodes and fills in a default (Calico 3.32). */
const NEWER_FELIX_FIELDS: Readonly<Record<string, Schema>> = {
  ...FELIX_FIELDS,
  nodeSelector: TEXT,
  nftablesMode: { type: 'string', enum: ['Disabled', 'Enabled', 'Auto'], default: 'Auto' },
};

const POOL_FIELDS: Readonly<Record<string, Schema>> = {
  cidr: TEXT,
  natOutgoing: FLAG,
  disabled: FLAG,
  ipipMode: TEXT,
  vxlanMode: TEXT,
  nodeSelector: TEXT,
  blockSize: WHOLE_NUMBER,
  allowedUses: { type: 'array', items: TEXT },
};

const CLUSTER_FIELDS: Readonly<Record<string, Schema>> = {
  calicoVersion: TEXT,
  clusterGUID: TEXT,
  clusterType: TEXT,
  datastoreReady: FLAG,
  variant: TEXT,
};

/** The object that `kubectl create -f` would take. */
export function calicoDefinition(group: CalicoGroup, kind: CalicoKind) {
  const singular = kind.toLowerCase();
  const spec: Schema = { type: 'object', properties: fieldsOf(group, kind) };
  const openAPIV3Schema = { type: 'object', properties: { spec }, ...rulesOf(group, kind) };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${singular}s.${group}` },
    spec: {
      group,
      scope: 'Cluster',
      names: { kind, listKind: `${kind}List`, plural: `${singular}s`, singular },
      versions: [{ name: VERSIONS[group], served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  };
}

/** The path below which the objects of a kind are served. */
export function calicoPath(group: CalicoGroup, kind: CalicoKind): string {
  return `/apis/${group}/${VERSIONS[group]}/${kind.toLowerCase()}s`;
}

function fieldsOf(group: CalicoGroup, kind: CalicoKind): Readonly<Record<string, Schema>> {
  if (kind === 'IPPool') return POOL_FIELDS;
  if (kind === 'ClusterInformation') return CLUSTER_FIELDS;
  return group === 'projectcalico.org' ? NEWER_FELIX_FIELDS : FELIX_FIELDS;
}

/** Configurations of all nodes and of one node select by their name alone. */
function rulesOf(group: CalicoGroup, kind: CalicoKind): Schema {
  if (group !== 'projectcalico.org' || kind !== 'FelixConfiguration') return {};
  const rule =
    "!has(self.spec) || !has(self.spec.nodeSelector) || (self.metadata.name != 'default' && !self.metadata.name.startsWith('node.'))";
  return {
    'x-kubernetes-validations': [{ rule, message: 'nodeSelector is not allowed on default and node.<name>' }],
  };
}
