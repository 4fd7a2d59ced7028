// Where an object that is installed lives in the API: the kinds of agents, and no others.
import { objectOf, textOf } from '../../core/kube-objects/parse-object.ts';
import type { ResourceAccess } from '../../kube/access/api-client.ts';

const RBAC = { group: 'rbac.authorization.k8s.io', root: '/apis/rbac.authorization.k8s.io/v1' };
const ADMISSION = { group: 'admissionregistration.k8s.io', root: '/apis/admissionregistration.k8s.io/v1' };
const KINDS: Readonly<Record<string, { readonly group: string; readonly root: string; readonly resource: string }>> = {
  Namespace: { group: '', root: '/api/v1', resource: 'namespaces' },
  ServiceAccount: { group: '', root: '/api/v1', resource: 'serviceaccounts' },
  ClusterRole: { ...RBAC, resource: 'clusterroles' },
  ClusterRoleBinding: { ...RBAC, resource: 'clusterrolebindings' },
  Role: { ...RBAC, resource: 'roles' },
  RoleBinding: { ...RBAC, resource: 'rolebindings' },
  ValidatingAdmissionPolicy: { ...ADMISSION, resource: 'validatingadmissionpolicies' },
  ValidatingAdmissionPolicyBinding: { ...ADMISSION, resource: 'validatingadmissionpolicybindings' },
  DaemonSet: { group: 'apps', root: '/apis/apps/v1', resource: 'daemonsets' },
};

export interface ObjectPlace {
  /** `daemonset/portolan-agent`, as kubectl names it. */
  readonly title: string;
  /** Of all of its kind. */
  readonly collection: string;
  readonly path: string;
  readonly access: (verb: ResourceAccess['verb']) => ResourceAccess;
}

export function objectPlace(object: object): ObjectPlace {
  const { kind, metadata } = objectOf(object);
  const { name, namespace } = objectOf(metadata);
  const known = KINDS[textOf(kind) ?? ''];
  const ownName = textOf(name);
  if (known === undefined || ownName === undefined)
    throw new TypeError(`Cannot place ${String(kind)} ${String(name)}: wanted a kind that agents need`);
  const { group, root, resource } = known;
  const home = textOf(namespace);
  const inside = home === undefined ? {} : { namespace: home };
  const collection = `${root}${home === undefined ? '' : `/namespaces/${encodeURIComponent(home)}`}/${resource}`;
  return {
    title: `${resource.slice(0, -1)}/${ownName}`,
    collection,
    path: `${collection}/${encodeURIComponent(ownName)}`,
    access: (verb) => ({ verb, group, resource, ...inside }),
  };
}
