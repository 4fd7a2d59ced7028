// The real terminal: raw keys, the alternate screen, and everything back to how it was however the program ends.
import { type Key, createInterface, emitKeypressEvents } from 'node:readline';
import { PassThrough } from 'node:stream';
import { decodeKey } from './decode-key.ts';
import type { Terminal, TerminalEvents } from './terminal.ts';

/** xterm's alternate screen, no cursor, no wrapping of a line that is a column too long. */
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l';
const LEAVE = '\u001b[0m\u001b[?7h\u001b[?25h\u001b[?1049l';

/** A lone Esc is a key only when nothing follows it: an arrow key is Esc and two letters. */
const ESCAPE_MILLISECONDS = 50;

export function takeTerminal(host: NodeJS.Process, events: TerminalEvents): Terminal {
  const { stdin, stdout } = host;
  // readline takes the time it waits after Esc from an interface; this one reads nothing.
  const settings = createInterface({ input: new PassThrough(), escapeCodeTimeout: ESCAPE_MILLISECONDS });
  const onKeypress = (text: string | undefined, key: Key): void => {
    const decoded = decodeKey(text, key);
    if (decoded !== undefined) events.onKey(decoded);
  };
  const enter = (): void => {
    stdin.setRawMode(true);
    stdout.write(ENTER);
  };
  const goOn = (): void => {
    enter();
    events.onRedraw();
  };
  let isTaken = true;
  const restore = (): void => {
    if (!isTaken) return;
    isTaken = false;
    stdin.off('keypress', onKeypress).off('end', events.onEnd).pause();
    stdout.off('resize', events.onRedraw);
    host.off('SIGCONT', goOn).off('exit', restore).off('uncaughtException', restore);
    settings.close();
    stdin.setRawMode(false);
    stdout.write(LEAVE);
  };
  // First of all listeners, so that what is said about a crash is said on the screen that stays.
  host.prependListener('uncaughtException', restore);
  host.on('exit', restore);
  host.on('SIGCONT', goOn);
  emitKeypressEvents(stdin, settings);
  stdin.on('keypress', onKeypress).on('end', events.onEnd).resume();
  stdout.on('resize', events.onRedraw);
  enter();
  return {
    size: () => ({ columns: stdout.columns, rows: stdout.rows }),
    write: (text) => void stdout.write(text),
    restore,
  };
}
