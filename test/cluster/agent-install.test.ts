// `portolan install` on a real API server: what it makes, what it leaves alone, and that the account it makes is enough for the
// agent and for nothing else. The agent runs as its own process with that account's token.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, afterEach, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { type ApiAccess, accessAs, writeKubeconfig } from './api-access.ts';
import { apiRequest, type ApiRequest, expectAnswer, textAt, valueAt } from './api-request.ts';
import { calico } from './calicoctl-run.ts';
import { CertificateAuthority } from './certificate-authority.ts';
import { newNamespace } from './namespaces.ts';
import { newRestrictedUser } from './restricted-access.ts';
import { ScratchFolder } from './scratch-folder.ts';
import { describeCluster, sharedCluster } from './shared-cluster.ts';
import { until } from './until.ts';
import { makePod, makeReplicaSet, podSet } from './workload-objects.ts';

const IMAGE = 'registry.example/portolan:1';
const NODE_CHILD = fileURLToPath(new URL('./agent-node-child.js', import.meta.url));
const PROGRAM = fileURLToPath(new URL('../../../bin/portolan.js', import.meta.url));

function admin(): ApiAccess {
  return sharedCluster().admin;
}

function install(namespace: string, ...words: readonly string[]): ReturnType<typeof calico> {
  return calico(['install', '--image', IMAGE, '-n', namespace, ...words]);
}

async function statusOf(access: ApiAccess, request: ApiRequest): Promise<number> {
  return (await apiRequest(access, request)).status;
}

