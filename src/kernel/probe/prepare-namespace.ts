// Makes the calling thread's empty namespace a test bench: loopback up, one SNAT rule per experiment, and remotes that
// take packets without ever answering.
import type { PortRange } from '../../core/model/port-range.ts';
import { NETLINK_ROUTE, NetlinkSocket } from '../netlink/netlink-socket.ts';
import { applyCommands } from '../nftables/apply-commands.ts';
import type { NftCommand } from '../nftables/nft-command.ts';
import { setLinkUp } from '../route/set-link-up.ts';

export const CLIENT = '127.0.0.2';
/** SNAT by name, not masquerade: loopback's address has host scope, which masquerade refuses (inet_select_addr). */
export const SNAT_ADDRESS = '127.0.0.1';
export const REMOTE_PORT = 443;

export interface Experiment {
  readonly remote: string;
  readonly range: PortRange;
}

const TABLE = { family: 'ip', table: 'portolan-probe' } as const;

/** Errors: PTL_NETLINK, PTL_LIBC. */
export function prepareNamespace(experiments: readonly Experiment[]): void {
  const socket = new NetlinkSocket(NETLINK_ROUTE);
  try {
    setLinkUp(socket, 'lo');
  } finally {
    socket.close();
  }
  applyCommands([
    { ...TABLE, kind: 'add-table' },
    { ...TABLE, kind: 'add-chain', chain: 'snat', base: { type: 'nat', hook: 'postrouting', priority: 100 } },
    { ...TABLE, kind: 'add-chain', chain: 'swallow', base: { type: 'filter', hook: 'input', priority: 0 } },
    ...experiments.flatMap(rulesOf),
  ]);
}

function rulesOf({ remote, range }: Experiment): readonly NftCommand[] {
  return [
    {
      ...TABLE,
      kind: 'add-rule',
      chain: 'snat',
      statements: [
        { kind: 'daddr', cidr: remote },
        { kind: 'snat', address: SNAT_ADDRESS, range, random: 'random-fully' },
      ],
    },
    { ...TABLE, kind: 'add-rule', chain: 'swallow', statements: [{ kind: 'daddr', cidr: remote }, { kind: 'drop' }] },
  ];
}
