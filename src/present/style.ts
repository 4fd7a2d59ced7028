// How a page is drawn: the width it may use, its colours, its symbols and the name the program was called by.
import type { CheckId } from '../core/analysis/finding.ts';
import { PLAIN_PALETTE, type Palette } from './palette.ts';
import { type Symbols, UNICODE_SYMBOLS } from './symbols.ts';

export interface Style {
  /** Columns a line may use. */
  readonly width: number;
  readonly palette: Palette;
  readonly symbols: Symbols;
  /** `portolan`, or `kubectl snat` when run as a kubectl plugin: every command that is printed starts with it. */
  readonly programName: string;
  /** Folder of the documentation on this machine; undefined where it is not installed. */
  readonly docsFolder?: string | undefined;
  /** Flags that every printed command of the program needs to mean the same cluster: `--context prod`; absent where none were typed. */
  readonly clusterFlags?: string | undefined;
}

/** Where the page of a check is: a file on this machine, else its place in the repository. */
export function checkPage(check: CheckId, { docsFolder }: Style): string {
  return `${docsFolder ?? 'docs'}/checks/${check}.md`;
}

/** Where the page about plans is. */
export function planPage({ docsFolder }: Style): string {
  return `${docsFolder ?? 'docs'}/reference/plan.md`;
}

export const DEFAULT_STYLE: Style = {
  width: 100,
  palette: PLAIN_PALETTE,
  symbols: UNICODE_SYMBOLS,
  programName: 'portolan',
};

/** A command as it is typed here, about the same cluster: `portolan probe` becomes `kubectl snat probe` in the plugin. */
export function commandText(command: string, { programName, clusterFlags }: Style): string {
  const text = command.replace(
    /^(sudo )?portolan(?= |$)/,
    (_, sudo: string | undefined) => `${sudo ?? ''}${programName}`,
  );
  return clusterFlags === undefined ? text : `${text} ${clusterFlags}`;
}
