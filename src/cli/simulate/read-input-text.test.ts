import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readInputText } from './read-input-text.ts';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'portolan-pipe-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

function newPipe(name: string): string {
  const path = join(folder, name);
  execFileSync('mkfifo', [path]);
  return path;
}

const options = (signal: AbortSignal, patienceSeconds = 30) => ({
  wanted: 'a scenario file',
  mostBytes: 1_000_000,
  readStdin: () => Promise.reject(new Error('nobody asked for stdin')),
  signal,
  sleep: async (milliseconds: number, stopped: AbortSignal) => {
    await new Promise((resume) => setTimeout(resume, milliseconds));
    stopped.throwIfAborted();
  },
  patienceSeconds,
});

describe('reading a named pipe', () => {
  it('stops with the signal while nobody writes', async () => {
    const stop = new AbortController();
    const reading = readInputText(newPipe('silent'), options(stop.signal));
    setTimeout(() => stop.abort('SIGINT'), 50);
    await expect(reading).rejects.toBe('SIGINT');
  });

  it('gives up when nobody ever writes', async () => {
    const reading = readInputText(newPipe('deserted'), options(new AbortController().signal, 0.1));
    await expect(reading).rejects.toThrow(/deserted: a pipe that nobody writes to, wanted a scenario file$/);
  });

  it('reads what comes late and in parts', async () => {
    const path = newPipe('slow');
    const writer = spawn('sh', [
      '-c',
      '(sleep 0.2; echo one; sleep 0.2; head -c 200000 /dev/zero; echo two) > "$0"',
      path,
    ]);
    const text = await readInputText(path, options(new AbortController().signal));
    expect(text.length).toBe(200_008);
    expect(text).toMatch(/^one\n\0+two\n$/);
    writer.kill();
  });
});
