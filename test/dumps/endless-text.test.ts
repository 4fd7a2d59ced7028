// Text without an end: one line that goes on for as long as somebody reads. Each kind ends in one clear line, in bounded memory.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const PORTOLAN = 'bin/portolan.js';
const CHUNK = Buffer.alloc(2 ** 20, 'a ');
/** Ten gigabytes, unless the reader has had enough before. */
const CHUNKS = 10 * 2 ** 10;
/** Text that is kept is kept compressed. */
const MOST_MEGABYTES = 200;

interface Outcome {
  readonly code: number | null;
  readonly stderr: string;
  readonly peakMegabytes: number;
  readonly chunks: number;
}

/** Writes `head`, then one endless line, into the program's standard input. */
async function diagnoseEndless(head: string): Promise<Outcome> {
  const child = spawn(process.execPath, [PORTOLAN, 'diagnose', '-'], { stdio: ['pipe', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined);
  const closed = once(child, 'close');
  child.stdin.write(head);
  let [chunks, peakMegabytes] = [0, 0];
  for (; chunks < CHUNKS && child.exitCode === null && !child.stdin.destroyed; chunks += 1) {
    peakMegabytes = Math.max(peakMegabytes, peakOf(child.pid));
    if (!child.stdin.write(CHUNK)) await Promise.race([once(child.stdin, 'drain').catch(() => undefined), closed]);
  }
  child.stdin.destroy();
  const [code] = (await closed) as [number | null];
  return { code, stderr, peakMegabytes, chunks };
}

function peakOf(pid: number | undefined): number {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid ?? 0}/status`, 'latin1'))?.[1];
    return Number(kilobytes ?? 0) / 1024;
  } catch {
    return 0;
  }
}

describe('an endless line through a pipe', () => {
  it('of nothing that is known is refused by its beginning', async () => {
    const { code, stderr, peakMegabytes, chunks } = await diagnoseEndless('');
    expect(stderr).toMatch(/^Cannot read stdin: none of the texts that are known, wanted /);
    expect([code, stderr.trim().split('\n').length]).toEqual([1, 2]);
    expect(chunks).toBeLessThan(40);
    expect(peakMegabytes).toBeLessThan(100);
  }, 60_000);

  it.each([
    ['behind rules', '*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -j MASQUERADE --to-ports 1024-'],
    ['behind objects of a cluster', '{\n    "apiVersion": "v1",\n    "items": [ "'],
    ['behind an nft ruleset', 'table ip nat {\n\tchain postrouting { '],
  ])(
    '%s is refused in one line and little memory',
    async (_, head) => {
      const { code, stderr, peakMegabytes, chunks } = await diagnoseEndless(head);
      expect(stderr.split('\n')[0]).toMatch(/^Cannot read stdin: more than 256 MiB through a pipe, wanted /);
      expect([code, stderr.trim().split('\n').length]).toEqual([1, 2]);
      expect(chunks).toBeLessThan(400);
      expect(peakMegabytes).toBeGreaterThan(50);
      expect(peakMegabytes).toBeLessThan(MOST_MEGABYTES);
    },
    60_000,
  );
});
