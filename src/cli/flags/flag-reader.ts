// Reads one command's flags and operands, and collects everything that is wrong with them, so that all of it is said at once.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { type PortRange, parseRange } from '../../core/model/port-range.ts';
import { dashed } from './dashed.ts';
import { DURATION_WANTED, parseDuration } from './parse-duration.ts';
import { didYouMean } from './suggestion.ts';

/** What the command line gave: text, `true` for a flag without a value, `false` for a `--no-` flag. */
export type RawFlags = Readonly<Record<string, unknown>>;

export interface FlagReaderInput {
  readonly raw: RawFlags;
  readonly operands: readonly string[];
  /** Where `--help` says more: `portolan diagnose --help`. */
  readonly helpCommand: string;
}

/** How a flag's text is read, and what it must look like. */
export interface TextForm<Value> {
  /** Undefined: the text is not of this form. */
  readonly parse: (text: string) => Value | undefined;
  readonly wanted: string;
}

export class FlagReader {
  readonly #raw: RawFlags;
  readonly #operands: string[];
  readonly #helpCommand: string;
  readonly #problems: string[] = [];

  constructor({ raw, operands, helpCommand }: FlagReaderInput) {
    this.#raw = raw;
    this.#operands = [...operands];
    this.#helpCommand = helpCommand;
  }

  /** Whether a flag without a value was given. */
  isSet(name: string): boolean {
    return this.#raw[name] === true;
  }

  /** A flag's text, undefined when it was not given. */
  text(name: string, wanted: string): string | undefined {
    const value = this.#raw[name];
    if (value === undefined) return undefined;
    if (typeof value === 'string' && value !== '') return value;
    this.#complain(name, value, wanted);
    return undefined;
  }

  /** Whether the flag was given at all, with or without a value. */
  isGiven(name: string): boolean {
    return this.#raw[name] !== undefined;
  }

  /** A switch with a `--no-` twin: undefined when neither was given. */
  either(name: string): boolean | undefined {
    const value = this.#raw[name];
    return typeof value === 'boolean' ? value : undefined;
  }

  /** What a flag's text means in some form, undefined when it was not given. */
  value<Value>(name: string, { parse, wanted }: TextForm<Value>): Value | undefined {
    const given = this.text(name, wanted);
    const value = given === undefined ? undefined : parse(given);
    if (given !== undefined && value === undefined) this.#complain(name, given, wanted);
    return value;
  }

  /** The texts of a flag that may be given several times; an empty one is a problem. */
  texts(name: string, wanted: string): string[] {
    const value = this.#raw[name];
    const given: unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
    return given.flatMap((item) => {
      if (typeof item === 'string' && item !== '') return [item];
      this.#complain(name, item, wanted);
      return [];
    });
  }

  choice<Choice extends string>(name: string, choices: readonly Choice[], fallback: Choice): Choice {
    const wanted = listOf(choices);
    const given = this.text(name, wanted);
    const found = choices.find((choice) => choice === given);
    if (given !== undefined && found === undefined)
      this.#complain(name, given, `${wanted}${didYouMean(given, choices)}`);
    return found ?? fallback;
  }

  /** A flag that may be given several times or with commas. */
  choices<Choice extends string>(name: string, choices: readonly Choice[]): Choice[] {
    const value = this.#raw[name];
    const given = Array.isArray(value) ? value : value === undefined ? [] : [value];
    const words = given.flatMap((item) => (typeof item === 'string' ? item.split(',') : ['']));
    return words.flatMap((word) => {
      const found = choices.find((choice) => choice === word);
      if (found === undefined) this.#complain(name, word, `${listOf(choices)}${didYouMean(word, choices)}`);
      return found === undefined ? [] : [found];
    });
  }

  seconds(name: string, fallback: number): number {
    const given = this.text(name, DURATION_WANTED);
    if (given === undefined) return fallback;
    const seconds = parseDuration(given);
    if (seconds === undefined) this.#complain(name, given, DURATION_WANTED);
    return seconds ?? fallback;
  }

  /** A whole number from 1 to `most`. */
  count(name: string, { fallback, most }: { fallback: number; most: number }): number {
    const wanted = `a whole number from 1 to ${most}`;
    const given = this.text(name, wanted);
    if (given === undefined) return fallback;
    const count = /^\d{1,9}$/.test(given) ? Number(given) : 0;
    if (count >= 1 && count <= most) return count;
    this.#complain(name, given, wanted);
    return fallback;
  }

  /** `FIRST:LAST`; an empty text is a mistake, not an absent flag. */
  range(name: string): PortRange | undefined {
    const value = this.#raw[name];
    if (value === undefined) return undefined;
    const parsed = parseRange(typeof value === 'string' ? value : '');
    if (parsed.ok) return parsed.range;
    this.#complain(name, value, parsed.wanted);
    return undefined;
  }

  /** The next operand; a missing one is a problem. */
  operand(what: string, wanted: string): string {
    const given = this.#operands.shift();
    if (given !== undefined && given !== '') return given;
    this.#problems.push(`Cannot read ${what}: ${given === undefined ? 'nothing given' : '"" given'}, wanted ${wanted}`);
    return '';
  }

  /** The next operands as typed, empty ones too; all that are left without a number. */
  operandsLeft(most = this.#operands.length): string[] {
    return this.#operands.splice(0, most);
  }

  /** The next operand, one of some words. */
  operandChoice<Choice extends string>(what: string, choices: readonly Choice[]): Choice | undefined {
    const given = this.operand(what, listOf(choices));
    const found = choices.find((choice) => choice === given);
    if (given !== '' && found === undefined) {
      this.#problems.push(`Cannot read ${what}: ${given}, wanted ${listOf(choices)}${didYouMean(given, choices)}`);
    }
    return found;
  }

  /** Says a problem that only the caller can see. */
  problem(message: string): void {
    this.#problems.push(message);
  }

  /** Throws what is wrong, everything at once. Errors: PTL_USAGE. */
  finish(): void {
    for (const operand of this.#operands.splice(0))
      this.#problems.push(`Cannot read argument: ${operand}, wanted no more arguments`);
    if (this.#problems.length === 0) return;
    throw new PortolanError('PTL_USAGE', this.#problems.join('\n'), { hint: this.#helpCommand });
  }

  #complain(name: string, given: unknown, wanted: string): void {
    this.#problems.push(`Cannot read ${dashed(name)}: ${showGiven(given)}, wanted ${wanted}`);
  }
}

function showGiven(given: unknown): string {
  if (given === true) return 'no value given';
  return given === '' ? '"" given' : String(given);
}

function listOf(choices: readonly string[]): string {
  return choices.length <= 1 ? choices.join('') : `${choices.slice(0, -1).join(', ')} or ${choices.at(-1) ?? ''}`;
}
