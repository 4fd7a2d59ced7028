// Which program's form the node's NAT rules have; the iptables forms need that program installed.

export const NAT_FLAVOURS = ['nftables', 'iptables-nft', 'iptables-legacy'] as const;

export type NatFlavour = (typeof NAT_FLAVOURS)[number];
