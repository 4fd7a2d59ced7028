// Which process holds a socket, by inode: /proc/<pid>/fd/* links read `socket:[inode]`. Optional and bounded: without
// the right to look (ptrace access) or past the bound, the answer is simply shorter.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** How many links one search reads at most: about 4 us each (9,000 connections in one process took 68 ms unbounded). */
export const DEFAULT_LINK_LIMIT = 8000;

/** Links read of one process: servers listen before they serve, so their listeners have low numbers. */
const LINKS_PER_PROCESS = 256;

/**
 * Finds the comm of the processes that hold these sockets, among those of the calling thread's network namespace.
 * @returns inode to process name, for the inodes found.
 */
export function socketProcesses(inodes: ReadonlySet<number>, linkLimit = DEFAULT_LINK_LIMIT): Map<number, string> {
  const found = new Map<number, string>();
  const namespace = linkOf('/proc/thread-self/ns/net');
  let left = linkLimit;
  for (const pid of processIds()) {
    if (left <= 0 || found.size === inodes.size) break;
    if (linkOf(`/proc/${pid}/ns/net`) !== namespace) continue;
    const links = entriesOf(`/proc/${pid}/fd`).slice(0, Math.min(left, LINKS_PER_PROCESS));
    left -= links.length;
    const held = links.map((fd) => socketInode(`/proc/${pid}/fd/${fd}`)).filter((inode) => inodes.has(inode));
    const name = held.length === 0 ? undefined : commOf(pid);
    if (name !== undefined) for (const inode of held) found.set(inode, name);
  }
  return found;
}

/**
 * Process ids, plus the calling thread's own id first: a worker thread that moved to another namespace is seen under
 * its own id, while its process is still where it began.
 */
function processIds(): string[] {
  const own = linkOf('/proc/thread-self')?.split('/').at(-1);
  const all = entriesOf('/proc').filter((name) => /^\d+$/.test(name));
  return own === undefined || all.includes(own) ? all : [own, ...all];
}

function socketInode(path: string): number {
  return Number(/^socket:\[(\d+)\]$/.exec(linkOf(path) ?? '')?.[1] ?? 0);
}

/** Any process may call itself anything (PR_SET_NAME), also what a terminal would obey. */
function commOf(pid: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8')
      .trim()
      .replaceAll(/\p{Cc}/gu, '?');
  } catch {
    return undefined;
  }
}

function entriesOf(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
