// How the figures of a plan are typed: rates with their unit, holds up to days, goals as a chance. Every form says what it wants.
import { formatAddress, parseAddress } from '../../core/model/address.ts';
import type { TextForm } from '../flags/flag-reader.ts';
import { parseDuration } from '../flags/parse-duration.ts';

const SECONDS_OF: Readonly<Record<string, number>> = { s: 1, sec: 1, m: 60, min: 60, h: 3600 };
const MOST_PER_SECOND = 10_000_000;

/** New connections per second. A bare number is refused: a rate per minute is as common in people's heads. */
export const RATE: TextForm<number> = {
  wanted: 'connections a second, minute or hour, for example 300/s or 18000/min',
  parse: (text) => {
    const match = /^(\d{1,9}(?:\.\d{1,6})?)\/(s|sec|m|min|h)$/.exec(text);
    if (match === null) return undefined;
    return within(Number(match[1]) / (SECONDS_OF[match[2] ?? ''] ?? Number.NaN), 1e-6, MOST_PER_SECOND);
  },
};

/** The kernel's longest hold is 5 days (nf_conntrack_tcp_timeout_established). */
const HOLD_LIMITS = { shortestSeconds: 0.001, longestSeconds: 30 * 86_400 };

/** How long something lasts, in seconds. */
export const HOLD: TextForm<number> = {
  wanted: 'a duration from 1ms to 30d, for example 2s, 120s, 24h',
  parse: (text) => parseDuration(text, HOLD_LIMITS),
};

/** A chance 0..1: `1/1000`, `0.001`, `1e-3`, `0.1%`. 0 is read, so that the plan can say what is the nearest possible. */
export const CHANCE: TextForm<number> = {
  wanted: 'a chance below 1, for example 1/1000, 0.001, 1e-3 or 0.1%',
  parse: (text) => {
    const chance = ratioOf(text) ?? percentOf(text) ?? decimalOf(text);
    return chance !== undefined && chance < 1 ? chance : undefined;
  },
};

function ratioOf(text: string): number | undefined {
  const match = /^(\d{1,12})\/(\d{1,3}(?:,\d{3}){1,4}|\d{1,15})$/.exec(text);
  if (match === null) return undefined;
  const below = Number(match[2]?.replaceAll(',', ''));
  return below === 0 ? undefined : Number(match[1]) / below;
}

function percentOf(text: string): number | undefined {
  const match = /^(\d{1,3}(?:\.\d{1,12})?)%$/.exec(text);
  return match === null ? undefined : Number(match[1]) / 100;
}

function decimalOf(text: string): number | undefined {
  return /^(?:\d(?:\.\d{1,15})?|\.\d{1,15})(?:e-\d{1,2})?$/i.test(text) ? Number(text) : undefined;
}

/** A multiple of today's load: `2x`, `1.5x`. */
export const FACTOR: TextForm<number> = {
  wanted: "a multiple of today's load from 0.1x to 1000x, for example 2x or 1.5x",
  parse: (text) => {
    const match = /^(\d{1,4}(?:\.\d{1,3})?)x?$/.exec(text);
    return match === null ? undefined : within(Number(match[1]), 0.1, 1000);
  },
};

/** A whole number within limits. */
export function countForm(least: number, most: number): TextForm<number> {
  return {
    wanted: `a whole number from ${least} to ${most}`,
    parse: (text) => (/^\d{1,9}$/.test(text) ? within(Number(text), least, most) : undefined),
  };
}

/** `10.244.0.0/16` with the bits behind the length cleared, as rules write it. */
export const CIDR: TextForm<string> = {
  wanted: "an address range of the cluster's pods, for example 10.244.0.0/16",
  parse: (text) => {
    const [address, length, ...more] = text.split('/');
    const bytes = parseAddress(address ?? '');
    if (bytes === undefined || more.length > 0 || !/^\d{1,3}$/.test(length ?? '')) return undefined;
    const bits = within(Number(length), 1, text.includes(':') ? 128 : 32);
    return bits === undefined ? undefined : `${formatAddress(cleared(bytes, bits, text.includes(':')))}/${bits}`;
  },
};

function cleared(bytes: Uint8Array, bits: number, isIpv6: boolean): Uint8Array {
  const kept = isIpv6 ? bits : bits + 96;
  return bytes.map((byte, index) => byte & (0xff00 >> Math.min(8, Math.max(0, kept - index * 8))));
}

function within(value: number, least: number, most: number): number | undefined {
  return value >= least && value <= most ? value : undefined;
}
