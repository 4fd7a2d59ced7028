// Reads one small procfs file synchronously: the calling thread's network namespace decides what /proc/sys/net and
// /proc/thread-self/net show, and libuv's pool threads are in another one.
import { readFileSync } from 'node:fs';

/** The file's text without surrounding white space; undefined when it is absent or may not be read. */
export function readProcFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
