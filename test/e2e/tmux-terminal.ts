// A real terminal to type at and to look at: tmux with a server of its own, gone when the test ends.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than any lab takes to build on a busy machine. */
const PATIENCE_MILLISECONDS = 45_000;

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** What tmux knows of the pane beyond its text. */
export interface PaneState {
  readonly isAlternate: boolean;
  readonly hasCursor: boolean;
  readonly wraps: boolean;
}

export class TmuxTerminal {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** A shell without anybody's settings, with a plain prompt. */
  static open({ columns, rows }: TerminalSize, variables: NodeJS.ProcessEnv = {}): TmuxTerminal {
    const terminal = new TmuxTerminal(mkdtempSync(join(tmpdir(), 'portolan-tmux-')));
    const settings = Object.entries(variables).flatMap(([name, value]) => ['-e', `${name}=${value ?? ''}`]);
    const size = ['-x', String(columns), '-y', String(rows)];
    terminal.#tmux('-u', '-f', '/dev/null', 'new-session', '-d', ...size, ...settings, 'env PS1="$ " sh');
    return terminal;
  }

  /** Types text as it is. */
  type(text: string): void {
    this.#tmux('send-keys', '-l', '--', text);
  }

  /** Presses keys by the names tmux has for them: `Enter`, `Escape`, `Down`, `C-c`. */
  press(...keys: readonly string[]): void {
    this.#tmux('send-keys', ...keys);
  }

  /** Types a line and presses Enter. */
  enter(line: string): void {
    this.type(line);
    this.press('Enter');
  }

  /** The text on the screen, a line per row. */
  screen(): string {
    return this.#tmux('capture-pane', '-p');
  }

  /** The same with its colours. */
  colouredScreen(): string {
    return this.#tmux('capture-pane', '-p', '-e');
  }

  /** The screen as soon as it matches. Throws with the last one when it never does. */
  async waitFor(pattern: RegExp): Promise<string> {
    const end = Date.now() + PATIENCE_MILLISECONDS;
    let screen = this.screen();
    while (!pattern.test(screen)) {
      if (Date.now() > end) throw new Error(`Cannot see ${String(pattern)} on the screen:\n${screen}`);
      await sleep(50);
      screen = this.screen();
    }
    return screen;
  }

  resize({ columns, rows }: TerminalSize): void {
    this.#tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  state(): PaneState {
    const [alternate, cursor, wraps] = this.#ask('#{alternate_on} #{cursor_flag} #{wrap_flag}').split(' ');
    return { isAlternate: alternate === '1', hasCursor: cursor === '1', wraps: wraps === '1' };
  }

  /** Process id of what the shell runs. */
  childId(): number {
    const shell = this.#ask('#{pane_pid}');
    const [child = ''] = readFileSync(`/proc/${shell}/task/${shell}/children`, 'utf8').split(' ');
    if (child === '') throw new Error('Cannot find the program: the shell runs none');
    return Number(child);
  }

  close(): void {
    this.#tmux('kill-server');
    rmSync(this.#folder, { recursive: true });
  }

  #ask(format: string): string {
    return this.#tmux('display-message', '-p', format).trim();
  }

  #tmux(...words: readonly string[]): string {
    const { TMUX: _, PORTOLAN_ISOLATED: __, ...env } = process.env;
    const run = spawnSync('tmux', ['-S', join(this.#folder, 'socket'), ...words], {
      encoding: 'utf8',
      env: { ...env, TERM: 'xterm-256color', LC_ALL: 'C.UTF-8' },
    });
    if (run.error !== undefined) throw run.error;
    if (run.status !== 0) throw new Error(`Cannot run tmux ${words.join(' ')}: ${run.stderr}`);
    return run.stdout;
  }
}
