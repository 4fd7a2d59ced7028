import { describe, expect, it } from 'vitest';
import type { Pod } from '../../core/model/pod.ts';
import { PodIndex } from './pod-index.ts';

function pod(name: string, more: Partial<Pod> = {}): Pod {
  const workload = { kind: 'Deployment', namespace: 'shop', name: 'web' };
  const place = { namespace: 'shop', name, node: 'n', addresses: ['10.0.0.1'] };
  return { ...place, isHostNetwork: false, hostPorts: [], workload, ...more };
}

describe('the pod of an address', () => {
  const old = pod('old', { startedAt: '2026-01-02T03:04:05Z' });
  const young = pod('young', { startedAt: '2026-01-02T03:05:00Z' });

  it.each([[[old, young]], [[young, old]]])('is the one that began last, however they come', (pods) => {
    const index = new PodIndex();
    for (const each of pods) index.set(each);
    expect(index.podOf('10.0.0.1')?.name).toBe('young');
    index.remove(old);
    expect(index.podOf('10.0.0.1')?.name).toBe('young');
    index.remove(young);
    expect([index.podOf('10.0.0.1'), index.size]).toEqual([undefined, 0]);
  });

  it('is the old one again when the young one ends', () => {
    const index = new PodIndex();
    index.set(old);
    index.set(young);
    index.remove(young);
    expect(index.podOf('10.0.0.1')?.name).toBe('old');
  });

  it('follows a pod of the same name to another address', () => {
    const index = new PodIndex();
    index.set(old);
    index.set({ ...old, addresses: ['10.0.0.2', 'fd00::2'] });
    expect(['10.0.0.1', '10.0.0.2', 'fd00::2'].map((address) => index.podOf(address)?.name)).toEqual([
      undefined,
      'old',
      'old',
    ]);
    expect(index.size).toBe(1);
  });

  it("is none of a pod in the node's own network", () => {
    const index = new PodIndex();
    index.set(pod('host', { isHostNetwork: true }));
    expect([index.podOf('10.0.0.1'), index.size]).toEqual([undefined, 1]);
  });

  it('of 10,000 pods is found and forgotten', () => {
    const index = new PodIndex();
    const many = Array.from({ length: 10_000 }, (_, n) => pod(`p${n}`, { addresses: [`10.1.${n >> 8}.${n & 255}`] }));
    for (const each of many) index.set(each);
    expect(index.podOf('10.1.39.15')?.name).toBe('p9999');
    for (const each of many) index.remove(each);
    expect([index.size, index.podOf('10.1.39.15')]).toEqual([0, undefined]);
  });
});
