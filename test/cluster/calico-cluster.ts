// Puts a test cluster into a known state for Calico: exactly these kinds, of this group, and no object of them. A test says
// what it needs before it begins, whatever the one before it left or broke.
import type { ApiAccess } from './api-access.ts';
import { apiRequest, expectAnswer, textAt, valueAt } from './api-request.ts';
import { type CalicoGroup, type CalicoKind, calicoDefinition, calicoPath } from './calico-kinds.ts';
import { until } from './until.ts';

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const GROUPS: readonly CalicoGroup[] = ['crd.projectcalico.org', 'projectcalico.org'];

/** The kinds of each group that shall be there; a group that is not named is not there. */
export type CalicoWish = Readonly<Partial<Record<CalicoGroup, readonly CalicoKind[]>>>;

export async function setCalico(admin: ApiAccess, wish: CalicoWish): Promise<void> {
  const wanted = GROUPS.flatMap((group) => (wish[group] ?? []).map((kind) => new Definition(group, kind)));
  const present = await presentDefinitions(admin);
  const kept = wanted.filter(({ name }) => present.get(name) === 'as made');
  const removed = [...present.keys()].filter((name) => !kept.some((definition) => definition.name === name));
  await Promise.all(removed.map((name) => removeDefinition(admin, name)));
  await Promise.all(wanted.filter((definition) => !kept.includes(definition)).map((made) => make(admin, made)));
  await Promise.all(kept.map((definition) => empty(admin, definition)));
}

class Definition {
  readonly name: string;
  readonly path: string;
  readonly body: ReturnType<typeof calicoDefinition>;

  constructor(group: CalicoGroup, kind: CalicoKind) {
    this.body = calicoDefinition(group, kind);
    this.name = this.body.metadata.name;
    this.path = calicoPath(group, kind);
  }
}

/** By name; a definition whose specification someone wrote to has a generation above the first. */
async function presentDefinitions(admin: ApiAccess): Promise<Map<string, 'as made' | 'changed'>> {
  const items = valueAt(await expectAnswer(admin, { path: DEFINITIONS }, 200), 'items');
  const states = (Array.isArray(items) ? items : []).map((item: unknown) => {
    const asMade = valueAt(item, 'metadata', 'generation') === 1;
    return [textAt(item, 'metadata', 'name'), asMade ? 'as made' : 'changed'] as const;
  });
  return new Map(states.filter(([name]) => GROUPS.some((group) => name.endsWith(`s.${group}`))));
}

async function make(admin: ApiAccess, { name, path, body }: Definition): Promise<void> {
  await expectAnswer(admin, { method: 'POST', path: DEFINITIONS, body }, 201);
  await until(`${name} is served`, async () => (await apiRequest(admin, { path })).status === 200);
}

/** Removing objects takes milliseconds, removing a definition takes seconds. */
async function empty(admin: ApiAccess, { name, path }: Definition): Promise<void> {
  await expectAnswer(admin, { method: 'DELETE', path }, 200);
  await until(`${name} is empty`, async () => {
    const items = valueAt(await expectAnswer(admin, { path }, 200), 'items');
    return Array.isArray(items) && items.length === 0;
  });
}

/** With all its objects; gone when the promise resolves. */
async function removeDefinition(admin: ApiAccess, name: string): Promise<void> {
  const path = `${DEFINITIONS}/${name}`;
  await expectAnswer(admin, { method: 'DELETE', path }, 200, 404);
  await until(`${name} is gone`, async () => (await apiRequest(admin, { path })).status === 404);
}
