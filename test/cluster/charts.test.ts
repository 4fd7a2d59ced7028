// The Helm chart rendered by Helm's own engine, and the kustomizations built by kustomize's own code: the objects of `portolan
// install`, and ones that a real API server takes from someone who may make them and nothing else.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { objectPlace } from '../../src/act/install/object-place.ts';
import { cachedChartRenderer } from '../../tools/cluster/apiserver-cache.ts';
import type { ApiAccess } from './api-access.ts';
import { apiRequest, expectAnswer, textAt, valueAt } from './api-request.ts';
import { calico } from './calicoctl-run.ts';
import { newNamespace } from './namespaces.ts';
import { newRestrictedUser } from './restricted-access.ts';
import { describeCluster, sharedCluster } from './shared-cluster.ts';

const CHART = 'deploy/helm/portolan';
const RENDERER = cachedChartRenderer(process.env);
const isBuilt = existsSync(RENDERER);
/** As for the other programs: whoever asks for these tests alone wants them to run. */
const isSkipped = !isBuilt && process.env['PTL_CLUSTER'] !== 'required';

if (isSkipped) process.stdout.write(`The tests of charts are skipped: no ${RENDERER} (npm run build:apiserver)\n`);

/** What it takes to install, with nothing that the agents themselves may. */
const INSTALLER = [
  { apiGroups: [''], resources: ['serviceaccounts'], verbs: ['create', 'get'] },
  { apiGroups: ['apps'], resources: ['daemonsets'], verbs: ['create', 'get'] },
  {
    apiGroups: ['rbac.authorization.k8s.io'],
    resources: ['clusterroles', 'roles'],
    verbs: ['create', 'get', 'escalate', 'bind'],
  },
  {
    apiGroups: ['rbac.authorization.k8s.io'],
    resources: ['clusterrolebindings', 'rolebindings'],
    verbs: ['create', 'get'],
  },
  {
    apiGroups: ['admissionregistration.k8s.io'],
    resources: ['validatingadmissionpolicies', 'validatingadmissionpolicybindings'],
    verbs: ['create', 'get'],
  },
];

interface Rendered {
  readonly status: number | null;
  readonly text: string;
  readonly said: string;
}

function render(...words: readonly string[]): Rendered {
  const { status, stdout, stderr, error } = spawnSync(RENDERER, words, { encoding: 'utf8' });
  if (error !== undefined) throw new Error(`${error.message} (npm run build:apiserver)`);
  return { status, text: stdout, said: stderr };
}

function rendered(...words: readonly string[]): object[] {
  const { status, text, said } = render(...words);
  expect([status, said]).toEqual([0, '']);
  return objectsIn(text);
}

/** In an order of their own: each way writes them in another. */
function objectsIn(text: string): object[] {
  const objects = parseAllDocuments(text).map((document): unknown => document.toJS());
  return objects.filter(isObject).toSorted((left, right) => (nameOf(left) < nameOf(right) ? -1 : 1));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function nameOf(object: object): string {
  return `${textAt(object, 'kind')} ${textAt(object, 'metadata', 'name')}`;
}

async function installed(...words: readonly string[]): Promise<object[]> {
  const { code, stdout } = await calico(['install', '--dry-run', 'client', '-o', 'yaml', ...words]);
  expect(code).toBe(0);
  return objectsIn(stdout);
}

const VALUES: readonly (readonly [string, object, readonly string[]])[] = [
  ['its default values', {}, []],
  ['rules of iptables-legacy', { legacyIptables: true }, ['--legacy-iptables']],
  ['conditions and Events', { publish: true }, ['--publish']],
  ['both', { publish: true, legacyIptables: true }, ['--publish', '--legacy-iptables']],
];

describeCluster('the Helm chart', () => {
  const admin = (): ApiAccess => sharedCluster().admin;

  it.skipIf(isSkipped).each(VALUES)(
    'with %s is what install makes, but for the namespace',
    async (_, values, flags) => {
      const image = 'registry.example/portolan:1';
      const chart = rendered('helm', CHART, 'elsewhere', JSON.stringify({ image, ...values }));
      const wanted = await installed('--image', image, '-n', 'elsewhere', ...flags);
      expect(chart).toEqual(wanted.filter((object) => textAt(object, 'kind') !== 'Namespace'));
    },
  );

  it.skipIf(isSkipped)('wants an image, and has nothing that Helm would warn of', () => {
    expect(render('helm', CHART, 'elsewhere', '{}')).toMatchObject({
      status: 1,
      said: expect.stringContaining('image is needed'),
    });
    const remarks = render('lint', CHART, 'elsewhere', '{"image":"a:1","publish":true}').text;
    expect(remarks.split('\n').filter((line) => line !== '' && !line.startsWith('[INFO]'))).toEqual([]);
  });

  it.skipIf(isSkipped)(
    'is taken by an API server from someone who may make such objects, and from nobody else',
    async () => {
      const namespace = await newNamespace(admin());
      const objects = rendered('helm', CHART, namespace, '{"image":"registry.example/portolan:1","publish":true}');
      const { access: installer } = await newRestrictedUser(admin(), INSTALLER);
      const { access: stranger } = await newRestrictedUser(admin(), []);
      const statuses = async (access: ApiAccess): Promise<readonly (readonly [string, number])[]> => {
        const answers: (readonly [string, number])[] = [];
        for (const object of objects) {
          const path = `${objectPlace(object).collection}?fieldValidation=Strict`;
          answers.push([nameOf(object), (await apiRequest(access, { method: 'POST', path, body: object })).status]);
        }
        return answers;
      };
      try {
        expect(await statuses(stranger)).toEqual(objects.map((object) => [nameOf(object), 403]));
        expect(await statuses(installer)).toEqual(objects.map((object) => [nameOf(object), 201]));
        // What install finds there is its own, and as it wants it.
        const { stdout } = await calico([
          'install',
          '--image',
          'registry.example/portolan:1',
          '-n',
          namespace,
          '--publish',
        ]);
        expect(stdout.match(/ (created|configured)$/gm)).toEqual([' configured']);
        expect(stdout).toContain(`namespace/${namespace} configured`);
      } finally {
        for (const object of objects)
          await expectAnswer(admin(), { method: 'DELETE', path: objectPlace(object).path }, 200, 404);
      }
    },
  );
});

describeCluster('the kustomizations', () => {
  it.skipIf(isSkipped)('are what install makes, with the image of this version', async () => {
    const { stdout } = await calico(['version', '-o', 'json']);
    const image = `portolan:${textAt(JSON.parse(stdout), 'version')}`;
    expect(rendered('kustomize', 'deploy/kustomize')).toEqual(await installed('--image', image));
    const publishing = rendered('kustomize', 'deploy/kustomize-publish');
    expect(publishing).toEqual(await installed('--image', image, '--publish'));
    const events = publishing.find((object) => nameOf(object) === 'Role portolan-publish-events');
    expect(valueAt(events, 'metadata', 'namespace')).toBe('default');
  });
});
