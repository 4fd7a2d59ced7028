// The programs that write NAT rules, as their makers spell them.
import type { NatOwner } from './nat-rule.ts';

const NAMES: Readonly<Record<NatOwner, string>> = {
  calico: 'Calico',
  'kube-proxy': 'kube-proxy',
  cilium: 'Cilium',
  flannel: 'flannel',
  kindnet: 'kindnet',
  'ip-masq-agent': 'ip-masq-agent',
  'aws-vpc-cni': 'AWS VPC CNI',
  antrea: 'Antrea',
  'cni-plugins': 'CNI plugins',
  docker: 'Docker',
  libvirt: 'libvirt',
  portolan: 'Portolan',
  unknown: 'an unknown program',
};

/** The display name of an owner; a claim's owner may be any text and then stands for itself. */
export function ownerName(owner: string): string {
  return isNatOwner(owner) ? NAMES[owner] : owner;
}

function isNatOwner(owner: string): owner is NatOwner {
  return owner in NAMES;
}
