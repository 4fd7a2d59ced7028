// Shows a source: live on a terminal, or one frame as text.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { commandText, type Style } from '../../present/style.ts';
import { ASCII_SYMBOLS } from '../../present/symbols.ts';
import { type NodeEntry, severityOf, type TopSnapshot } from '../../present/top/node-look.ts';
import { reduceTop } from '../../present/top/reduce-top.ts';
import { topFrame } from '../../present/top/top-frame.ts';
import { initialTop, type TopState } from '../../present/top/top-state.ts';
import type { CommandInput } from '../command-spec.ts';
import { COULD_NOT_MEASURE, exitCodeOf, FINE, INTERRUPTED } from '../exit-code.ts';
import { withProgress } from '../progress-line.ts';
import type { TopSource } from './top-source.ts';
import { showTop } from './top-view.ts';

/** Rows of a frame that is printed. */
const PRINTED_ROWS = 40;

export interface RunTopOptions {
  readonly isOnce: boolean;
  /** The command worth typing afterwards; the diagnosis says it when absent. */
  readonly next?: string;
}

/** Errors: PTL_USAGE where there is no terminal to show it on. */
export function checkTerminal({ surroundings, mayAsk, style }: CommandInput): void {
  const { stdout, stdinIsTerminal, variables } = surroundings;
  const problem = !mayAsk
    ? '--no-input'
    : !stdout.isTerminal
      ? 'stdout is no terminal'
      : !stdinIsTerminal
        ? 'stdin is no terminal'
        : variables['TERM'] === 'dumb'
          ? 'TERM is dumb'
          : undefined;
  if (problem === undefined) return;
  throw new PortolanError('PTL_USAGE', `Cannot open the live view: ${problem}, wanted a person at a terminal`, {
    hint: `${style.programName} diagnose, or ${style.programName} top --once`,
  });
}

/** @returns 0 when left, 130 after Ctrl-C; of one frame 3 when something that decides was not seen. */
export async function runTop(source: TopSource, input: CommandInput, options: RunTopOptions): Promise<number> {
  const { signal, stdout, takeTerminal, variables } = input.surroundings;
  const first = await withProgress(input, (progress) => {
    progress(`first look at ${source.name}`, 0);
    return source.next(signal);
  });
  const style = styleFor(input.style, variables['TERM']);
  if (options.isOnce) {
    stdout.write(`${printedFrame(first, style).join('\n')}\n`);
    return exitCodeFor(first);
  }
  const state = await showTop({ source, first, style, signal, takeTerminal });
  if (state.ending === 'interrupt') return INTERRUPTED;
  stdout.write(`${nextText(state, options.next, style)}\n`);
  return FINE;
}

/** The console of Linux has a font without braille patterns. */
function styleFor(style: Style, terminal: string | undefined): Style {
  return terminal === 'linux' ? { ...style, symbols: ASCII_SYMBOLS } : style;
}

function printedFrame(snapshot: TopSnapshot, style: Style): readonly string[] {
  const state = reduceTop(initialTop(), { kind: 'snapshot', snapshot });
  return topFrame(state, { columns: style.width, rows: PRINTED_ROWS }, { style, isLive: false });
}

function exitCodeFor({ nodes }: TopSnapshot): number {
  return Math.max(FINE, ...nodes.map(exitCodeForNode));
}

function exitCodeForNode(entry: NodeEntry): number {
  if (entry.look !== undefined) return exitCodeOf(entry.look.diagnosis, 'never');
  return severityOf(entry) === 'unknown' ? COULD_NOT_MEASURE : FINE;
}

/** The screen of the view is gone when this is read: what to do about what was seen. */
function nextText({ snapshot }: TopState, given: string | undefined, style: Style): string {
  const next = given ?? snapshot?.nodes[0]?.look?.diagnosis.next ?? 'portolan diagnose';
  return `Next: ${commandText(next, style)}`;
}
