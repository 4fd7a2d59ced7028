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
  /** True where nothing proves that the output is whole: an image without a shell cannot add the mark that does. */
  readonly mayBeCut?: true;
}

export interface NodeShell {
  /** Name of the node. */
  readonly node: string;
  /** `pod calico-system/calico-node-x7f2p, container calico-node`. */
  readonly place: string;
  /**
   * Runs one program with its arguments; nothing interprets them. Errors: PTL_API_*; PTL_EXEC with `facts.reason` when the
   * program is not there (`command-absent`), the node is not reached (`node-away`), it takes too long (`timeout`), its output is
   * not whole (`cut`) or it does not start (`failed`).
   */
  run(command: readonly string[], options: ShellRun): Promise<ShellEnd>;
}
