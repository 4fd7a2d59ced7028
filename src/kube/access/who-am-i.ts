// The name by which the API server knows the person who asks; everyone may ask for their own (system:basic-user).
import type { ApiClient } from './api-client.ts';
import { objectOf, textOf } from '../../core/kube-objects/parse-object.ts';

/** Undefined where the server does not say (before Kubernetes 1.28). */
export async function whoAmI(client: ApiClient, signal: AbortSignal): Promise<string | undefined> {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
  const answer = await client.send({ path, body }, signal);
  if (answer.status !== 201 && answer.status !== 200) return undefined;
  const user = objectOf(objectOf(objectOf(answer.body)['status'])['userInfo']);
  return textOf(user['username']);
}
