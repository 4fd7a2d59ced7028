// What kubectl prints of a true API server, read from files, beside what is read of the server itself: the same facts, the same
// ranges. kubectl prints the objects that the server answers with, in a List, as JSON or YAML.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clusterRangeOf } from '../../src/cli/range/cluster-range-of.ts';
import { kubeDocuments } from '../../src/dumps/kube/kube-documents.ts';
import { kubeDump } from '../../src/dumps/kube/kube-dump.ts';
import { readRangeSources } from '../../src/kube/calico/read-range-sources.ts';
import { readClusterFacts } from '../../src/kube/resources/read-cluster-facts.ts';
import { rangeSourcesOfFiles } from '../../src/observe/files/range-sources-of-files.ts';
import type { ApiAccess } from './api-access.ts';
import { apiRequest, expectAnswer, valueAt } from './api-request.ts';
import { setCalico } from './calico-cluster.ts';
import { withClient } from './kube-client.ts';
import { newNamespace } from './namespaces.ts';
import { makeCalico, makeCalicoNode, makeNodes, removeDaemonSets, removeNodes } from './range-objects.ts';
import { describeCluster, sharedCluster } from './shared-cluster.ts';
import { makePod, makeReplicaSet, removePods } from './workload-objects.ts';

const { signal } = new AbortController();
/** What `kubectl get nodes,pods,... -A` asks for. */
const LISTS = [
  ['/api/v1/nodes', 'v1', 'Node'],
  ['/api/v1/pods', 'v1', 'Pod'],
  ['/api/v1/services', 'v1', 'Service'],
  ['/apis/apps/v1/replicasets', 'apps/v1', 'ReplicaSet'],
  ['/apis/batch/v1/jobs', 'batch/v1', 'Job'],
  ['/apis/apps/v1/daemonsets', 'apps/v1', 'DaemonSet'],
  ['/apis/crd.projectcalico.org/v1/felixconfigurations', 'crd.projectcalico.org/v1', 'FelixConfiguration'],
  ['/apis/crd.projectcalico.org/v1/ippools', 'crd.projectcalico.org/v1', 'IPPool'],
  ['/apis/crd.projectcalico.org/v1/clusterinformations', 'crd.projectcalico.org/v1', 'ClusterInformation'],
] as const;

describeCluster('objects of a cluster in files', () => {
  const admin = (): ApiAccess => sharedCluster().admin;
  const folder = mkdtempSync(join(tmpdir(), 'portolan-kube-files-'));
  let shop: string;
  let items: object[];

  beforeAll(async () => {
    shop = await newNamespace(admin());
    await setCalico(admin(), { 'crd.projectcalico.org': ['FelixConfiguration', 'IPPool', 'ClusterInformation'] });
    await removeNodes(admin());
    await removeDaemonSets(admin());
    await makeNodes(admin(), ['worker-1', 'worker-2'], { pool: 'blue' });
    await makeReplicaSet(admin(), { namespace: shop, name: 'web-7f8d9c', owner: { kind: 'Deployment', name: 'web' } });
    const web = { namespace: shop, owner: { kind: 'ReplicaSet', name: 'web-7f8d9c' } };
    await makePod(admin(), { ...web, name: 'web-7f8d9c-aaaaa', node: 'worker-1', status: { podIP: '172.30.1.7' } });
    await makePod(admin(), { ...web, name: 'web-7f8d9c-bbbbb', node: 'worker-2', spec: { hostNetwork: true } });
    const service = { type: 'NodePort', ports: [{ port: 80, nodePort: 31_414 }] };
    const path = `/api/v1/namespaces/${shop}/services`;
    await expectAnswer(admin(), { method: 'POST', path, body: { metadata: { name: 'lb' }, spec: service } }, 201);
    await makeCalicoNode(admin(), [{ name: 'FELIX_NATPORTRANGE', value: '20000:30000' }]);
    await makeCalico(admin(), { spec: { natPortRange: '32768:65535' } });
    await makeCalico(admin(), { name: 'node.worker-2', spec: { natPortRange: '1024:65535' } });
    await makeCalico(admin(), { kind: 'IPPool', name: 'pods', spec: { cidr: '172.30.0.0/16', natOutgoing: true } });
    await makeCalico(admin(), { kind: 'ClusterInformation', spec: { calicoVersion: 'v3.31.0' } });
    items = [];
    for (const [list, apiVersion, kind] of LISTS) {
      const listed = valueAt(await expectAnswer(admin(), { path: list }, 200), 'items');
      for (const item of Array.isArray(listed) ? listed : []) items.push({ apiVersion, kind, ...item });
    }
  });
  afterAll(async () => {
    await apiRequest(admin(), { method: 'DELETE', path: `/api/v1/namespaces/${shop}/services/lb` });
    await removePods(admin(), shop);
    await removeNodes(admin());
    await removeDaemonSets(admin());
    rmSync(folder, { recursive: true });
  });

  const list = () => ({ apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } });
  const texts: Readonly<Record<string, () => string>> = {
    json: () => `${JSON.stringify(list(), undefined, 4)}\n`,
    yaml: () => stringify(list(), { version: '1.1' }),
    documents: () => items.map((item) => stringify(item, { version: '1.1' })).join('---\n'),
  };

  it.each(Object.keys(texts))('say of pods, Services and nodes what the server says: %s', async (form) => {
    const facts = await withClient(admin(), (client) =>
      readClusterFacts(client, { at: '2026-01-02T03:04:05Z', signal }),
    );
    const { objects, problems } = kubeDocuments(texts[form]?.() ?? '');
    const { pods, nodes, serviceClaims, guessedPods } = kubeDump(objects);
    expect([problems, guessedPods]).toEqual([[], 0]);
    const byName = <Item extends { readonly name: string }>(found: readonly Item[] | undefined) =>
      found?.toSorted((left, right) => (left.name < right.name ? -1 : 1));
    expect(byName(pods)).toEqual(facts.pods.seen && byName(facts.pods.value));
    expect(byName(nodes)).toEqual(facts.nodes.seen && byName(facts.nodes.value));
    expect(serviceClaims?.toSorted((left, right) => left.ports.first - right.ports.first)).toEqual(
      facts.serviceClaims.seen && facts.serviceClaims.value,
    );
  });

  it.each(Object.keys(texts))('give the ranges that the server gives, layer by layer: %s', async (form) => {
    const path = join(folder, form);
    writeFileSync(path, texts[form]?.() ?? '');
    const readStdin = (): Promise<never> => Promise.reject(new Error('no file is stdin'));
    const { sources, gaps } = await rangeSourcesOfFiles({ paths: [path], node: undefined, readStdin });
    const asked = await withClient(admin(), (client) =>
      readRangeSources(client, { node: undefined, asksNodePorts: false, signal }),
    );
    const [fromFiles, live] = [clusterRangeOf(sources, undefined), clusterRangeOf(asked, undefined)];
    expect(gaps).toEqual([]);
    expect(fromFiles.nodes).toEqual(live.nodes);
    expect(fromFiles.nodes.map(({ ruling }) => ruling)).toEqual(['environment', 'environment']);
    expect([
      fromFiles.masquerader,
      fromFiles.pools,
      fromFiles.calicoVersion,
      fromFiles.apiGroup,
      fromFiles.nodePorts,
    ]).toEqual([live.masquerader, live.pools, live.calicoVersion, live.apiGroup, live.nodePorts]);
  });
});
