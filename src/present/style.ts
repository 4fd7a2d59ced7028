// How a page is drawn: the width it may use, its colours, its symbols and the name the program was called by.
import { PLAIN_PALETTE, type Palette } from './palette.ts';
import { type Symbols, UNICODE_SYMBOLS } from './symbols.ts';

export interface Style {
  /** Columns a line may use. */
  readonly width: number;
  readonly palette: Palette;
  readonly symbols: Symbols;
  /** `portolan`, or `kubectl snat` when run as a kubectl plugin: every command that is printed starts with it. */
  readonly programName: string;
}

export const DEFAULT_STYLE: Style = {
  width: 100,
  palette: PLAIN_PALETTE,
  symbols: UNICODE_SYMBOLS,
  programName: 'portolan',
};

/** A command as it is typed here: `portolan probe` becomes `kubectl snat probe` in the plugin. */
export function commandText(command: string, style: Style): string {
  return command.replace(
    /^(sudo )?portolan(?= |$)/,
    (_, sudo: string | undefined) => `${sudo ?? ''}${style.programName}`,
  );
}
