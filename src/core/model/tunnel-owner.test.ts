import { describe, expect, it } from 'vitest';
import { tunnelOwner } from './tunnel-owner.ts';

describe('tunnelOwner', () => {
  it.each([
    ['vxlan.calico', 'Calico VXLAN'],
    ['vxlan-v6.calico', 'Calico VXLAN'],
    ['wireguard.cali', 'Calico WireGuard'],
    ['wg-v6.cali', 'Calico WireGuard'],
    ['flannel.1', 'flannel VXLAN'],
    ['cilium_vxlan', 'Cilium VXLAN'],
    ['genev_sys_6081', 'Open vSwitch Geneve'],
    ['vxlan0', 'unknown'],
  ])('names the maker of %s', (name, owner) => {
    expect(tunnelOwner(name)).toBe(owner);
  });
});
