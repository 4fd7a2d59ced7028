// What kubectl and calicoctl print, whole and damaged.
import { stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import { kubeDocuments } from './kube-documents.ts';
import { kubeDump } from './kube-dump.ts';

const NODE = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'worker-1', annotations: { note: '{ "a": [' } } };
const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'web-7f8d9c-aaaaa',
    namespace: 'shop',
    ownerReferences: [{ kind: 'ReplicaSet', name: 'web-7f8d9c', controller: true }],
  },
  spec: { nodeName: 'worker-1', containers: [] },
  status: { podIPs: [{ ip: '10.244.0.5' }] },
};
const FELIX = {
  apiVersion: 'crd.projectcalico.org/v1',
  kind: 'FelixConfiguration',
  metadata: { name: 'default' },
  spec: { natPortRange: '32768:65535' },
};
const list = (...items: readonly object[]): object => ({
  apiVersion: 'v1',
  items,
  kind: 'List',
  metadata: { resourceVersion: '' },
});
const json = (value: object): string => `${JSON.stringify(value, undefined, 4)}\n`;

function namesIn(text: string): readonly unknown[] {
  return kubeDocuments(text).objects.map(({ kind, metadata }) => [kind, (metadata as { name?: unknown }).name]);
}

const ALL = [
  ['Node', 'worker-1'],
  ['Pod', 'web-7f8d9c-aaaaa'],
  ['FelixConfiguration', 'default'],
];

describe('documents of kubectl', () => {
  it.each([
    ['one list', json(list(NODE, POD, FELIX))],
    ['lists after each other', json(list(NODE)) + json(list(POD)) + json(FELIX)],
    [
      'compact lists of one kind',
      `${JSON.stringify({ kind: 'NodeList', apiVersion: 'v1', items: [{ metadata: NODE.metadata }] })}\n${json(list(POD, FELIX))}`,
    ],
    ['CRLF', json(list(NODE, POD, FELIX)).replaceAll('\n', '\r\n')],
    [
      'prompts and warnings',
      `$ kubectl get nodes -o json\nWarning: v1 {x} is deprecated\n${json(list(NODE))}$ kubectl get pods,felixconfigurations -o json\n${json(list(POD, FELIX))}$ exit\n`,
    ],
    ['YAML of a list', stringify(list(NODE, POD, FELIX))],
    ['YAML documents', [NODE, POD, FELIX].map((object) => stringify(object)).join('---\n')],
    ['YAML with a prompt in front', `$ kubectl get all -o yaml\n${stringify(list(NODE, POD, FELIX))}$ \n`],
    ['YAML with CRLF', stringify(list(NODE, POD, FELIX)).replaceAll('\n', '\r\n')],
    ['JSON, then YAML', `${json(NODE)}---\n${stringify(list(POD, FELIX))}`],
  ])('are read from %s', (_, text) => {
    expect(kubeDocuments(text).problems).toEqual([]);
    expect(namesIn(text)).toEqual(ALL);
  });

  it.each([
    [
      'half of JSON',
      json(NODE) + json(list(POD, FELIX)).slice(0, -30),
      [['Node', 'worker-1']],
      'a JSON document ends in its middle',
    ],
    [
      'damaged JSON',
      json(NODE) + json(POD).replace('"kind"', '"kind'),
      [['Node', 'worker-1']],
      'a JSON document ends in its middle',
    ],
    [
      'YAML that is cut in a word',
      `${stringify(NODE)}---\napiVersion: v1\nkind: Pod\nmetadata: {a: [`,
      [['Node', 'worker-1']],
      'a YAML document is damaged or ends in its middle',
    ],
    [
      'aliases of aliases',
      `${stringify(NODE)}---\napiVersion: v1\nkind: Pod\na: &a [1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c]\n`,
      [['Node', 'worker-1']],
      'a YAML document is nested or repeated beyond what kubectl prints',
    ],
    [
      'nesting without end',
      `${json(NODE)}{"a":${'{"a":'.repeat(10_000)}`,
      [['Node', 'worker-1']],
      'a JSON document ends in its middle',
    ],
    [
      'YAML nested without end',
      `${stringify(NODE)}---\napiVersion: v1\na: ${'['.repeat(20_000)}`,
      [['Node', 'worker-1']],
      undefined,
    ],
    [
      'a page of a list',
      json({ ...list(NODE), metadata: { continue: 'abc' } }),
      [['Node', 'worker-1']],
      'List is the first part of a longer list',
    ],
  ])('of %s give what is whole, and say so', (_, text, names, problem) => {
    expect(namesIn(text)).toEqual(names);
    expect(kubeDocuments(text).problems).toEqual(problem === undefined ? [expect.any(String)] : [problem]);
  });

  it('of YAML beyond reason are not begun', () => {
    const text = `apiVersion: v1\nkind: Node\n#${'x'.repeat(17 * 2 ** 20)}\n`;
    expect(kubeDocuments(text)).toEqual({ objects: [], problems: ['more than 16 MiB of YAML: -o json may be larger'] });
  });
});

describe('kubeDump', () => {
  it('tells a kind that is not there from one of which there is none', () => {
    const { nodes, pods, serviceClaims, configurations, pools } = kubeDump(
      kubeDocuments(json(list(NODE, FELIX))).objects,
    );
    expect([nodes?.length, pods, serviceClaims, configurations?.length, pools]).toEqual([
      1,
      undefined,
      undefined,
      1,
      undefined,
    ]);
  });

  it('climbs to the owner where it is in the files, and guesses by the name where not', () => {
    const set = {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: 'web-7f8d9c',
        namespace: 'shop',
        ownerReferences: [{ kind: 'Rollout', name: 'shop-web', controller: true }],
      },
    };
    const withOwners = kubeDump([POD, set]);
    expect([withOwners.pods?.[0]?.workload.kind, withOwners.pods?.[0]?.workload.name, withOwners.guessedPods]).toEqual([
      'Rollout',
      'shop-web',
      0,
    ]);
    const without = kubeDump([POD]);
    expect([without.pods?.[0]?.workload.kind, without.pods?.[0]?.workload.name, without.guessedPods]).toEqual([
      'Deployment',
      'web',
      1,
    ]);
  });

  it('takes the last of two savings, and of two groups the stored object', () => {
    const saved = { ...FELIX, spec: { natPortRange: '1024:65535' } };
    const served = { ...FELIX, apiVersion: 'projectcalico.org/v3', spec: { natPortRange: '1:2' } };
    const dump = kubeDump([FELIX, served, saved]);
    expect(dump.configurations?.map(({ natPortRange }) => natPortRange)).toEqual(['1024:65535']);
    expect([...dump.calicoGroups].toSorted()).toEqual(['crd.projectcalico.org/v1', 'projectcalico.org/v3']);
  });

  it("does not take Calico's Node for one of Kubernetes", () => {
    expect(kubeDump([{ ...NODE, apiVersion: 'projectcalico.org/v3' }]).nodes).toEqual([]);
  });
});
