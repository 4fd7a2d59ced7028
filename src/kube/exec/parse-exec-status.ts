// Reads the last frame of an exec: a Status of Kubernetes that says how the command ended, or why it never began.
import { decoded, listOf, numberOf, objectOf, statusMessage, textOf } from '../../core/kube-objects/parse-object.ts';

export type ExecStatus =
  | { readonly kind: 'exited'; readonly exitCode: number }
  /** The container runtime could not start it. */
  | { readonly kind: 'failed'; readonly why: string };

export function parseExecStatus(bytes: Uint8Array): ExecStatus {
  const text = new TextDecoder().decode(bytes);
  const status = objectOf(decoded(text));
  if (status['status'] === 'Success') return { kind: 'exited', exitCode: 0 };
  const exitCode = status['reason'] === 'NonZeroExitCode' ? exitCodeIn(status) : undefined;
  if (exitCode !== undefined) return { kind: 'exited', exitCode };
  return { kind: 'failed', why: statusMessage(status) ?? (text.trim().slice(0, 400) || 'no reason given') };
}

/** `details.causes: [{reason: ExitCode, message: "1"}]` (apimachinery, remotecommand/constants.go). */
function exitCodeIn(status: Readonly<Record<string, unknown>>): number | undefined {
  const causes = listOf(objectOf(status['details'])['causes']).map(objectOf);
  const said = textOf(causes.find(({ reason }) => reason === 'ExitCode')?.['message']);
  const code = numberOf(Number(said ?? 'none'));
  return code !== undefined && Number.isInteger(code) ? code : undefined;
}
