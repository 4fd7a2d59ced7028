// A way to run commands in the network namespace of one node, without installing anything: a pod that is there already.

export interface ShellRun {
  /** Called with each chunk of standard output as it comes; it is not kept by reference. An error thrown here ends the run and is passed on. */
  readonly stdout: (chunk: Uint8Array) => void;
  readonly signal: AbortSignal;
  /** A command that takes longer is given up. */
  readonly timeoutSeconds: number;
}

export interface ShellEnd {
  readonly exitCode: number;
  /** The first few KiB of standard error. */
  readonly stderr: string;
}

export interface NodeShell {
  /** Name of the node. */
  readonly node: string;
  /** `pod calico-system/calico-node-x7f2p, container calico-node`. */
  readonly place: string;
  /** Runs one program with its arguments, no shell between. Errors: PTL_API_*, PTL_EXEC when the command cannot be started or does not end. */
  run(command: readonly string[], options: ShellRun): Promise<ShellEnd>;
}
