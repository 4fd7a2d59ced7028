import { describe, expect, it } from 'vitest';
import { settingsOfEnvironment } from './client-settings.ts';
import { parseSettingsFile } from './parse-settings-file.ts';

const HEAD = 'apiVersion: projectcalico.org/v3\nkind: CalicoAPIConfig\n';

describe("calicoctl's settings from the environment", () => {
  it.each([
    [{}, { datastoreType: 'kubernetes' }],
    [{ ETCD_ENDPOINTS: 'http://e:2379' }, { datastoreType: 'etcdv3' }],
    [{ ETCD_ENDPOINTS: 'http://e:2379', DATASTORE_TYPE: 'kubernetes' }, { datastoreType: 'kubernetes' }],
    [{ KUBECONFIG: '/a:/b' }, { kubeconfig: '/a:/b' }],
    [{ KUBECONFIG: '/a', CALICO_KUBECONFIG: '/b' }, { kubeconfig: '/b' }],
    [{ K8S_CURRENT_CONTEXT: 'c' }, { context: 'c' }],
    [{ CALICO_API_GROUP: 'projectcalico.org/v3' }, { apiGroup: 'projectcalico.org/v3' }],
    [{ K8S_INSECURE_SKIP_TLS_VERIFY: 'T' }, { overrides: { isInsecure: true } }],
    [{ K8S_INSECURE_SKIP_TLS_VERIFY: 'false' }, { overrides: { isInsecure: undefined } }],
    [{ K8S_CA_FILE: '/ca' }, { overrides: { authorityFile: '/ca' } }],
  ])('%j', (variables: Readonly<Record<string, string>>, settings) => {
    expect(settingsOfEnvironment(variables)).toMatchObject(settings);
  });
});

describe("calicoctl's settings from a file", () => {
  it('are YAML or JSON', () => {
    const spec = { datastoreType: 'kubernetes', k8sAPIToken: 't', k8sClientQPS: 5, kubeconfigInline: 'x' };
    const json = JSON.stringify({ apiVersion: 'projectcalico.org/v3', kind: 'CalicoAPIConfig', spec });
    const wanted = { datastoreType: 'kubernetes', kubeconfigInline: 'x', overrides: { token: 't' } };
    expect(parseSettingsFile(json)).toMatchObject(wanted);
    expect(parseSettingsFile(`${HEAD}metadata:\nspec:\n  k8sAPIToken: t\n  kubeconfigInline: x\n`)).toMatchObject(
      wanted,
    );
    expect(parseSettingsFile(HEAD)).toMatchObject({ datastoreType: 'kubernetes' });
  });

  it.each([
    ['', 'is no map of keys'],
    ['kind: CalicoAPIConfig', "unknown APIVersion ''"],
    ['apiVersion: projectcalico.org/v3\nkind: Config', "expected kind 'CalicoAPIConfig', got 'Config'"],
    [`${HEAD}spec:\n  kubeconfg: x\n`, 'unknown field "kubeconfg" in spec'],
    [`${HEAD}spce: {}\n`, 'unknown field "spce" in CalicoAPIConfig'],
    [`${HEAD}spec:\n  kubeconfig: 1\n`, 'kubeconfig is a number, wanted a string'],
    [`${HEAD}spec:\n  k8sInsecureSkipTLSVerify: "yes"\n`, 'k8sInsecureSkipTLSVerify is a string, wanted a boolean'],
    [`${HEAD}spec: [`, 'failed to parse config as YAML/JSON'],
  ])('%j is refused', (text, why) => {
    expect(() => parseSettingsFile(text)).toThrow(why);
  });
});
