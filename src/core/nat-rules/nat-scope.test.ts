import { describe, expect, it } from 'vitest';
import { scopeOf } from './nat-scope.ts';

describe('scopeOf', () => {
  const other: readonly string[] = [];

  it.each([
    ['egress', { owner: 'unknown', path: ['POSTROUTING'], match: { other } }],
    ['service-mark', { owner: 'unknown', path: ['POSTROUTING'], match: { mark: '0x4000/0x4000', other } }],
    ['service-mark', { owner: 'kube-proxy', path: ['KUBE-POSTROUTING'], match: { mark: '0x8000/0x8000', other } }],
    ['other', { owner: 'kube-proxy', path: ['KUBE-POSTROUTING'], match: { source: '@KUBE-LOOP-BACK', other } }],
    // Calico's eBPF data plane marks pod egress and masquerades by that mark.
    [
      'egress',
      {
        owner: 'calico',
        path: ['cali-POSTROUTING', 'cali-nat-outgoing'],
        match: { mark: '0x1800000/0x1f00000', other },
      },
    ],
    ['tunnel', { owner: 'calico', path: ['cali-POSTROUTING'], match: { outInterface: 'tunl0', other } }],
    ['tunnel', { owner: 'calico', path: ['cali-POSTROUTING'], match: { outInterface: 'wireguard.cali', other } }],
    ['tunnel', { owner: 'calico', path: ['cali-POSTROUTING'], match: { other: ['addrtype src LOCAL'] } }],
    [
      'other',
      { owner: 'calico', path: ['cali-POSTROUTING', 'cali-fip-snat'], match: { source: '10.0.0.1/32', other } },
    ],
    [
      'other',
      {
        owner: 'flannel',
        path: ['FLANNEL-POSTRTG'],
        match: { source: '!10.244.0.0/16', destination: '10.244.0.0/16', other },
      },
    ],
    ['egress', { owner: 'flannel', path: ['FLANNEL-POSTRTG'], match: { mark: '0x0/0x4000', other } }],
    ['other', { owner: 'cni-plugins', path: ['CNI-HOSTPORT-MASQ'], match: { mark: '0x2000/0x2000', other } }],
    [
      'other',
      {
        owner: 'docker',
        path: ['POSTROUTING'],
        match: { source: '172.17.0.2/32', destination: '172.17.0.2/32', other },
      },
    ],
  ] as const)('%s: %j', (scope, traits) => {
    expect(scopeOf(traits)).toBe(scope);
  });
});
