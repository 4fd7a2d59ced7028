// What one nftables expression put into a register, before a test or a NAT statement looks at it.

interface LoadBase {
  /** Bytes loaded. */
  readonly length: number;
  /** NFTA_BITWISE_MASK, when one was applied. */
  readonly mask?: Uint8Array;
}

export type RegisterLoad = LoadBase &
  (
    | { readonly kind: 'payload'; readonly base: number; readonly offset: number }
    | { readonly kind: 'meta'; readonly key: number }
    | { readonly kind: 'constant'; readonly bytes: Uint8Array }
    /** Known by name only; numbers are host order unless `bigEndian`. */
    | { readonly kind: 'named'; readonly text: string; readonly bigEndian: boolean }
  );

/** enum nft_payload_bases. */
export const NETWORK_HEADER = 1;
export const TRANSPORT_HEADER = 2;

/** enum nft_meta_keys, the ones that have a field in a rule's match. */
export const META_MARK = 3;
export const META_IIFNAME = 6;
export const META_OIFNAME = 7;
export const META_NFPROTO = 15;
export const META_L4PROTO = 16;

const META_NAMES = new Map([
  [0, 'length'],
  [1, 'protocol'],
  [2, 'priority'],
  [META_MARK, 'mark'],
  [4, 'iif index'],
  [5, 'oif index'],
  [META_IIFNAME, 'iifname'],
  [META_OIFNAME, 'oifname'],
  [8, 'iiftype'],
  [9, 'oiftype'],
  [10, 'skuid'],
  [11, 'skgid'],
  [META_NFPROTO, 'nfproto'],
  [META_L4PROTO, 'l4proto'],
  [19, 'pkttype'],
  [20, 'cpu'],
  [21, 'iifgroup'],
  [22, 'oifgroup'],
  [23, 'cgroup'],
  [24, 'random'],
  [26, 'iifkind'],
  [27, 'oifkind'],
]);

/** How the load is named in text. */
export function loadName(load: RegisterLoad): string {
  if (load.kind === 'named') return load.text;
  if (load.kind === 'meta') return META_NAMES.get(load.key) ?? `meta key ${load.key}`;
  if (load.kind === 'constant') return 'constant';
  const bases = ['link', 'network', 'transport', 'inner'];
  return `${bases[load.base] ?? 'payload'} header bytes ${load.offset}-${load.offset + load.length - 1}`;
}

/** Whether numbers in this register are in network order. */
export function isBigEndian(load: RegisterLoad): boolean {
  return load.kind === 'payload' || (load.kind === 'named' && load.bigEndian);
}
