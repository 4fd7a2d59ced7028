// natPortRange of a scenario file: one range as Calico writes it, or the parts of a split one; what others misread is refused.
import { type PortRange, parseRange } from '../../core/model/port-range.ts';
import type { Form } from './form.ts';
import { readForm } from './section.ts';

const MOST_PARTS = 16;

const RANGE_FORM: Form<PortRange> = {
  wanted: 'FIRST:LAST in quotes, for example "32768:65535"',
  placeholder: { first: 1024, last: 65_535 },
  read: (given) => {
    const text = given.text ?? '';
    const parsed = parseRange(text);
    if (given.isPlain && isBase60(text)) {
      given.complain(`"${text}" in quotes: without them programs that read YAML 1.1 see the number ${base60(text)}`);
    } else if (!parsed.ok && /^\d+-\d+$/.test(text)) {
      const colon = text.replace('-', ':');
      given.complain(`"${colon}": Calico takes ${text} for the name of a port and silently sets no range`);
    } else if (!parsed.ok && given.text !== undefined) {
      given.complain(parsed.wanted);
    }
    return parsed.ok ? parsed.range : undefined;
  },
};

/** One range, or the parts of a split one. */
export const RANGES_FORM: Form<readonly PortRange[]> = {
  wanted: `FIRST:LAST in quotes, for example "32768:65535", or a list of 1 to ${MOST_PARTS} of them`,
  placeholder: [],
  read: (given) => {
    const items = given.items();
    if (items === undefined) return given.text === undefined ? undefined : [readForm(RANGE_FORM, given)];
    if (items.length === 0 || items.length > MOST_PARTS) return undefined;
    const parts = items.map((item) => ({ item, range: readForm(RANGE_FORM, item) }));
    for (const [index, { item, range }] of parts.entries())
      if (parts.slice(0, index).some((earlier) => overlap(earlier.range, range)))
        item.complain('parts that share no port');
    return parts.map(({ range }) => range);
  },
};

function overlap(left: PortRange, right: PortRange): boolean {
  return left.first <= right.last && right.first <= left.last;
}

/** `10:50` is 650 in YAML 1.1 (yaml.org/type/int.html, base 60); a last part above 59 stays text there. */
function isBase60(text: string): boolean {
  return /^[1-9]\d*:[0-5]?\d$/.test(text);
}

function base60(text: string): number {
  const [high, low] = text.split(':').map(Number);
  return (high ?? 0) * 60 + (low ?? 0);
}
