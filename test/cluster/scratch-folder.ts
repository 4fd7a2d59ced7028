// A temporary folder that goes when its process goes, however that ends. Exit handlers do not run on SIGKILL, so a small
// shell outside the process group waits for the end of a pipe that only this process holds open.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Twice, with a pause: a server that is being killed may still write between the listing and the removal. */
const AFTER_THE_PIPE_ENDS = 'cat >/dev/null; rm -rf -- "$0"; sleep 0.5; rm -rf -- "$0"';

export class ScratchFolder {
  readonly path: string;
  readonly #janitor;

  constructor(prefix: string) {
    this.path = mkdtempSync(join(tmpdir(), prefix));
    this.#janitor = spawn('sh', ['-c', AFTER_THE_PIPE_ENDS, this.path], {
      // Outside the folder, which could else not be unmounted or removed; outside the group, which Ctrl-C ends.
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#janitor.unref();
    // Neither the child nor its pipe keeps a finished test run alive.
    if (this.#janitor.stdin instanceof Socket) this.#janitor.stdin.unref();
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
    this.#janitor.stdin.end();
  }
}
