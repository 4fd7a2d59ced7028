// Label values as they stand behind a metric's name. Samples of one metric share lists of values, so each list becomes text once.
import type { Label, Sample } from './metric.ts';

/** Most values have nothing to escape, and a scrape has thousands. */
const SPECIAL = /["\\\n]/;

/** The texts of one metric's samples. */
export class LabelTexts {
  readonly #labels: readonly Label[];
  /** By list, not by what is in it. */
  readonly #known = new Map<readonly string[], string>();

  constructor(labels: readonly Label[]) {
    this.#labels = labels;
  }

  /** `{protocol="tcp",state="live"}`; empty for a metric without labels. */
  of({ labels, more }: Sample): string {
    if (this.#labels.length === 0) return '';
    const first = this.#textOf(labels, 0);
    return more === undefined ? `{${first}}` : `{${first},${this.#textOf(more, labels.length)}}`;
  }

  #textOf(values: readonly string[], start: number): string {
    const known = this.#known.get(values);
    if (known !== undefined) return known;
    // Joined, not added up: text that was added up is put together again in every line that contains it.
    const text = values.map((value, index) => `${this.#nameOf(start + index)}="${escapeLabel(value)}"`).join(',');
    this.#known.set(values, text);
    return text;
  }

  #nameOf(index: number): string {
    return this.#labels[index]?.name ?? '';
  }
}

/** Backslash, quote and line feed are escaped; a lone surrogate becomes U+FFFD where the text is turned into UTF-8. */
export function escapeLabel(text: string): string {
  return SPECIAL.test(text) ? escapeHelp(text).replaceAll('"', '\\"') : text;
}

export function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
