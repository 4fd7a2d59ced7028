// What this kernel's NAT does, found by trying it in a throwaway namespace: never by its version number, and never in the
// namespace the program runs in.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type KernelBehaviour, unknownBehaviour } from '../../core/model/kernel-behaviour.ts';

export interface ProbeOptions {
  /** uname release, for display. */
  readonly release: string;
  /** The Node program, for the child that is needed without CAP_SYS_ADMIN. */
  readonly execPath: string;
  /** PATH of that child; default /usr/bin:/bin. */
  readonly path?: string;
  /** Bound on each way of trying; default 5 s. */
  readonly timeoutSeconds?: number;
}

/** What the probe's thread answers. */
export type ProbeAnswer =
  | { readonly ok: true; readonly behaviour: KernelBehaviour }
  | { readonly ok: false; readonly why: string };

/** Tries a thread, then a child in a user namespace; never throws: what could not be tried is `unknown`, with the reason. */
export async function probeKernel(options: ProbeOptions): Promise<KernelBehaviour> {
  const inThread = await probeInThread(options);
  if (inThread.ok) return inThread.behaviour;
  const inChild = await probeInChild(options);
  if (inChild.ok) return inChild.behaviour;
  return {
    ...unknownBehaviour(options.release),
    evidence: [`nothing was tried: in a thread ${inThread.why}; in a child ${inChild.why}`],
  };
}

async function probeInThread(options: ProbeOptions): Promise<ProbeAnswer> {
  const worker = new Worker(new URL('./probe-worker.js', import.meta.url), { workerData: options.release });
  try {
    return await new Promise<ProbeAnswer>((resolve) => {
      const timer = setTimeout(() => resolve({ ok: false, why: 'it took too long' }), milliseconds(options));
      const settle = (answer: ProbeAnswer): void => {
        clearTimeout(timer);
        resolve(answer);
      };
      worker.once('message', settle);
      worker.once('error', (error) => settle({ ok: false, why: error instanceof Error ? error.message : 'it failed' }));
    });
  } finally {
    await worker.terminate();
  }
}

function probeInChild(options: ProbeOptions): Promise<ProbeAnswer> {
  const program = fileURLToPath(new URL('./probe-child.js', import.meta.url));
  const flags = ['--user', '--map-root-user', '--net', '--', options.execPath, program, options.release];
  const env = { PATH: options.path ?? '/usr/bin:/bin' };
  return new Promise((resolve) => {
    execFile('unshare', flags, { env, timeout: milliseconds(options) }, (error, stdout, stderr) => {
      if (error !== null) resolve({ ok: false, why: stderr.trim() || error.message });
      else resolve(decodeAnswer(stdout));
    });
  });
}

function decodeAnswer(text: string): ProbeAnswer {
  try {
    return { ok: true, behaviour: JSON.parse(text) as KernelBehaviour };
  } catch {
    return { ok: false, why: 'its answer was cut short' };
  }
}

function milliseconds(options: ProbeOptions): number {
  return (options.timeoutSeconds ?? 5) * 1000;
}
