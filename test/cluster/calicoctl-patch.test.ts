// `portolan patch` on a true API server: every case of calicoctl's behaviour for this resource, judged by what it says and
// by the stored object itself.
import { beforeEach, expect, it } from 'vitest';
import { setCalico } from './calico-cluster.ts';
import { calico, makeFelix, patchDefault, patchRange, rawFelix } from './calicoctl-run.ts';
import { describeCluster, sharedCluster } from './shared-cluster.ts';

const SPEC = {
  reportingInterval: '0s',
  vxlanPort: 4789,
  natPortRange: '32768:65535',
  kubeNodePortRanges: ['30000:32767'],
};
const FOLDED = JSON.stringify({ creationTimestamp: '2022-10-06T07:08:09Z', annotations: { team: 'net' } });
const METADATA = { labels: { a: 'b' }, annotations: { 'projectcalico.org/metadata': FOLDED, other: 'kept' } };
const PATCHED = "Successfully patched 1 'FelixConfiguration' resource\n";

describeCluster('portolan patch felixconfiguration', () => {
  beforeEach(async () => {
    await setCalico(sharedCluster().admin, { 'crd.projectcalico.org': ['FelixConfiguration'] });
    await makeFelix({ spec: SPEC, metadata: METADATA });
  });

  it('changes the range by the documented line, and nothing else', async () => {
    const before = await rawFelix();
    const { code, stdout, stderr } = await patchDefault('{"spec":{"natPortRange": "24000:65535"}}');
    expect({ code, stdout }).toEqual({ code: 0, stdout: PATCHED });
    // What cannot be read of this bare cluster is said, and keeps nobody from the patch.
    const lines = stderr.split('\n');
    expect(lines.filter((line) => line.startsWith('warning: '))).toHaveLength(3);
    expect(lines.filter((line) => !line.startsWith('warning: ')).join('\n')).toBe(
      [
        'changed spec.natPortRange: "32768:65535" -> "24000:65535"',
        'note: Felix on every node restarts to take this up, at once; connections that are open go on and keep their ports',
        `undo: portolan patch felixconfiguration default --patch '{"spec":{"natPortRange":"32768:65535"}}'`,
        '',
      ].join('\n'),
    );
    expect(await rawFelix()).toEqual({ ...before, spec: { ...SPEC, natPortRange: '24000:65535' } });
  });

  it('is undone by the line it prints, also where no range was set', async () => {
    expect(await patchRange(null)).toMatchObject({ code: 0, stdout: PATCHED });
    const without = await rawFelix();
    expect(without.spec).not.toHaveProperty('natPortRange');
    const { stderr } = await patchRange('24000:65535');
    const undo = /^undo: portolan patch felixconfiguration default --patch '(.*)'$/m.exec(stderr)?.[1];
    expect(undo).toBe('{"spec":{"natPortRange":null}}');
    expect((await patchDefault(undo ?? '')).code).toBe(0);
    expect(await rawFelix()).toEqual(without);
  });

  it.each([
    'felixconfiguration',
    'felixconfigurations',
    'felixconfig',
    'felixconfigs',
    'FelixConfiguration',
    'FELIXCONFIG',
  ])('takes the kind as %s', async (kind) => {
    const said = await calico(['patch', kind, 'default', '-p', '{"spec":{"natPortRange":"24000:65535"}}']);
    expect(said).toMatchObject({ code: 0, stdout: PATCHED });
  });

  it.each([
    ['-t', 'json'],
    ['--type', 'merge'],
    ['--type=strategic'],
    ['--allow-version-mismatch'],
    ['-l', 'debug'],
    ['--log-level=panic'],
    ['--context', 'test'],
  ])('takes %s %s', async (...words) => {
    expect(await patchRange('24000:65535', ...words)).toMatchObject({ code: 0, stdout: PATCHED });
  });

  it("replaces lists, goes into objects, removes by null; other fields and other people's labels stay", async () => {
    const before = await rawFelix();
    const patch = {
      metadata: { labels: { c: 'd' }, annotations: { team: 'dns', new: 'x' } },
      spec: { kubeNodePortRanges: ['1:2', '3:4'], vxlanPort: null, healthPort: 9099 },
    };
    const said = await patchDefault(JSON.stringify(patch));
    expect(said).toMatchObject({ code: 0, stdout: PATCHED });
    const { vxlanPort: _removed, ...kept } = SPEC;
    const after = await rawFelix();
    expect(after.spec).toEqual({ ...kept, kubeNodePortRanges: ['1:2', '3:4'], healthPort: 9099 });
    expect(after.metadata['labels']).toEqual({ a: 'b', c: 'd' });
    const shown: unknown = JSON.parse((await calico(['get', 'felixconfiguration', 'default', '-o', 'json'])).stdout);
    expect(shown).toMatchObject({ metadata: { annotations: { team: 'dns', new: 'x', other: 'kept' } } });
    const undo = /--patch '(.*)'$/m.exec(said.stderr)?.[1] ?? '';
    expect((await patchDefault(undo)).code).toBe(0);
    expect((await rawFelix()).spec).toEqual(before.spec);
    expect((await rawFelix()).metadata['labels']).toEqual({ a: 'b' });
  });

  it('stores a range as Calico writes it', async () => {
    expect((await patchRange('024000:65535')).code).toBe(0);
    expect((await rawFelix()).spec['natPortRange']).toBe('24000:65535');
  });

  it('says so when nothing changes', async () => {
    const { code, stdout, stderr } = await patchRange('32768:65535');
    expect({ code, stdout }).toEqual({ code: 0, stdout: PATCHED });
    expect(stderr).toMatch(/^note: nothing changed/);
  });

  const DECODING = 'hit error: creating resource from patched data: error unmarshaling JSON: while decoding JSON: ';
  const ZERO =
    "hit error: updating existing resource: error with field Port = '0' (port range invalid, port number must be between 1 and 65535)";
  it.each([
    ['70000:1', `${DECODING}invalid minimum port number in range (70000:1)`],
    ['1:70000', `${DECODING}invalid maximum port number in range (1:70000)`],
    ['65535:1024', `${DECODING}minimum port number (65535) is greater than maximum port number (1024) in port range`],
    [70000, `${DECODING}json: cannot unmarshal number 70000 into Go value of type uint16`],
    [-1, `${DECODING}json: cannot unmarshal number -1 into Go value of type uint16`],
    [true, `${DECODING}json: cannot unmarshal bool into Go value of type uint16`],
    ['', `${DECODING}invalid name for named port ()`],
    ['32768: 65535', `${DECODING}invalid name for named port (32768: 65535)`],
    ['32768:65535 ', `${DECODING}invalid name for named port (32768:65535 )`],
    ['70000', `${DECODING}invalid port format (70000)`],
    [0, ZERO],
    ['0', ZERO],
    ['0:65535', ZERO],
    ['32768-65535', "hit error: updating existing resource: error with field PortName = '32768-65535'"],
  ])('refuses %j in the words of calicoctl, also with --force', async (value, text) => {
    const before = await rawFelix();
    for (const words of [[], ['--force'], ['--dry-run', 'client']]) {
      const { code, stdout, stderr } = await patchRange(value, ...words);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr.split('\n')[0]?.startsWith(text)).toBe(true);
      expect(stderr).toContain('the right form: --patch');
    }
    expect(await rawFelix()).toEqual(before);
  });

  it.each([
    ['1024', 'one port', '1024:65535', 1024],
    [1024, 'one port', '1024:65535', 1024],
    ['5000:5000', 'one port', '5000:65535', 5000],
    ['512:65535', 'below 1024', '1024:65535', '512:65535'],
    ['1:1023', 'below 1024', '24000:65535', '1:1023'],
    ['http', 'name of a port', '24000:65535', 'http'],
    ['none', 'takes every range away', '24000:65535', 'none'],
  ])('refuses %j, which Calico takes and misreads, unless forced', async (value, why, form, stored) => {
    const before = await rawFelix();
    const { code, stdout, stderr } = await patchRange(value);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`hit error: Cannot write natPortRange ${JSON.stringify(value)}: `);
    expect(stderr).toContain(why);
    expect(stderr).toContain(`{"spec":{"natPortRange":"${form}"}}`);
    expect(await rawFelix()).toEqual(before);
    expect(await patchRange(value, '--force')).toMatchObject({ code: 0, stdout: PATCHED });
    expect((await rawFelix()).spec).toEqual({ ...SPEC, natPortRange: stored });
    expect((await patchRange('32768:65535')).stderr).toContain(' --force\n');
  });

  it.each([
    ['[]'],
    ['{'],
    ['"x"'],
    ['24000:65535'],
    ['[{"op":"replace","path":"/spec/natPortRange","value":"1:2"}]'],
    ['null'],
  ])('refuses the patch %s', async (patch) => {
    const { code, stdout, stderr } = await patchDefault(patch, '--type', 'json');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^hit error: performing strategic merge patch: invalid JSON document\nhint: /);
  });

  it.each([
    ['{"spec":{"natPortRang":"24000:65535"}}', 'natPortRang'],
    ['{"spce":{"natPortRange":"24000:65535"}}', 'spce'],
  ])('refuses a field that the cluster does not know: %s', async (patch, field) => {
    const before = await rawFelix();
    const { code, stdout, stderr } = await patchDefault(patch);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      `hit error: creating resource from patched data: field in document is not recognized or is in the wrong location: ${field}\nhint: nothing was changed\n`,
    );
    expect(await rawFelix()).toEqual(before);
  });

  it.each([
    ['{"spec":{"bpfEnabled":"yes"}}', /^hit error: updating existing resource: .*spec.bpfEnabled/],
    ['{"metadata":{"name":"other"}}', /^hit error: updating existing resource: metadata.name cannot be changed/],
    ['{"kind":"IPPool"}', /^hit error: creating resource from patched data: Unknown resource type \(IPPool\)/],
    ['{"spec":{"$patch":"delete"}}', /^hit error: performing strategic merge patch: directive \$patch/],
    [
      '{"metadata":{"resourceVersion":"1"}}',
      /^hit error: updating existing resource: update conflict: FelixConfiguration\(default\)\n/,
    ],
  ])('refuses %s', async (patch, text) => {
    const before = await rawFelix();
    const { code, stdout, stderr } = await patchDefault(patch);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(text);
    expect(await rawFelix()).toEqual(before);
  });

  it('creates nothing where the object is missing', async () => {
    const { code, stdout, stderr } = await calico([
      'patch',
      'felixconfiguration',
      'node.x',
      '-p',
      '{"spec":{"natPortRange":"24000:65535"}}',
    ]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(
      'hit error: resource does not exist: FelixConfiguration(node.x) with error: felixconfigurations.crd.projectcalico.org "node.x" not found\n',
    );
    expect((await calico(['get', 'felixconfiguration'])).stdout).toBe('NAME      \ndefault   \n\n');
  });

  it.each([['client'], ['server']])('stores nothing with --dry-run %s', async (where) => {
    const before = await rawFelix();
    const { code, stdout, stderr } = await patchRange('24000:65535', '--dry-run', where);
    expect({ code, stdout }).toEqual({ code: 0, stdout: PATCHED.replace('\n', ` (${where} dry run)\n`) });
    expect(stderr).toContain('would change spec.natPortRange: "32768:65535" -> "24000:65535"\n');
    expect(stderr).toContain('note: nothing was stored\n');
    expect(await rawFelix()).toEqual(before);
  });

  it('lets the API server judge with --dry-run=server', async () => {
    expect((await patchDefault('{"spec":{"natPortRang":"x"}}', '--dry-run=server')).stderr).toContain('not recognized');
  });

  it('names the node whose Felix restarts', async () => {
    await makeFelix({ name: 'node.worker-3' });
    const said = await calico([
      'patch',
      'felixconfig',
      'node.worker-3',
      '-p',
      '{"spec":{"natPortRange":"24000:65535"}}',
    ]);
    expect(said.stderr).toContain('note: Felix on node worker-3 restarts');
  });

  it('warns where an annotation of the object rules', async () => {
    await patchDefault('{"metadata":{"annotations":{"config.projectcalico.org/NATPortRange":"1025:2000"}}}');
    expect((await patchRange('24000:65535')).stderr).toContain(
      'warning: the annotation config.projectcalico.org/NATPortRange (1025:2000)',
    );
  });
});

describeCluster('portolan patch where the stored range cannot be decoded', () => {
  beforeEach(async () => {
    await setCalico(sharedCluster().admin, { 'crd.projectcalico.org': ['FelixConfiguration'] });
    await makeFelix({ spec: { natPortRange: '70000:1', vxlanPort: 4789 } });
  });

  it('fails as calicoctl does on any other change', async () => {
    const before = await rawFelix();
    const { code, stdout, stderr } = await patchDefault('{"spec":{"vxlanPort":4790}}');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /^hit error: invalid minimum port number in range \(70000:1\)\nhint: .*keeps Felix from reading any/,
    );
    expect(await rawFelix()).toEqual(before);
  });

  it('repairs it, and shows by another program how it was', async () => {
    const { code, stderr } = await patchRange('32768:65535');
    expect(code).toBe(0);
    expect(stderr).toContain(
      `undo: kubectl patch felixconfigurations.crd.projectcalico.org default --type=merge -p '{"spec":{"natPortRange":"70000:1"}}'`,
    );
    expect((await rawFelix()).spec).toEqual({ natPortRange: '32768:65535', vxlanPort: 4789 });
  });
});
