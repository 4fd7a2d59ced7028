// What stands on the screen, so that only lines that changed are sent again.

const CLEAR = '\u001b[2J';
/** Before the line: after a line as wide as the screen the cursor stands on its last letter. */
const CLEAR_LINE = '\u001b[K';

export class ScreenLines {
  #shown: readonly string[] | undefined;

  /** The text that turns what is shown into these lines; empty when nothing changed. */
  update(lines: readonly string[]): string {
    const before = this.#shown;
    this.#shown = lines;
    const count = Math.max(lines.length, before?.length ?? 0);
    let text = before === undefined ? CLEAR : '';
    for (let row = 0; row < count; row += 1) {
      const line = lines[row] ?? '';
      if (line !== (before?.[row] ?? '')) text += `\u001b[${row + 1};1H${CLEAR_LINE}${line}`;
    }
    return text;
  }

  /** Nothing is known of the screen any more: the next update draws all. */
  forget(): void {
    this.#shown = undefined;
  }
}
