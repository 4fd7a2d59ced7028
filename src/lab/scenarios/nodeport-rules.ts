// A NodePort on the lab node, as kube-proxy's nf_tables rules redirect it.
import type { NftCommand } from '../../kernel/nftables/nft-command.ts';

export interface NodePort {
  readonly protocol: number;
  readonly nodePort: number;
  readonly podAddress: string;
  readonly podPort: number;
}

const TABLE = { family: 'ip', table: 'kube-proxy' } as const;

/** Table, prerouting chain and one DNAT rule per NodePort. */
export function nodePortRules(ports: readonly NodePort[]): readonly NftCommand[] {
  return [
    { ...TABLE, kind: 'add-table' },
    {
      ...TABLE,
      kind: 'add-chain',
      chain: 'nat-prerouting',
      base: { type: 'nat', hook: 'prerouting', priority: -100 },
    },
    ...ports.map(
      ({ protocol, nodePort, podAddress, podPort }): NftCommand => ({
        ...TABLE,
        kind: 'add-rule',
        chain: 'nat-prerouting',
        statements: [
          { kind: 'l4proto', protocol },
          { kind: 'dport', ports: { first: nodePort, last: nodePort } },
          { kind: 'counter' },
          { kind: 'dnat', address: podAddress, port: podPort },
        ],
      }),
    ),
  ];
}
