// Everything a host can be asked to do: one entry per task, plain data in, plain data out.
import type { NftCommand } from '../kernel/nftables/nft-command.ts';
import type { FillReport, FlowFill } from '../kernel/conntrack/flow-fill.ts';
import type { ShellOptions } from './open-shell.ts';
import type { RestoreOptions, RestoreReport } from './restore-iptables.ts';
import type { LockStep } from './traffic/lock-step.ts';
import type { RawTraffic } from './traffic/send-raw.ts';
import type { TcpConnectOptions, TcpConnectReport } from './traffic/tcp-clients.ts';
import type { TcpServerOptions } from './traffic/tcp-servers.ts';
import type { UdpQueryOptions, UdpQueryReport, UdpServerOptions } from './traffic/udp-sockets.ts';

export interface HostTasks {
  /** Keys are paths below /proc/sys: `net/ipv4/ip_forward`. */
  readonly 'set-sysctls': { readonly args: Readonly<Record<string, string | number>>; readonly result: void };
  /** A file as this host sees it: `/proc/thread-self/net/stat/nf_conntrack`. */
  readonly 'read-file': { readonly args: string; readonly result: string };
  readonly nftables: { readonly args: readonly NftCommand[]; readonly result: void };
  readonly 'restore-iptables': { readonly args: RestoreOptions; readonly result: RestoreReport };
  readonly 'create-flows': { readonly args: FlowFill; readonly result: FillReport };
  readonly 'flush-flows': { readonly args: undefined; readonly result: void };
  /** Runs until `stop-traffic`; resolves with the number of entries it changed. */
  readonly 'fix-time-wait': { readonly args: undefined; readonly result: number };
  readonly 'tcp-listen': { readonly args: TcpServerOptions; readonly result: void };
  readonly 'tcp-connect': { readonly args: TcpConnectOptions; readonly result: TcpConnectReport };
  /** Ends the connections that `keep` left open. */
  readonly 'tcp-release': { readonly args: 'client' | 'reset'; readonly result: void };
  readonly 'udp-listen': { readonly args: UdpServerOptions; readonly result: void };
  readonly 'udp-query': { readonly args: UdpQueryOptions; readonly result: UdpQueryReport };
  readonly 'raw-send': { readonly args: RawTraffic; readonly result: number };
  readonly 'lock-step': { readonly args: LockStep; readonly result: number };
  /** A shell on this process's terminal, inside the host; the exit code. */
  readonly shell: { readonly args: ShellOptions; readonly result: number };
  /** Asks every running task of this host to end; they resolve with what they have. */
  readonly 'stop-traffic': { readonly args: undefined; readonly result: void };
}

export type TaskName = keyof HostTasks;

/** What the main thread sends for a task of this name. */
export type TaskRequest<Name extends TaskName = TaskName> = {
  readonly [Each in Name]: { readonly id: number; readonly name: Each; readonly args: HostTasks[Each]['args'] };
}[Name];

/** What the host answers. */
export type TaskAnswer =
  | { readonly id: number; readonly ok: true; readonly result: unknown }
  | {
      readonly id: number;
      readonly ok: false;
      readonly message: string;
      readonly facts: Record<string, string | number>;
    };

/** workerData of a host. */
export interface HostStart {
  /** Open descriptor of the namespace the host lives in. */
  readonly netns: number;
}