async function tokenOf(namespace: string): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/portolan-agent/token`;
  return textAt(await expectAnswer(admin(), { method: 'POST', path, body: { spec: {} } }, 201), 'status', 'token');
}

describeCluster('portolan install', () => {
  let namespace: string;
  beforeEach(async () => {
    namespace = await newNamespace(admin());
  });
  afterEach(async () => {
    await calico(['uninstall', '-n', namespace]);
  });

  it('makes all that it prints, changes nothing the second time, and follows another image', async () => {
    const first = await install(namespace);
    expect([first.code, first.stdout.split('\n')]).toEqual([
      0,
      [
        'namespace/' + namespace + ' configured',
        'serviceaccount/portolan-agent created',
        'clusterrole/portolan-agent created',
        'clusterrolebinding/portolan-agent created',
        'clusterrole/portolan-scraper created',
        'serviceaccount/portolan-asker created',
        'clusterrole/portolan-asker created',
        'clusterrolebinding/portolan-asker created',
        'daemonset/portolan-agent created',
        '',
      ],
    ]);
    const again = await install(namespace);
    expect(again.stdout.match(/ unchanged$/gm)).toHaveLength(9);
    const other = await calico(['install', '--image', 'registry.example/portolan:2', '-n', namespace]);
    expect(other.stdout).toContain('daemonset/portolan-agent configured');
    const stored = await expectAnswer(
      admin(),
      { path: `/apis/apps/v1/namespaces/${namespace}/daemonsets/portolan-agent` },
      200,
    );
    expect(valueAt(stored, 'spec', 'template', 'spec')).toMatchObject({
      hostNetwork: true,
      containers: [
        {
          image: 'registry.example/portolan:2',
          securityContext: {
            privileged: false,
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] },
          },
        },
      ],
      volumes: [{ name: 'tls', secret: { secretName: 'portolan-agent-tls' } }],
    });
    expect(JSON.stringify(stored)).not.toContain('hostPath');
    expect(
      valueAt(await expectAnswer(admin(), { path: `/api/v1/namespaces/${namespace}` }, 200), 'metadata'),
    ).toMatchObject({ labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } });
  });

  it('makes pods that Pod Security lets in only where the label is', async () => {
    await install(namespace);
    const { stdout } = await install(namespace, '--dry-run', 'client', '-o', 'json');
    const items = valueAt(JSON.parse(stdout), 'items');
    const daemonSet: unknown = Array.isArray(items) ? items.at(-1) : undefined;
    const spec = valueAt(daemonSet, 'spec', 'template', 'spec');
    const body = { metadata: { name: 'agent' }, spec };
    const pods = (home: string): ApiRequest => ({
      method: 'POST',
      path: `/api/v1/namespaces/${home}/pods?dryRun=All`,
      body,
    });
    await expectAnswer(admin(), pods(namespace), 201);
    const strict = await newNamespace(admin());
    const labels = { 'pod-security.kubernetes.io/enforce': 'baseline' };
    const path = `/api/v1/namespaces/${strict}`;
    const contentType = 'application/merge-patch+json';
    await expectAnswer(admin(), { method: 'PATCH', path, body: { metadata: { labels } }, contentType }, 200);
    const account = { metadata: { name: 'portolan-agent' } };
    await expectAnswer(admin(), { method: 'POST', path: `${path}/serviceaccounts`, body: account }, 201);
    const refused = await apiRequest(admin(), pods(strict));
    expect(refused.status).toBe(403);
    expect(JSON.stringify(refused.body)).toContain('violates PodSecurity');
  });

  it("touches nothing when one of the objects is someone else's, and uninstall leaves that alone", async () => {
    const path = `/apis/apps/v1/namespaces/${namespace}/daemonsets`;
    const { replicas: _, ...spec } = podSet('theirs');
    await expectAnswer(admin(), { method: 'POST', path, body: { metadata: { name: 'portolan-agent' }, spec } }, 201);
    const { code, stderr } = await install(namespace);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('Cannot write daemonset/portolan-agent: it is there without the label'),
    ]);
    expect(await statusOf(admin(), { path: `/api/v1/namespaces/${namespace}/serviceaccounts/portolan-agent` })).toBe(
      404,
    );
    const { stdout } = await calico(['uninstall', '-n', namespace]);
    expect(stdout).toContain("daemonset/portolan-agent left: it is not Portolan's");
    await expectAnswer(admin(), { path: `${path}/portolan-agent` }, 200);
  });

  it('is undone by uninstall, but for the namespace', async () => {
    await install(namespace);
    const gone = await calico(['uninstall', '-n', namespace]);
    expect([gone.code, gone.stdout.match(/ deleted$/gm)?.length]).toEqual([0, 8]);
    const again = await calico(['uninstall', '-n', namespace]);
    expect(again.stdout.match(/ not found$/gm)).toHaveLength(8);
    await expectAnswer(admin(), { path: `/api/v1/namespaces/${namespace}` }, 200);
  });

  it('prints YAML that says the same as JSON, and asks no cluster for it', async () => {
    const words = ['install', '--image', IMAGE, '--legacy-iptables', '--dry-run', 'client', '-o'];
    const nowhere = { KUBECONFIG: '/nonexistent' };
    const yaml = parseAllDocuments((await calico([...words, 'yaml'], nowhere)).stdout);
    const json: unknown = JSON.parse((await calico([...words, 'json'], nowhere)).stdout);
    expect(valueAt(json, 'items')).toEqual(yaml.map((document): unknown => document.toJS()));
    expect(JSON.stringify(json)).toContain('"add":["NET_ADMIN","NET_RAW"]');
  });

  it.each([
    [['install'], 'Cannot read --image: nothing usable given'],
    [['install', '--image', 'a b'], 'Cannot read --image: a b, wanted an image'],
    [['install', '--image', IMAGE, '-n', 'Not_A_Name'], 'wanted the name of a Kubernetes namespace'],
  ])('refuses %j', async (words, message) => {
    const { code, stdout, stderr } = await calico(words);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
  });

  it('gives the account the rights of the agent and those that everyone has, no others', async () => {
    await install(namespace);
    const agent = accessAs(admin(), { token: await tokenOf(namespace) });
    const { access: nobody } = await newRestrictedUser(admin(), []);
    const rulesOf = async (access: ApiAccess): Promise<string[]> => {
      const path = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
      const body = {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectRulesReview',
        spec: { namespace: 'default' },
      };
      const answer = await expectAnswer(access, { method: 'POST', path, body }, 201);
      const [resources, paths] = ['resourceRules', 'nonResourceRules'].map((name) => valueAt(answer, 'status', name));
      return [...(Array.isArray(resources) ? resources : []), ...(Array.isArray(paths) ? paths : [])].map((rule) =>
        JSON.stringify(rule),
      );
    };
    const everyones = new Set(await rulesOf(nobody));
    expect((await rulesOf(agent)).filter((rule) => !everyones.has(rule)).toSorted()).toEqual([
      '{"verbs":["create"],"apiGroups":["authentication.k8s.io"],"resources":["tokenreviews"]}',
      '{"verbs":["create"],"apiGroups":["authorization.k8s.io"],"resources":["subjectaccessreviews"]}',
      '{"verbs":["get"],"apiGroups":["apps"],"resources":["replicasets"]}',
      '{"verbs":["get"],"apiGroups":["batch"],"resources":["jobs"]}',
      '{"verbs":["list","watch"],"apiGroups":[""],"resources":["pods"]}',
    ]);
    const refused: readonly ApiRequest[] = [
      { path: '/api/v1/nodes' },
      { path: `/api/v1/namespaces/${namespace}/secrets` },
      { path: '/api/v1/namespaces/default/configmaps' },
      { path: '/api/v1/namespaces/default/pods/any' },
      { path: '/apis/apps/v1/replicasets' },
      { method: 'POST', path: '/api/v1/namespaces/default/pods', body: {} },
      { method: 'DELETE', path: '/api/v1/namespaces/default/pods/any' },
      { path: '/api/v1/namespaces/default/pods/any/exec?command=id' },
      { method: 'DELETE', path: `/apis/apps/v1/namespaces/${namespace}/daemonsets/portolan-agent` },
      { path: '/metrics' },
    ];
    for (const request of refused) expect([request.path, await statusOf(agent, request)]).toEqual([request.path, 403]);
  });

  it('gives the agent all that it needs: names of pods, and who may ask', async () => {
    await install(namespace);
    await makeReplicaSet(admin(), { namespace, name: 'web-1', owner: { kind: 'Deployment', name: 'web' } });
    const pod = { namespace, node: namespace, owner: { kind: 'ReplicaSet', name: 'web-1' } };
    await makePod(admin(), { ...pod, name: 'first', status: { podIPs: [{ ip: '10.244.0.5' }] } });
    const scraper = await newRestrictedUser(admin(), [{ nonResourceURLs: ['/metrics'], verbs: ['get'] }]);
    const { access: stranger } = await newRestrictedUser(admin(), []);
    await withAgent(accessAs(admin(), { token: await tokenOf(namespace) }), namespace, async (ask) => {
      const lines = async (): Promise<string[]> => (await ask('/metrics', scraper.access)).text.split('\n');
      const series = (name: string, address: string) => async (): Promise<boolean> =>
        (await lines()).includes(
          `portolan_source_flows{source="${address}",namespace="${namespace}",pod="${name}",workload="Deployment ${namespace}/web"} 50`,
        );
      await until('the pod is named', series('first', '10.244.0.5'));
      expect(await lines()).toContain('portolan_agent_pods 1');
      expect(await lines()).toContain('portolan_agent_pods_age_seconds 0');
      expect((await lines()).filter((line) => /gap="(pods|workloads)"/.test(line))).toEqual([]);
      await makePod(admin(), { ...pod, name: 'second', status: { podIPs: [{ ip: '10.244.0.6' }] } });
      await until('a new pod is named', series('second', '10.244.0.6'));
      expect((await ask('/metrics', stranger)).status).toBe(403);
      expect((await ask('/facts', scraper.access)).status).toBe(403);
      expect((await ask('/metrics')).status).toBe(401);
      expect((await ask('/livez')).status).toBe(200);
    });
  });
});

interface Answered {
  readonly status: number;
  readonly text: string;
}

type Ask = (path: string, access?: ApiAccess) => Promise<Answered>;

/** Runs the agent with the flags of the DaemonSet, but on loopback, for a node in a namespace of its own. */
async function withAgent(access: ApiAccess, node: string, use: (ask: Ask) => Promise<void>): Promise<void> {
  const folder = new ScratchFolder('portolan-agent-');
  const children: ChildProcess[] = [];
  try {
    const watched = spawn('unshare', ['-n', process.execPath, NODE_CHILD], { stdio: ['pipe', 'pipe', 'inherit'] });
    children.push(watched);
    expect(String((await once(watched.stdout, 'data'))[0])).toBe('0 refused\n');
    const kubeconfig = join(folder.path, 'kubeconfig');
    writeKubeconfig(kubeconfig, access);
    const authority = new CertificateAuthority(folder.path);
    const wish = { subject: '/CN=agent', purpose: 'serverAuth', names: 'IP:127.0.0.1' } as const;
    const { certificate, key } = authority.issue('agent', wish);
    const flags = ['--cluster', '--listen=127.0.0.1:0', `--tls-cert=${certificate}`, `--tls-key=${key}`, '--authorize'];
    const place = [`--name=${node}`, `--netns=/proc/${watched.pid}/ns/net`, `--kubeconfig=${kubeconfig}`];
    const agent = spawn(process.execPath, [PROGRAM, 'agent', ...place, ...flags], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    children.push(agent);
    let said = '';
    agent.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    await until('the agent listens', () => said.includes('metrics on'));
    const base = /metrics on (\S+)\/metrics/.exec(said)?.[1] ?? '';
    const ca = readFileSync(authority.files.certificate, 'utf8');
    await use((path, asker) => askAgent(`${base}${path}`, { ca, asker }));
    expect(said).not.toContain('Cannot');
  } finally {
    for (const child of children) child.kill('SIGTERM');
    await Promise.all(children.map(ended));
    folder.remove();
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

function askAgent(url: string, { ca, asker }: { ca: string; asker: ApiAccess | undefined }): Promise<Answered> {
  const token = asker !== undefined && 'token' in asker.credentials ? asker.credentials.token : undefined;
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    const request = httpsRequest(url, { ca, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.on('error', reject).end();
  });
}
