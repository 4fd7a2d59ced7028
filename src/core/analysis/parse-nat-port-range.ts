// Decodes natPortRange as Calico does, from the stored JSON value and from the text of a variable, a file or an annotation.
import { MAX_PORT, type PortRange, formatRange } from '../model/port-range.ts';
import type { DecodedPortRange, FelixOutcome, PortRangeValue, WriteAnswer } from './port-range-value.ts';

/** Decodes `spec.natPortRange` as stored; undefined and null are unset. */
export function decodeNatPortRange(raw: unknown): DecodedPortRange {
  const written = raw === undefined ? '' : JSON.stringify(raw);
  const value = valueOf(raw);
  return described(written, { value, felix: value.kind === 'undecodable' ? { kind: 'unreadable' } : outcomeOf(value) });
}

/**
 * Decodes a value that reaches Felix as text, past every decoder and validator of objects. One difference: what cannot
 * be decoded harms nothing else, it is "no range"; an empty text says nothing (felix/config/config_params.go, UpdateFrom).
 */
export function decodeFelixText(text: string): DecodedPortRange {
  const value: PortRangeValue = text === '' ? { kind: 'unset' } : valueOfText(text);
  return described(JSON.stringify(text), {
    value,
    felix: value.kind === 'undecodable' ? { kind: 'no-range', asked: false } : outcomeOf(value),
  });
}

function described(
  written: string,
  { value, felix }: { readonly value: PortRangeValue; readonly felix: FelixOutcome },
): DecodedPortRange {
  const rule = ruleOf(felix);
  return { written, value, calicoctl: answerOf(value), felix, ...(rule === undefined ? {} : { rule }) };
}

/** numorstring.Port.UnmarshalJSON: a string is taken apart, anything else must be a 16-bit number. */
function valueOf(raw: unknown): PortRangeValue {
  if (raw === undefined || raw === null) return { kind: 'unset' };
  if (typeof raw === 'string') return valueOfText(raw);
  if (typeof raw !== 'number') return undecodable('neither a number nor a text');
  if (!Number.isInteger(raw)) return undecodable('not a whole number');
  return isPort(raw) ? { kind: 'single-port', port: raw } : undecodable(`${raw} is not a port number`);
}

/** numorstring.PortFromString: digits, digits:digits, else a name. */
function valueOfText(text: string): PortRangeValue {
  if (/^\d+$/.test(text)) {
    const port = Number(text);
    return isPort(port) ? { kind: 'single-port', port } : undecodable(`${text} is above ${MAX_PORT}`);
  }
  const parts = /^(\d+):(\d+)$/.exec(text);
  if (parts !== null) return valueOfParts(Number(parts[1]), Number(parts[2]));
  if (!/^[a-zA-Z0-9_.-]{1,128}$/.test(text)) return undecodable(whyNoName(text));
  return text.toLowerCase() === 'none' ? { kind: 'none', name: text } : { kind: 'named-port', name: text };
}

function valueOfParts(first: number, last: number): PortRangeValue {
  const high = [first, last].find((port) => !isPort(port));
  if (high !== undefined) return undecodable(`${high} is above ${MAX_PORT}`);
  if (first > last) return undecodable(`${first} is above ${last}`);
  return first === last ? { kind: 'single-port', port: first } : { kind: 'range', range: { first, last } };
}

function isPort(number: number): boolean {
  return Number.isInteger(number) && number >= 0 && number <= MAX_PORT;
}

function undecodable(why: string): PortRangeValue {
  return { kind: 'undecodable', why };
}

function whyNoName(text: string): string {
  if (text === '') return 'an empty text';
  if (/\s/.test(text)) return 'it holds a space or a line break';
  return text.length > 128 ? 'longer than 128 characters' : 'neither ports nor a name';
}

/** The validator of libcalico-go (validator/v3/validator.go validatePort): no floor but 1, and names as Kubernetes has them. */
function answerOf(value: PortRangeValue): WriteAnswer {
  switch (value.kind) {
    case 'range':
      return value.range.first === 0 ? refused(ZERO) : { ok: true };
    case 'single-port':
      return value.port === 0 ? refused(ZERO) : { ok: true };
    case 'none':
    case 'named-port':
      return isPortName(value.name) ? { ok: true } : refused('not a valid port name (PortName)');
    case 'undecodable':
      return refused(`cannot be decoded: ${value.why}`);
    case 'unset':
      return { ok: true };
  }
}

const ZERO = 'port number must be between 1 and 65535';

function refused(rejection: string): WriteAnswer {
  return { ok: false, rejection };
}

/** IsValidPortName of Kubernetes: at most 15 of a-z, 0-9 and '-', one letter, no '-' at an end or doubled. */
function isPortName(name: string): boolean {
  return name.length <= 15 && /^[a-z0-9-]+$/.test(name) && /[a-z]/.test(name) && !/^-|-$|--/.test(name);
}

/** What Felix installs (felix/rules/nat.go: a rule has ports only where the last one is above 0). */
function outcomeOf(value: Exclude<PortRangeValue, { kind: 'undecodable' }>): FelixOutcome {
  switch (value.kind) {
    case 'unset':
      return { kind: 'falls-through' };
    case 'none':
      return { kind: 'no-range', asked: true };
    case 'named-port':
      return { kind: 'no-range', asked: false };
    case 'single-port':
      return value.port === 0 ? { kind: 'no-range', asked: true } : { kind: 'one-port', port: value.port };
    case 'range':
      return { kind: 'range', range: value.range };
  }
}

function ruleOf(felix: FelixOutcome): string | undefined {
  if (felix.kind === 'range') return toPorts(felix.range);
  return felix.kind === 'one-port' ? toPorts({ first: felix.port, last: felix.port }) : undefined;
}

function toPorts(range: PortRange): string {
  return `--to-ports ${formatRange(range)}`;
}
