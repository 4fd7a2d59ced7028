// Collects everything that is wrong with a scenario file, each with its place, so that all of it is said at once.
import type { LineCounter } from 'yaml';
import { PortolanError } from '../../core/errors/portolan-error.ts';

const MOST_SAID = 50;
const LONGEST_GIVEN = 60;

interface Problem {
  readonly offset: number;
  readonly text: string;
}

export class ProblemList {
  readonly #file: string;
  readonly #lines: LineCounter;
  readonly #problems: Problem[] = [];

  constructor(file: string, lines: LineCounter) {
    this.#file = plainLine(file);
    this.#lines = lines;
  }

  get count(): number {
    return this.#problems.length;
  }

  /** `what` is said as it is: `workloads[0].rate: 300, wanted ...`. */
  add(offset: number, what: string): void {
    this.#problems.push({ offset, text: `Cannot read ${this.#file}:${this.placeOf(offset)} ${what}` });
  }

  /** `12:5`, both counted from 1. */
  placeOf(offset: number): string {
    const { line, col } = this.#lines.linePos(offset);
    return `${Math.max(1, line)}:${Math.max(1, col)}`;
  }

  /** Throws when something is wrong. Errors: PTL_SCENARIO_FILE. */
  finish(): void {
    if (this.#problems.length === 0) return;
    const sorted = [...this.#problems].sort((left, right) => left.offset - right.offset).map(({ text }) => text);
    const said = sorted.slice(0, MOST_SAID);
    const more = sorted.length - said.length;
    if (more > 0) said.push(`Cannot read ${this.#file}: ${more} more problems, wanted none`);
    throw new PortolanError('PTL_SCENARIO_FILE', said.join('\n'));
  }
}

/** Text as one line that cannot steer a terminal. */
export function plainLine(text: string): string {
  return text.replace(/[\p{C}\s]+/gu, ' ').trim();
}

/** Text from a file as one short line that cannot steer a terminal. */
export function shownText(text: string): string {
  const line = plainLine(text);
  if (line === '') return text === '' ? 'nothing given' : '"" given';
  return line.length <= LONGEST_GIVEN ? line : `${line.slice(0, LONGEST_GIVEN - 3)}...`;
}
