// The most memory `portolan diagnose -` had while a text came through a pipe.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../bin/portolan.js', import.meta.url));
const POLL_MILLISECONDS = 5;

/** Megabytes, polled until the process ends. */
export async function pipedPeak(file: string): Promise<number> {
  const child = spawn(process.execPath, [PROGRAM, 'diagnose', '-'], { stdio: ['pipe', 'ignore', 'inherit'] });
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, peakOf(child.pid));
  }, POLL_MILLISECONDS);
  createReadStream(file).pipe(child.stdin);
  await once(child, 'close');
  clearInterval(timer);
  return peak;
}

function peakOf(pid: number | undefined): number {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid ?? 0}/status`, 'latin1'))?.[1];
    return Number(kilobytes ?? 0) / 1024;
  } catch {
    return 0;
  }
}
