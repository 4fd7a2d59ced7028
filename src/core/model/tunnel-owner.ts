// Which program made a tunnel link, by the name it always gives it.

const OWNERS: readonly { readonly name: RegExp; readonly owner: string }[] = [
  { name: /^vxlan(-v6)?\.calico$/, owner: 'Calico VXLAN' },
  { name: /^(wireguard|wg-v6)\.cali$/, owner: 'Calico WireGuard' },
  { name: /^flannel(-v6)?\.\d+$/, owner: 'flannel VXLAN' },
  { name: /^flannel-wg(-v6)?$/, owner: 'flannel WireGuard' },
  { name: /^cilium_vxlan$/, owner: 'Cilium VXLAN' },
  { name: /^cilium_geneve$/, owner: 'Cilium Geneve' },
  { name: /^cilium_wg\d+$/, owner: 'Cilium WireGuard' },
  { name: /^genev_sys_\d+$/, owner: 'Open vSwitch Geneve' },
  { name: /^vxlan_sys_\d+$/, owner: 'Open vSwitch VXLAN' },
  { name: /^antrea-wg\d+$/, owner: 'Antrea WireGuard' },
  { name: /^vxlan-\d+$/, owner: 'Weave VXLAN' },
  { name: /^kilo\d+$/, owner: 'Kilo WireGuard' },
];

/** The owner of a tunnel link, or `unknown`. */
export function tunnelOwner(linkName: string): string {
  return OWNERS.find((entry) => entry.name.test(linkName))?.owner ?? 'unknown';
}
