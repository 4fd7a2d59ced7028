// One xtables match or target, as iptables-legacy and nft_compat both carry it: name, revision, private bytes.
import type { StructReader } from './struct-reader.ts';

export interface XtExtension {
  readonly name: string;
  readonly revision: number;
  readonly info: StructReader;
  readonly family: 4 | 6;
}

/** Names an ipset by its kernel index (ip_set_id_t); undefined when it cannot be learned. */
export type IpsetNames = (index: number) => string | undefined;
