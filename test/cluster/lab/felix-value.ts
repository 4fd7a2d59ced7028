// natPortRange as Calico's libraries decode it and as Felix then parses it, written for these tests from Calico's sources
// (api/pkg/lib/numorstring/port.go, felix/config/param_types.go). It is the oracle beside Portolan's own reading of the same.

export type FelixPorts = { readonly first: number; readonly last: number };

const HIGHEST = 65_535;
const NAME = /^[a-zA-Z0-9_.-]{1,128}$/;

/** The text that a stored value becomes; undefined when no client of Calico can decode the object that holds it. */
export function decodeStored(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isInteger(value) && isPort(value) ? String(value) : undefined;
  if (typeof value !== 'string') return undefined;
  if (/^\d+$/.test(value)) return isPort(Number(value)) ? String(Number(value)) : undefined;
  const ends = /^(\d+):(\d+)$/.exec(value);
  if (ends === null) return NAME.test(value) ? value : undefined;
  const [first, last] = [Number(ends[1]), Number(ends[2])];
  return isPort(first) && isPort(last) && first <= last ? `${first}:${last}` : undefined;
}

/** What Felix makes of a text, from whichever source: a name or a text that is wrong is its built-in value, which is none. */
export function parseForFelix(text: string): FelixPorts | undefined {
  const decoded = decodeStored(text);
  const [first = Number.NaN, last = first] = (decoded ?? '').split(':').map(Number);
  // A rule has a range only when its last port is above 0 (felix/rules/nat.go).
  return decoded !== undefined && /^[\d:]+$/.test(decoded) && last > 0 ? { first, last } : undefined;
}

function isPort(number: number): boolean {
  return number >= 0 && number <= HIGHEST;
}
