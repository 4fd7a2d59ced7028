// The forms of single values: counts, durations, rates, words, names, addresses, kernels.
import { eraOfRelease, KERNEL_ERAS, type KernelEra } from '../../core/alloc/kernel-era.ts';
import { formatAddress, parseAddress } from '../../core/model/address.ts';
import { formatInteger } from '../../present/number-text.ts';
import { didYouMean } from '../flags/suggestion.ts';
import { type Form, scalarForm } from './form.ts';

const UNIT_SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };
const RATE_SECONDS: Readonly<Record<string, number>> = { s: 1, sec: 1, m: 60, min: 60, h: 3600 };
const LONGEST_NAME = 63;

/** A whole number. */
export function countForm(least: number, most: number): Form<number> {
  return scalarForm(`a whole number from ${formatInteger(least)} to ${formatInteger(most)}`, {
    placeholder: least,
    read: (text) => {
      const count = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
      return count >= least && count <= most ? count : undefined;
    },
  });
}

/** A duration such as `30s` or `1h30m`, in seconds; the limits are written the same way. */
export function durationForm(least: string, most: string, example = '30s, 10m or 1h30m'): Form<number> {
  const [lowest, highest] = [durationSeconds(least) ?? 0, durationSeconds(most) ?? 0];
  return scalarForm(`a duration from ${least} to ${most} with its unit, for example ${example}`, {
    placeholder: lowest,
    read: (text) => {
      const seconds = durationSeconds(text) ?? Number.NaN;
      return seconds >= lowest && seconds <= highest ? seconds : undefined;
    },
  });
}

/** Seconds of `500ms`, `30s`, `1h30m`; undefined for anything else. A bare number is refused: its unit would be a guess. */
export function durationSeconds(text: string): number | undefined {
  if (!/^(?:\d{1,9}(?:\.\d{1,3})?(?:ms|s|m|h|d)){1,5}$/.test(text)) return undefined;
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(/([\d.]+)(ms|s|m|h|d)/g))
    seconds += Number(amount) * (UNIT_SECONDS[unit ?? ''] ?? Number.NaN);
  return seconds;
}

/** New connections per second, as `300/s`, `18000/min` or `40/h`. */
export function rateForm(most: number): Form<number> {
  return scalarForm(`connections per time, at most ${formatInteger(most)}/s, for example 300/s, 18000/min or 40/h`, {
    placeholder: 0,
    read: (text) => {
      const match = /^(\d{1,9}(?:\.\d{1,3})?)\/(s|sec|m|min|h)$/.exec(text);
      const perSecond = match === null ? Number.NaN : Number(match[1]) / (RATE_SECONDS[match[2] ?? ''] ?? Number.NaN);
      return perSecond >= 0 && perSecond <= most ? perSecond : undefined;
    },
  });
}

export function wordForm<Word extends string>(words: readonly Word[], placeholder: Word): Form<Word> {
  const wanted = listOf(words);
  return {
    wanted,
    placeholder,
    read: (given) => {
      const found = words.find((word) => word === given.text);
      if (found === undefined && given.text !== undefined) given.complain(`${wanted}${didYouMean(given.text, words)}`);
      return found;
    },
  };
}

/** A name that can stand in a command, a CSV cell and a label. */
export const NAME_FORM: Form<string> = scalarForm(
  `a name of 1 to ${LONGEST_NAME} letters, digits, ".", "_" and "-", for example checkout`,
  {
    placeholder: '',
    read: (text) => (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(text) && text.length <= LONGEST_NAME ? text : undefined),
  },
);

/** Sentences; line ends become spaces. */
export function textForm(longest: number): Form<string> {
  return scalarForm(`text of at most ${formatInteger(longest)} characters without control characters`, {
    placeholder: '',
    read: (text) => {
      const line = text.replace(/\s+/g, ' ').trim();
      return line.length <= longest && !/[\p{Cc}\p{Cf}]/u.test(line) ? line : undefined;
    },
  });
}

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** `203.0.113.9:443` or `[2001:db8::1]:443`; the address in its canonical form. */
export const ENDPOINT_FORM: Form<Endpoint> = scalarForm(
  'ADDRESS:PORT with a port from 1 to 65535, for example "203.0.113.9:443" or "[2001:db8::1]:443"',
  { placeholder: { address: '', port: 0 }, read: readEndpoint },
);

function readEndpoint(text: string): Endpoint | undefined {
  const match = /^(?:\[([0-9A-Fa-f:.]{2,45})\]|([0-9.]{7,15})):(\d{1,5})$/.exec(text);
  if (match === null) return undefined;
  const bytes = parseAddress(match[1] ?? match[2] ?? '');
  const port = Number(match[3]);
  if (bytes === undefined || port < 1 || port > 65_535) return undefined;
  return { address: formatAddress(bytes), port };
}

/** A release or an era word. */
export const KERNEL_FORM: Form<KernelEra> = scalarForm(
  `a Linux release such as "5.15" or "6.1", or one of ${listOf(KERNEL_ERAS)}`,
  { placeholder: '6.12', read: (text) => KERNEL_ERAS.find((era) => era === text) ?? eraOfRelease(text) },
);

export function listOf(words: readonly string[]): string {
  return words.length <= 1 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}
