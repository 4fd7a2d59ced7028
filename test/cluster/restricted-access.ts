// Someone with few rights: a service account in a namespace of its own, bound to a role of the given rules, whose token the
// API server itself issues (TokenRequest). What they may not do is refused by the real authoriser.
import { type ApiAccess, accessAs } from './api-access.ts';
import { expectAnswer, textAt } from './api-request.ts';
import { newNamespace } from './namespaces.ts';

/** A rule of rbac.authorization.k8s.io/v1: about resources, or about paths that are none. */
export type PolicyRule = ResourceRule | PathRule;

interface PathRule {
  readonly nonResourceURLs: readonly string[];
  readonly verbs: readonly string[];
}

interface ResourceRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const TOKEN_SECONDS = 3600;

export interface RestrictedUser {
  /** `system:serviceaccount:NAMESPACE:NAME`. */
  readonly userName: string;
  readonly namespace: string;
  readonly access: ApiAccess;
}

/** A user who may do what the rules say in the whole cluster, and nothing else but what everyone may. */
export async function newRestrictedUser(admin: ApiAccess, rules: readonly PolicyRule[]): Promise<RestrictedUser> {
  const namespace = await newNamespace(admin);
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  const name = 'restricted';
  await expectAnswer(admin, { method: 'POST', path: accounts, body: { metadata: { name } } }, 201);
  // Cluster-wide objects carry the namespace in their name: it is new, so they are.
  const role = { metadata: { name: namespace }, rules };
  await expectAnswer(admin, { method: 'POST', path: `${RBAC}/clusterroles`, body: role }, 201);
  const binding = {
    metadata: { name: namespace },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: namespace },
    subjects: [{ kind: 'ServiceAccount', namespace, name }],
  };
  await expectAnswer(admin, { method: 'POST', path: `${RBAC}/clusterrolebindings`, body: binding }, 201);
  const token = await requestToken(admin, `${accounts}/${name}`);
  const userName = `system:serviceaccount:${namespace}:${name}`;
  return { userName, namespace, access: accessAs(admin, { token }) };
}

async function requestToken(admin: ApiAccess, account: string): Promise<string> {
  const body = { spec: { expirationSeconds: TOKEN_SECONDS } };
  return textAt(await expectAnswer(admin, { method: 'POST', path: `${account}/token`, body }, 201), 'status', 'token');
}
