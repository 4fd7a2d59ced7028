// A lab that is killed leaves nothing: every namespace, link and rule is held by its process alone.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** Network namespaces that some thread of some process lives in or holds open, other than those known before. */
function namespacesOf(pid: number): Set<string> {
  const found = new Set<string>();
  for (const task of list(`/proc/${pid}/task`)) add(found, `/proc/${pid}/task/${task}/ns/net`);
  for (const fd of list(`/proc/${pid}/fd`)) add(found, `/proc/${pid}/fd/${fd}`);
  return found;
}

function allNamespaces(): Set<string> {
  const found = new Set<string>();
  for (const pid of list('/proc').filter((name) => /^\d+$/.test(name))) {
    for (const netns of namespacesOf(Number(pid))) found.add(netns);
  }
  return found;
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function add(found: Set<string>, path: string): void {
  try {
    const target = readlinkSync(path);
    if (target.startsWith('net:')) found.add(target);
  } catch {
    return;
  }
}

describe('a killed lab', () => {
  it.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)('leaves no namespace and no process after %s', async (signal) => {
    const program = fileURLToPath(new URL('./isolated-program.js', import.meta.url));
    const module = new URL('./nothing-left-program.js', import.meta.url).href;
    const child = spawn(process.execPath, [program, module, 'holdLab'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = child.pid ?? 0;
    await once(child.stdout, 'data');
    const held = namespacesOf(pid);
    expect(held.size).toBeGreaterThanOrEqual(6);
    const before = allNamespaces();
    expect([...held].filter((netns) => !before.has(netns))).toEqual([]);
    const exited = once(child, 'exit');
    child.kill(signal);
    expect((await exited)[1]).toBe(signal);
    const left = allNamespaces();
    expect([...held].filter((netns) => left.has(netns))).toEqual(outside(held));
    expect(list(`/proc/${pid}`)).toEqual([]);
  });
});

/** The test runner's own namespace may be among those the child holds open, never another. */
function outside(held: ReadonlySet<string>): string[] {
  const own = readlinkSync('/proc/self/ns/net');
  return held.has(own) ? [own] : [];
}
