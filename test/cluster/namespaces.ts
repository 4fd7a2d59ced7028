// Namespaces for tests. A name is never used twice: without a controller manager a deleted namespace never goes away.
import type { ApiAccess } from './api-access.ts';
import { expectAnswer, textAt } from './api-request.ts';

/** Makes a namespace and returns the name that the API server chose. */
export async function newNamespace(admin: ApiAccess): Promise<string> {
  const body = { metadata: { generateName: 'test-' } };
  return textAt(
    await expectAnswer(admin, { method: 'POST', path: '/api/v1/namespaces', body }, 201),
    'metadata',
    'name',
  );
}
