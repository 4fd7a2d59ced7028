// What RBAC cannot say: that an agent writes to the status of its own node only, and there nothing but its condition. The API server
// knows the node from the token, which kubelets bind to the pod (claim `node`, Kubernetes 1.30 and later).
import { CONDITION } from '../../act/publish/node-condition.ts';
import { LABELS, type Manifest } from '../rbac/rbac-manifests.ts';

const POLICY = 'portolan-agent-own-node';
const API_VERSION = 'admissionregistration.k8s.io/v1';
const NODE_CLAIM = 'authentication.kubernetes.io/node-name';
/** What a kubelet says of its node. */
const STATUS_FIELDS = [
  'addresses',
  'allocatable',
  'capacity',
  'config',
  'daemonEndpoints',
  'images',
  'nodeInfo',
  'phase',
  'volumesAttached',
  'volumesInUse',
];
/** A write to the status reaches these too: nodeStatusStrategy takes back the spec alone (pkg/registry/core/node/strategy.go). */
const METADATA_FIELDS = ['labels', 'annotations', 'finalizers', 'ownerReferences'];

/** `account`: `system:serviceaccount:NAMESPACE:NAME`. */
export function ownNodePolicy(account: string): readonly Manifest[] {
  return [
    {
      comment: 'Limits the agents to the one condition of their own node, which RBAC cannot. Kubernetes 1.30 or newer.',
      object: {
        apiVersion: API_VERSION,
        kind: 'ValidatingAdmissionPolicy',
        metadata: { name: POLICY, labels: LABELS },
        spec: policySpec(account),
      },
    },
    {
      comment: '',
      object: {
        apiVersion: API_VERSION,
        kind: 'ValidatingAdmissionPolicyBinding',
        metadata: { name: POLICY, labels: LABELS },
        spec: { policyName: POLICY, validationActions: ['Deny'] },
      },
    },
  ];
}

function policySpec(account: string): object {
  return {
    failurePolicy: 'Fail',
    matchConstraints: {
      resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['UPDATE'], resources: ['nodes/status'] }],
    },
    matchConditions: [{ name: 'agents', expression: `request.userInfo.username == '${account}'` }],
    validations: [
      { expression: OWN_NODE, message: 'an agent writes to the status of the node it runs on, and to no other' },
      { expression: SAME_CONDITIONS, message: `an agent writes no condition but ${CONDITION}` },
      {
        expression: same('status', STATUS_FIELDS),
        message: 'an agent changes nothing in the status but its condition',
      },
      {
        expression: same('metadata', METADATA_FIELDS),
        message: 'an agent changes no label and no annotation of a node',
      },
    ],
  };
}

const OWN_NODE = `'${NODE_CLAIM}' in request.userInfo.extra && request.userInfo.extra['${NODE_CLAIM}'].exists(n, n == object.metadata.name)`;
const SAME_CONDITIONS = `${othersOf('object')} == ${othersOf('oldObject')}`;

/** Absent before and after, or equal. */
function same(part: string, names: readonly string[]): string {
  const isSame = (name: string): string => {
    const [now, before] = [`object.${part}.${name}`, `oldObject.${part}.${name}`];
    return `(has(${now}) ? has(${before}) && ${now} == ${before} : !has(${before}))`;
  };
  return names.map(isSame).join(' && ');
}

function othersOf(name: string): string {
  return `(has(${name}.status.conditions) ? ${name}.status.conditions.filter(c, c.type != '${CONDITION}') : [])`;
}
