import { describe, expect, it } from 'vitest';
import { ownerOf } from './nat-owner.ts';

describe('ownerOf', () => {
  it.each([
    ['calico', { table: 'nat', path: ['POSTROUTING', 'cali-POSTROUTING', 'cali-nat-outgoing'] }],
    ['calico', { table: 'calico', path: ['nat-POSTROUTING', 'nat-cali-POSTROUTING'] }],
    ['calico', { table: 'nat', path: ['POSTROUTING'], comment: 'cali:O3lYWMrLQYEMJtB5' }],
    ['kube-proxy', { table: 'nat', path: ['POSTROUTING', 'KUBE-POSTROUTING'] }],
    ['kube-proxy', { table: 'kube-proxy', path: ['nat-postrouting', 'masquerading'] }],
    ['flannel', { table: 'nat', path: ['POSTROUTING', 'FLANNEL-POSTRTG'] }],
    ['flannel', { table: 'nat', path: ['POSTROUTING'], comment: 'flanneld masq' }],
    ['flannel', { table: 'flannel-ipv4', path: ['postrtg'] }],
    ['kindnet', { table: 'kindnet-ipmasq', path: ['postrouting'] }],
    ['kindnet', { table: 'nat', path: ['POSTROUTING', 'KIND-MASQ-AGENT'] }],
    ['ip-masq-agent', { table: 'nat', path: ['POSTROUTING', 'IP-MASQ-AGENT'] }],
    ['aws-vpc-cni', { table: 'nat', path: ['POSTROUTING', 'AWS-SNAT-CHAIN-0'] }],
    ['antrea', { table: 'nat', path: ['POSTROUTING', 'ANTREA-POSTROUTING'] }],
    ['cilium', { table: 'nat', path: ['POSTROUTING', 'CILIUM_POST_nat'] }],
    ['cni-plugins', { table: 'nat', path: ['POSTROUTING', 'CNI-5f2c9b1d8e7a6b4c3d2e1f0a'] }],
    ['docker', { table: 'nat', path: ['POSTROUTING'], outInterface: '!docker0' }],
    ['docker', { table: 'nat', path: ['POSTROUTING'], outInterface: '!br-0123456789ab' }],
    ['libvirt', { table: 'nat', path: ['POSTROUTING', 'LIBVIRT_PRT'] }],
    ['portolan', { table: 'portolan', path: ['postrouting'] }],
    ['unknown', { table: 'nat', path: ['POSTROUTING'], outInterface: 'eth0' }],
    ['unknown', { table: 'nat', path: ['POSTROUTING'], outInterface: 'br-lan' }],
  ] as const)('%s: %j', (owner, traits) => {
    expect(ownerOf(traits)).toBe(owner);
  });
});
