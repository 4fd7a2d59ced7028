// From the table of rights to objects of rbac.authorization.k8s.io/v1: roles, their bindings and the account that has them.
import { AGENT_NAMESPACE } from '../../core/kube-objects/agent-names.ts';
import { type RbacOption, type RbacRole, type Right, RIGHT_SETS, type RightSet } from './right-sets.ts';

const RBAC = 'rbac.authorization.k8s.io';
const API_VERSION = `${RBAC}/v1`;
export const LABELS = { 'app.kubernetes.io/name': 'portolan' };

export interface Manifest {
  /** Lines for a person who reads it before applying it. */
  readonly comment: string;
  readonly object: object;
}

export interface ManifestWish {
  readonly role: RbacRole;
  /** Of the service account, and of what the role keeps. */
  readonly namespace: string;
  /** Where agents run; absent: where `portolan install` puts them. */
  readonly agentNamespace?: string | undefined;
  readonly options: readonly RbacOption[];
}

export function rbacManifests({
  role,
  namespace,
  agentNamespace = AGENT_NAMESPACE,
  options,
}: ManifestWish): readonly Manifest[] {
  const account = `portolan-${role}`;
  const metadata = { name: account, namespace, labels: LABELS };
  const first = {
    comment: `Who has the rights below. Its namespace must be there: kubectl create namespace ${namespace}`,
    object: { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
  };
  const sets = rightSetsOf(role).filter(({ option }) => option === undefined || options.includes(option));
  return [first, ...sets.flatMap((set) => manifestsOf(set, { account, namespace, agentNamespace }))];
}

export function rightSetsOf(role: RbacRole): readonly RightSet[] {
  return RIGHT_SETS.filter(({ roles }) => roles.includes(role));
}

interface Account {
  readonly account: string;
  readonly namespace: string;
  readonly agentNamespace: string;
}

function manifestsOf(set: RightSet, owner: Account): readonly Manifest[] {
  return placesOf(set, owner).flatMap((place) => [
    { comment: set.purpose, object: roleObject(set, place) },
    { comment: '', object: bindingObject(set, place, owner) },
  ]);
}

/** Undefined: the whole cluster. */
function placesOf({ place }: RightSet, { namespace, agentNamespace }: Account): readonly (string | undefined)[] {
  if (place === 'cluster') return [undefined];
  if (place === 'agents') return [agentNamespace];
  return place === 'own' ? [namespace] : place;
}

/** A ClusterRole where `namespace` is undefined. */
export function roleObject({ name, rights }: RightSet, namespace: string | undefined): object {
  return {
    apiVersion: API_VERSION,
    kind: namespace === undefined ? 'ClusterRole' : 'Role',
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), labels: LABELS },
    rules: rights.map(ruleOf),
  };
}

function ruleOf({ groups, resources, names, verbs }: Right): object {
  return { apiGroups: groups, resources, ...(names === undefined ? {} : { resourceNames: names }), verbs };
}

/** Named for the account too: a reader and a fixer may be bound to the same role. */
function bindingObject({ name }: RightSet, place: string | undefined, { account, namespace }: Account): object {
  const kind = place === undefined ? 'ClusterRole' : 'Role';
  const bindingName = name === account ? name : `${account}-${name.replace('portolan-', '')}`;
  return {
    apiVersion: API_VERSION,
    kind: `${kind}Binding`,
    metadata: { name: bindingName, ...(place === undefined ? {} : { namespace: place }), labels: LABELS },
    roleRef: { apiGroup: RBAC, kind, name },
    subjects: [{ kind: 'ServiceAccount', name: account, namespace }],
  };
}
