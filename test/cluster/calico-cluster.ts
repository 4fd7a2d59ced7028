// Puts a test cluster into a known state for Calico: exactly these kinds, of this group, and no object of them. A test says
// what it needs before it begins, whatever the one before it left or broke.
import type { ApiAccess } from './api-access.ts';
import { apiRequest, expectAnswer, textAt, valueAt } from './api-request.ts';
import { type CalicoGroup, type CalicoKind, calicoDefinition, calicoPath } from './calico-kinds.ts';

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const GROUPS: readonly CalicoGroup[] = ['crd.projectcalico.org', 'projectcalico.org'];
const WAIT_SECONDS = 30;
const POLL_SECONDS = 0.05;

/** The kinds of each group that shall be there; a group that is not named is not there. */
export type CalicoWish = Readonly<Partial<Record<CalicoGroup, readonly CalicoKind[]>>>;

export async function setCalico(admin: ApiAccess, wish: CalicoWish): Promise<void> {
  const wanted = GROUPS.flatMap((group) => (wish[group] ?? []).map((kind) => ({ group, kind })));
  const present = await presentDefinitions(admin);
  await Promise.all(present.map((name) => removeDefinition(admin, name)));
  await Promise.all(
    wanted.map(async ({ group, kind }) => {
      await expectAnswer(admin, { method: 'POST', path: DEFINITIONS, body: calicoDefinition(group, kind) }, 201);
      await until(`${kind} of ${group} is served`, async () => {
        return (await apiRequest(admin, { path: calicoPath(group, kind) })).status === 200;
      });
    }),
  );
}

async function presentDefinitions(admin: ApiAccess): Promise<string[]> {
  const items = valueAt(await expectAnswer(admin, { path: DEFINITIONS }, 200), 'items');
  const names = (Array.isArray(items) ? items : []).map((item: unknown) => textAt(item, 'metadata', 'name'));
  return names.filter((name) => GROUPS.some((group) => name.endsWith(`s.${group}`)));
}

/** With all its objects; gone when the promise resolves. */
async function removeDefinition(admin: ApiAccess, name: string): Promise<void> {
  const path = `${DEFINITIONS}/${name}`;
  await expectAnswer(admin, { method: 'DELETE', path }, 200, 404);
  await until(`${name} is gone`, async () => (await apiRequest(admin, { path })).status === 404);
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + WAIT_SECONDS * 1000;
  while (!(await isSo())) {
    if (performance.now() > giveUpAt) throw new Error(`not within ${WAIT_SECONDS} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_SECONDS * 1000));
  }
}
