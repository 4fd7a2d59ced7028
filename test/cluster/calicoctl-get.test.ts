// `portolan get` on a true API server: what it prints, byte for byte, and how it fails.
import { beforeAll, expect, it } from 'vitest';
import { portolan } from '../cli/run-command.ts';
import { setCalico } from './calico-cluster.ts';
import { calico, makeFelix, rawFelix } from './calicoctl-run.ts';
import { describeCluster, sharedCluster } from './shared-cluster.ts';

const FOLDED = JSON.stringify({ creationTimestamp: '2022-10-06T07:08:09Z', annotations: { team: 'net' } });

describeCluster('portolan get felixconfiguration', () => {
  beforeAll(async () => {
    await setCalico(sharedCluster().admin, { 'crd.projectcalico.org': ['FelixConfiguration'] });
    const metadata = { annotations: { 'projectcalico.org/metadata': FOLDED, other: 'x' } };
    await makeFelix({ spec: { natPortRange: '24000:65535', kubeNodePortRanges: ['30000:32767'] }, metadata });
    await makeFelix({ name: 'node.worker-3' });
  });

  it.each([[[]], [['-o', 'ps']], [['-o', 'wide']], [['--output=custom-columns=NAME']]])(
    'prints names with %j',
    async (words) => {
      const { code, stdout, stderr } = await calico(['get', 'felixconfiguration', ...words]);
      expect({ code, stdout, stderr }).toEqual({
        code: 0,
        stdout: 'NAME            \ndefault         \nnode.worker-3   \n\n',
        stderr: '',
      });
    },
  );

  it('prints a table for each named one, and custom columns as often as asked', async () => {
    const { stdout } = await calico(['get', 'felixconfigs', 'node.worker-3', 'default']);
    expect(stdout).toBe('NAME            \nnode.worker-3   \n\nNAME      \ndefault   \n\n');
    const twice = await calico(['get', 'felixconfig', 'default', '-o', 'custom-columns=NAME,NAME']);
    expect(twice.stdout).toBe('NAME      NAME      \ndefault   default   \n\n');
  });

  it.each(['yaml', 'yml'])('prints one bare as %s, keys sorted, metadata unfolded', async (format) => {
    const { metadata } = await rawFelix();
    const { code, stdout } = await calico(['get', 'felixconfiguration', 'default', '-o', format]);
    expect(code).toBe(0);
    expect(stdout.replace(/resourceVersion: "\d+"/, 'resourceVersion: "N"')).toBe(
      [
        'apiVersion: projectcalico.org/v3',
        'kind: FelixConfiguration',
        'metadata:',
        '  annotations:',
        '    other: x',
        '    team: net',
        '  creationTimestamp: "2022-10-06T07:08:09Z"',
        '  name: default',
        '  resourceVersion: "N"',
        `  uid: ${String(metadata['uid'])}`,
        'spec:',
        '  kubeNodePortRanges:',
        '  - 30000:32767',
        '  natPortRange: 24000:65535',
        '',
      ].join('\n'),
    );
  });

  it('prints one bare and several as a list in JSON, without a last line break', async () => {
    const one = await calico(['get', 'felixconfiguration', 'default', '-o', 'json']);
    expect(one.stdout).toMatch(
      /^\{\n {2}"kind": "FelixConfiguration",\n {2}"apiVersion": "projectcalico.org\/v3",\n[^]*\}$/,
    );
    const two = await calico(['get', 'felixconfiguration', 'default', 'node.worker-3', '-o', 'json']);
    expect(JSON.parse(two.stdout)).toMatchObject([
      { metadata: { name: 'default' } },
      { metadata: { name: 'node.worker-3' } },
    ]);
    const all = await calico(['get', 'felixconfiguration', '-o', 'json']);
    expect(JSON.parse(all.stdout)).toMatchObject({
      kind: 'FelixConfigurationList',
      apiVersion: 'projectcalico.org/v3',
      metadata: { resourceVersion: expect.stringMatching(/^\d+$/) },
      items: [{ kind: 'FelixConfiguration', metadata: { name: 'default' } }, { metadata: { name: 'node.worker-3' } }],
    });
  });

  it('leaves out with --export what belongs to this cluster', async () => {
    const { stdout } = await calico(['get', 'felixconfiguration', 'default', '--export', '-o', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({
      metadata: { name: 'default', creationTimestamp: null, annotations: { team: 'net', other: 'x' } },
    });
    expect(stdout).not.toMatch(/resourceVersion|"uid"/);
  });

  it('prints what it finds and names what is missing', async () => {
    const missing =
      'resource does not exist: FelixConfiguration(no) with error: felixconfigurations.crd.projectcalico.org "no" not found\n';
    const some = await calico(['get', 'felixconfiguration', 'no', 'default']);
    expect(some).toMatchObject({ code: 1, stdout: 'NAME      \ndefault   \n\n' });
    expect(some.stderr).toMatch(/^resource does not exist: FelixConfiguration\(no\)/);
    expect(some.stderr.startsWith(missing)).toBe(true);
    const none = await calico(['get', 'felixconfiguration', 'no', '-o', 'json']);
    expect({ code: none.code, stdout: none.stdout }).toEqual({ code: 1, stdout: 'null' });
    expect((await calico(['get', 'felixconfiguration', 'no'])).stdout).toBe('');
  });

  it.each([
    [['get', 'ippool'], "failed to get resources: resource type 'ippool' is not supported"],
    [['patch', 'ippool', 'x', '-p', '{}'], "resource type 'ippool' is not supported"],
    [['get', 'felixconfiguration', '-n', 'kube-system'], 'FelixConfiguration is not namespaced'],
    [['get', 'felixconfiguration', '-A'], 'FelixConfiguration is not namespaced'],
    [['get', 'felixconfiguration', '-a'], 'FelixConfiguration is not namespaced'],
    [
      ['patch', 'felixconfiguration', 'default', '-p', '{}', '-n', 'x'],
      'hit error: FelixConfiguration is not namespaced',
    ],
    [['get', 'felixconfiguration', ''], 'failed to get resources: resource name may not be empty'],
    [['patch', 'felixconfiguration', '', '-p', '{}'], 'resource name may not be empty'],
    [['get', 'felixconfiguration', '-o', 'xml'], "unrecognized output format 'xml'"],
    [['get', 'felixconfiguration', '-o', 'custom-columns='], 'need to specify at least one column'],
    [['get', 'felixconfiguration', '-o', 'custom-columns=CIDR'], 'unknown heading CIDR, valid values are: NAME'],
    [['get', 'felixconfiguration', '-o', 'go-template={{.}}'], 'output format go-template is not supported'],
    [['get'], 'Cannot read KIND: nothing given, wanted felixconfiguration'],
    [['patch', 'felixconfiguration'], 'Cannot read NAME: nothing given, wanted the name of one, usually default'],
    [['patch', 'felixconfiguration', 'default', 'x', '-p', '{}'], 'Cannot read argument: x, wanted no more arguments'],
  ])("%j fails with calicoctl's words", async (words, text) => {
    const { code, stdout, stderr } = await calico(words);
    expect({ code, stdout, first: stderr.split('\n')[0] }).toEqual({ code: 1, stdout: '', first: text });
  });

  it('runs the documented lines as a program', async () => {
    const variables = { HOME: '/nonexistent', KUBECONFIG: sharedCluster().kubeconfig };
    const patch = ['patch', 'felixconfiguration', 'default', '--patch', '{"spec":{"natPortRange": "25000:65535"}}'];
    expect(portolan(patch, variables)).toMatchObject({
      code: 0,
      stdout: "Successfully patched 1 'FelixConfiguration' resource\n",
    });
    const { stdout } = portolan(['get', 'felixconfiguration', 'default', '-o', 'yaml'], variables);
    expect(stdout).toContain('  natPortRange: 25000:65535\n');
    expect((await rawFelix()).spec['natPortRange']).toBe('25000:65535');
  });
});
