// Where the programs are looked for, and what a person reads when they are not there.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cachedApiserver, cachedTestKubelet, readApiserverPin } from '../../tools/cluster/apiserver-cache.ts';
import { findClusterBinaries } from './cluster-binaries.ts';

const folder = mkdtempSync(join(tmpdir(), 'portolan-binaries-'));
afterAll(() => rmSync(folder, { recursive: true }));

function plant(path: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '#!/bin/sh\n', { mode: 0o755 });
  return path;
}

const { version } = readApiserverPin();

describe('findClusterBinaries', () => {
  it('takes etcd from PATH and the pinned kube-apiserver from the cache', () => {
    const etcd = plant(join(folder, 'bin/etcd'));
    const kubeApiserver = plant(join(folder, `cache/portolan/kube-apiserver-${version}`));
    const env = { PATH: `/nonexistent::${join(folder, 'bin')}`, XDG_CACHE_HOME: join(folder, 'cache') };
    const testKubelet = plant(cachedTestKubelet(version, env));
    expect(findClusterBinaries(env, [])).toEqual({ etcd, kubeApiserver, testKubelet });
  });

  it('finds etcd outside PATH where Debian puts it', () => {
    const etcd = plant(join(folder, 'sbin/etcd'));
    const kubeApiserver = plant(join(folder, `cache/portolan/kube-apiserver-${version}`));
    const env = { XDG_CACHE_HOME: join(folder, 'cache') };
    const testKubelet = plant(cachedTestKubelet(version, env));
    expect(findClusterBinaries(env, [join(folder, 'sbin')])).toEqual({ etcd, kubeApiserver, testKubelet });
  });

  it('says all that is missing, and how to get it', () => {
    const env = { XDG_CACHE_HOME: join(folder, 'empty') };
    expect(findClusterBinaries(env, [])).toEqual({
      missing: [
        'etcd (Debian: apt-get install etcd-server)',
        `${folder}/empty/portolan/kube-apiserver-${version} (npm run build:apiserver)`,
        `${cachedTestKubelet(version, env)} (npm run build:apiserver)`,
      ].join(' and '),
    });
  });

  it('looks nowhere else when KUBEBUILDER_ASSETS names a folder', () => {
    const assets = join(folder, 'assets');
    const env = {
      KUBEBUILDER_ASSETS: assets,
      PATH: join(folder, 'bin'),
      XDG_CACHE_HOME: join(folder, 'cache'),
    };
    const etcd = plant(join(assets, 'etcd'));
    expect(findClusterBinaries(env)).toEqual({
      missing: `${assets}/kube-apiserver (KUBEBUILDER_ASSETS names that folder)`,
    });
    const kubeApiserver = plant(join(assets, 'kube-apiserver'));
    const testKubelet = plant(cachedTestKubelet(version, env));
    expect(findClusterBinaries(env)).toEqual({ etcd, kubeApiserver, testKubelet });
  });

  it('takes the test kubelet from that folder when it is there, and else says that it is not built', () => {
    const assets = join(folder, 'whole');
    const env = { KUBEBUILDER_ASSETS: assets, XDG_CACHE_HOME: join(folder, 'empty') };
    const etcd = plant(join(assets, 'etcd'));
    const kubeApiserver = plant(join(assets, 'kube-apiserver'));
    expect(findClusterBinaries(env)).toEqual({
      missing: `${cachedTestKubelet(version, env)} (npm run build:apiserver)`,
    });
    const testKubelet = plant(join(assets, 'test-kubelet'));
    expect(findClusterBinaries(env)).toEqual({ etcd, kubeApiserver, testKubelet });
  });
});

describe('the cached kube-apiserver', () => {
  it('is of a current Kubernetes', () => {
    expect(version).toMatch(/^v1\.(3[2-9]|[4-9]\d)\.\d+$/);
  });

  it('stands below ~/.cache when XDG_CACHE_HOME is absent or empty', () => {
    const inHome = cachedApiserver('v1.34.4', {});
    expect(inHome).toMatch(/^\/.*\/\.cache\/portolan\/kube-apiserver-v1\.34\.4$/);
    expect(cachedApiserver('v1.34.4', { XDG_CACHE_HOME: '' })).toBe(inHome);
  });
});
