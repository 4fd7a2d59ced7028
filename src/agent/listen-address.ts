// Where the agent listens, and what that asks for: off loopback nothing is said without encryption and without a right to it.
import { PortolanError } from '../core/errors/portolan-error.ts';
import { parseAddress } from '../core/model/address.ts';

/** Outside the range of NodePorts and outside every range that is usual for SNAT; unassigned where ports are registered. */
export const AGENT_PORT = 9976;
export const DEFAULT_LISTEN = `127.0.0.1:${AGENT_PORT}`;

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  readonly isLoopback: boolean;
}

/** Reads `127.0.0.1:9976`, `[::]:9976`; undefined when it is neither. */
export function parseListen(text: string): ListenAddress | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+)|(localhost)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[4]);
  const host = match?.[3] === undefined ? (match?.[1] ?? match?.[2]) : '127.0.0.1';
  if (host === undefined || port > 65_535 || parseAddress(host) === undefined) return undefined;
  return { host, port, isLoopback: host.startsWith('127.') || host === '::1' };
}

/** Errors: PTL_LISTEN when others could reach the agent without TLS, or without being authorized. */
export function checkSafety(
  { host, port, isLoopback }: ListenAddress,
  { hasTls, hasAuthorizer }: { readonly hasTls: boolean; readonly hasAuthorizer: boolean },
): void {
  if (isLoopback || (hasTls && hasAuthorizer)) return;
  const missing = [...(hasTls ? [] : ['--tls-cert and --tls-key']), ...(hasAuthorizer ? [] : ['--authorize'])];
  const message = `Cannot listen on ${host}:${port}: others reach it there, wanted ${missing.join(' and ')}`;
  throw new PortolanError('PTL_LISTEN', message);
}
