// What this kernel's NAT does, found by trying it in a throwaway namespace: never by its version number, and never in the
// namespace the program runs in.
import { execFile } from 'node:child_process';
import { release } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type KernelBehaviour, unknownBehaviour } from '../../core/model/kernel-behaviour.ts';
import { decodeMessage, decodeText, type ProbeAnswer } from './decode-answer.ts';

export interface ProbeOptions {
  /** For display; default uname's release. */
  readonly release?: string;
  /** PATH of the child that is needed without CAP_SYS_ADMIN; default /usr/bin:/bin. */
  readonly path?: string;
}

const CHILD_TIMEOUT_MS = 5000;

/** Tries a thread, then a child in a user namespace; never throws: what could not be tried is `unknown`, with the reason. */
export async function probeKernel(options: ProbeOptions = {}): Promise<KernelBehaviour> {
  const shown = options.release ?? release();
  const inThread = await probeInThread(shown);
  if (inThread.ok) return inThread.behaviour;
  const inChild = await probeInChild(shown, options.path ?? '/usr/bin:/bin');
  if (inChild.ok) return inChild.behaviour;
  return {
    ...unknownBehaviour(shown),
    evidence: [`nothing was tried: in a thread ${inThread.why}; in a child ${inChild.why}`],
  };
}

/** Bounded by the time limits of its sockets. */
async function probeInThread(shown: string): Promise<ProbeAnswer> {
  const worker = new Worker(new URL('./probe-worker.js', import.meta.url), { workerData: shown });
  try {
    return await new Promise<ProbeAnswer>((resolve) => {
      worker.once('message', (message: unknown) => resolve(decodeMessage(message)));
      worker.once('error', (error) =>
        resolve({ ok: false, why: error instanceof Error ? error.message : 'it failed' }),
      );
      worker.once('exit', () => resolve({ ok: false, why: 'it ended without an answer' }));
    });
  } finally {
    await worker.terminate();
  }
}

function probeInChild(shown: string, path: string): Promise<ProbeAnswer> {
  const program = fileURLToPath(new URL('./probe-child.js', import.meta.url));
  const command = ['--user', '--map-root-user', '--net', '--', process.execPath, program, shown];
  return new Promise((resolve) => {
    execFile('unshare', command, { env: { PATH: path }, timeout: CHILD_TIMEOUT_MS }, (error, stdout, stderr) => {
      if (error === null) resolve(decodeText(stdout));
      else resolve({ ok: false, why: stderr.trim() || error.message });
    });
  });
}
