import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { loadKubeconfig } from './load-kubeconfig.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'portolan-kubeconfig-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A kubeconfig whose every part carries one name. */
function file(name: string, changes: object = {}): string {
  const path = join(folder, name);
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server: `https://${name}.example:6443` } }],
    users: [{ name, user: { token: name } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
    ...changes,
  };
  writeFileSync(path, stringify(config));
  return path;
}

function load(variables: Readonly<Record<string, string>>, choice: { kubeconfig?: string; context?: string } = {}) {
  return loadKubeconfig({ ...choice, variables: { HOME: folder, ...variables } });
}

describe('loadKubeconfig', () => {
  it('joins the files of KUBECONFIG as kubectl does: the first that says something decides, missing ones are passed over', async () => {
    const again = file('again', { clusters: [{ name: 'one', cluster: { server: 'https://other.example' } }] });
    const paths = [join(folder, 'missing'), file('one', { 'current-context': '' }), file('two'), again];
    const config = await load({ KUBECONFIG: paths.join(delimiter) });
    expect(config.currentContext).toBe('two');
    expect(config.clusters.map(({ server }) => server)).toEqual([
      'https://one.example:6443',
      'https://two.example:6443',
    ]);
  });

  it('takes the file and the context that were named', async () => {
    const contexts = ['a', 'b'].map((name) => ({ name, context: { cluster: 'many', user: 'many' } }));
    const config = await load({ KUBECONFIG: '/nonexistent' }, { kubeconfig: file('many', { contexts }), context: 'b' });
    expect(config.currentContext).toBe('b');
  });

  it('serves a context without a user, and keeps the authority of its server', async () => {
    const cluster = {
      server: 'https://x.example',
      'certificate-authority-data': Buffer.from('PEM').toString('base64'),
    };
    const changes = {
      clusters: [{ name: 'x', cluster }],
      contexts: [{ name: 'nobody', context: { cluster: 'x', user: '' } }],
    };
    const config = await load({}, { kubeconfig: file('nobody', changes) });
    const options: { ca?: unknown } = {};
    await config.applyToHTTPSOptions(options);
    expect(String(options.ca)).toBe('PEM');
  });

  it.each([
    ['no file at all', {}, {}, 'none found'],
    ['a list of missing files', { KUBECONFIG: '/nonexistent/a' }, {}, 'no file at /nonexistent/a'],
    ['a missing file that was named', {}, { kubeconfig: '/nonexistent/b' }, '/nonexistent/b: ENOENT'],
  ])('refuses %s', async (_, variables, choice, message) => {
    await expect(load(variables, choice)).rejects.toMatchObject({
      code: 'PTL_KUBECONFIG',
      message: expect.stringContaining(message),
    });
  });

  it.each([
    ['no context', { contexts: [], 'current-context': '' }, 'no current context'],
    ['an unknown context', { 'current-context': 'gone' }, 'no context gone, wanted one of bad'],
    ['an unknown cluster', { clusters: [] }, 'names a cluster that is not there'],
    ['a server that is no URL', { clusters: [{ name: 'bad', cluster: { server: 'nowhere' } }] }, 'server nowhere'],
    ['contexts that are none', { contexts: 'x' }, ''],
  ])('refuses a file with %s', async (_, changes, message) => {
    await expect(load({}, { kubeconfig: file('bad', changes) })).rejects.toMatchObject({
      code: 'PTL_KUBECONFIG',
      message: expect.stringContaining(message),
    });
  });

  it('refuses text that is no YAML', async () => {
    const path = join(folder, 'text');
    writeFileSync(path, '{ not: [yaml');
    await expect(load({}, { kubeconfig: path })).rejects.toMatchObject({ code: 'PTL_KUBECONFIG' });
  });
});
