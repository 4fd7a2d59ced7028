// Breaks text into lines of a given width: at spaces for sentences, between segments for figures that must stay whole.

export interface WrapOptions {
  /** Columns a line may use, indentation included. */
  readonly width: number;
  /** Put before the first line: `who: `. */
  readonly first?: string;
  /** Columns of indentation of all following lines; that of `first` when absent. */
  readonly indent?: number;
}

/** The text as lines; a word longer than a line keeps a line of its own. */
export function wrapText(text: string, options: WrapOptions): string[] {
  return flow(
    text.split(' ').filter((word) => word !== ''),
    { ...options, gap: 1 },
  );
}

/** Segments side by side with two columns between them, continued on the next line where the width ends. */
export function wrapSegments(segments: readonly string[], options: WrapOptions): string[] {
  return flow(
    segments.filter((segment) => segment !== ''),
    { ...options, gap: 2 },
  );
}

function flow(parts: readonly string[], options: WrapOptions & { gap: number }): string[] {
  const first = options.first ?? '';
  const indent = ' '.repeat(options.indent ?? first.length);
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const part of parts) {
    const glue = isEmpty ? '' : ' '.repeat(options.gap);
    if (!isEmpty && line.length + glue.length + part.length > options.width) {
      lines.push(line);
      line = indent + part;
    } else {
      line += glue + part;
    }
    isEmpty = false;
  }
  return [...lines, line];
}
