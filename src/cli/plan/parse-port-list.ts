// Ports and ranges of ports in one word: `30000:32767,8443`.
import { MAX_PORT, type PortRange } from '../../core/model/port-range.ts';
import type { TextForm } from '../flags/flag-reader.ts';

const MOST = 64;

/** In the order typed; they may overlap. */
export const PORT_LIST: TextForm<readonly PortRange[]> = {
  wanted: `at most ${MOST} ports or FIRST:LAST between 1 and 65535, for example 30000:32767,8443`,
  parse: (text) => {
    const words = text.split(',');
    const ranges = words.flatMap((word) => rangeOf(word) ?? []);
    return ranges.length === words.length && ranges.length <= MOST ? ranges : undefined;
  },
};

function rangeOf(word: string): PortRange | undefined {
  const match = /^(\d{1,5})(?::(\d{1,5}))?$/.exec(word);
  if (match === null) return undefined;
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  return first >= 1 && first <= last && last <= MAX_PORT ? { first, last } : undefined;
}
