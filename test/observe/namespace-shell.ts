// A shell on a lab node: the node's own programs, run inside its network namespace. The part of exec that a container runtime does.
import { spawn } from 'node:child_process';
import type { NodeShell, ShellEnd, ShellRun } from '../../src/kube/exec/node-shell.ts';

export interface NamespaceShellOptions {
  readonly node: string;
  /** Open descriptor of the namespace in this process. */
  readonly netns: number;
  /** Programs that are not in this image. */
  readonly absent?: readonly string[];
}

/** Runs commands as a container of the host network on that node would. */
export function namespaceShell({ node, netns, absent = [] }: NamespaceShellOptions): NodeShell {
  return {
    node,
    place: `namespace ${node}`,
    run: (command, options) => run(`--net=/proc/${process.pid}/fd/${netns}`, command, { ...options, absent }),
  };
}

function run(
  namespace: string,
  command: readonly string[],
  { stdout, signal, absent }: ShellRun & { readonly absent: readonly string[] },
): Promise<ShellEnd> {
  if (absent.includes(command[0] ?? ''))
    return Promise.resolve({ exitCode: 127, stderr: `sh: ${command[0]}: not found\n` });
  return new Promise((resolve, reject) => {
    const child = spawn('nsenter', [namespace, ...command], { signal, stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    child.stdout.on('data', (chunk: Uint8Array) => {
      try {
        stdout(chunk);
      } catch (error) {
        child.kill();
        reject(error);
      }
    });
    child.stderr.on(
      'data',
      (chunk: Uint8Array) => (stderr = (stderr + new TextDecoder().decode(chunk)).slice(0, 4096)),
    );
    child.on('error', reject);
    child.on('close', (code) => resolve({ exitCode: code ?? 1, stderr }));
  });
}
