import { readFileSync, readlinkSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { socketProcesses } from './socket-processes.ts';

/** Inodes of all sockets of this process. */
function ownSockets(): Set<number> {
  const links = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return '';
    }
  });
  return new Set(links.flatMap((link) => Number(/^socket:\[(\d+)\]$/.exec(link)?.[1] ?? 0) || []));
}

describe('socketProcesses', () => {
  it('hands on no escape sequence that a process has put into its name', async () => {
    const before = readFileSync(`/proc/${process.pid}/comm`, 'utf8').trim();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      writeFileSync(`/proc/${process.pid}/comm`, 'a\u001b[2Jb');
      expect([...socketProcesses(ownSockets()).values()]).toContain('a?[2Jb');
    } finally {
      writeFileSync(`/proc/${process.pid}/comm`, before);
      server.close();
    }
  });
});
