// A listening socket that some text names, as a claim; the same socket in two texts is one claim.
import { formatAddress, parseAddress } from '../../core/model/address.ts';
import type { PortClaim } from '../../core/model/port-claim.ts';
import { portOwner } from '../../core/model/well-known-ports.ts';

export interface TextListener {
  /** IPPROTO_*. */
  readonly protocol: number;
  readonly port: number;
  /** As written: `0.0.0.0`, `*`, `[::]`, `127.0.0.53%lo`. */
  readonly address: string;
  readonly process: string | undefined;
  /** What the text is: `ss`, `/proc/net/tcp`. */
  readonly source: string;
}

/** Claims of the sockets, each port and address once. */
export function claimsOf(listeners: readonly TextListener[]): PortClaim[] {
  const claims = new Map<string, PortClaim>();
  for (const listener of listeners) {
    const { protocol, port, source, process } = listener;
    const address = boundAddress(listener.address);
    const key = `${protocol} ${port} ${address ?? ''}`;
    const known = claims.get(key);
    if (known !== undefined && (known.owner !== 'unknown' || process === undefined)) continue;
    const owner = portOwner({ protocol, port, process });
    const claim = { kind: 'listener', protocol, ports: { first: port, last: port }, owner, source } as const;
    claims.set(key, address === undefined ? claim : { ...claim, address });
  }
  return [...claims.values()];
}

/** Undefined: bound to every address. */
function boundAddress(text: string): string | undefined {
  const bare = text
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/%.*$/, '')
    .replace(/\]$/, '');
  const bytes = bare === '*' ? undefined : parseAddress(bare);
  if (bytes === undefined) return undefined;
  const canonical = formatAddress(bytes);
  return canonical === '0.0.0.0' || canonical === '::' ? undefined : canonical;
}
