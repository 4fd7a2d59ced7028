// What calicoctl says to a natPortRange before it writes it, word by word, and which values it writes although they do
// something else than their writer meant.
import { decodeNatPortRange } from '../core/analysis/parse-nat-port-range.ts';
import { MAX_PORT, formatRange } from '../core/model/port-range.ts';

/** Below it ports are for privileged programs; Calico sets no such floor itself. */
const LOWEST_PORT = 1024;
const EXAMPLE = '24000:65535';

export type RangeVerdict =
  /** `value` as Calico stores it: text for a range, a number for one port. */
  | { readonly kind: 'fine'; readonly value: unknown }
  /** Calico's own decoder or validator refuses it; `text` continues `hit error: `. */
  | { readonly kind: 'rejected'; readonly text: string; readonly form: string }
  /** Calico takes it. */
  | { readonly kind: 'trap'; readonly value: unknown; readonly why: string; readonly form: string };

export function checkWrittenRange(raw: unknown): RangeVerdict {
  const { value, calicoctl } = decodeNatPortRange(raw);
  if (value.kind === 'undecodable') return rejected(`${DECODING}${decodeError(raw)}`, raw);
  if (!calicoctl.ok) return rejected(`${UPDATING}${validationError(value)}`, raw);
  switch (value.kind) {
    case 'unset':
      return { kind: 'fine', value: null };
    case 'range': {
      const { first, last } = value.range;
      const stored = `${first}:${last}`;
      if (first >= LOWEST_PORT) return { kind: 'fine', value: stored };
      const form = last <= LOWEST_PORT ? EXAMPLE : `${LOWEST_PORT}:${last}`;
      return {
        kind: 'trap',
        value: stored,
        why: `it gives pods the source ports below ${LOWEST_PORT}, which servers may refuse and privileged programs on the node need`,
        form,
      };
    }
    case 'single-port': {
      const why = `it is one port, ${formatRange({ first: value.port, last: value.port })}: every node would have a single source port for all pods`;
      return { kind: 'trap', value: value.port, why, form: fromPort(value.port) };
    }
    case 'none':
      return {
        kind: 'trap',
        value: value.name,
        why: 'it takes every range away, also those of lower layers',
        form: EXAMPLE,
      };
    case 'named-port':
      return {
        kind: 'trap',
        value: value.name,
        why: 'Calico reads it as the name of a port and then uses no range at all',
        form: EXAMPLE,
      };
  }
}

const DECODING = 'creating resource from patched data: error unmarshaling JSON: while decoding JSON: ';
const UPDATING = 'updating existing resource: ';

/** Why Calico cannot decode a stored or written value, in the words of its decoder; undefined when it can. */
export function decodeErrorOf(raw: unknown): string | undefined {
  return decodeNatPortRange(raw).value.kind === 'undecodable' ? decodeError(raw) : undefined;
}

function rejected(text: string, raw: unknown): RangeVerdict {
  return { kind: 'rejected', text, form: formOf(raw) };
}

/** api/pkg/lib/numorstring/port.go, UnmarshalJSON and PortFromString. */
function decodeError(raw: unknown): string {
  if (typeof raw !== 'string') return `json: cannot unmarshal ${jsonKind(raw)} into Go value of type uint16`;
  if (/^\d+$/.test(raw)) return `invalid port format (${raw})`;
  const parts = /^(\d+):(\d+)$/.exec(raw);
  if (parts === null) return `invalid name for named port (${raw})`;
  const [first, last] = [Number(parts[1]), Number(parts[2])];
  if (first > MAX_PORT) return `invalid minimum port number in range (${raw})`;
  if (last > MAX_PORT) return `invalid maximum port number in range (${raw})`;
  return `minimum port number (${first}) is greater than maximum port number (${last}) in port range`;
}

function jsonKind(raw: unknown): string {
  if (typeof raw === 'number') return `number ${raw}`;
  if (typeof raw === 'boolean') return 'bool';
  return Array.isArray(raw) ? 'array' : 'object';
}

/** libcalico-go/lib/validator/v3/validator.go, validatePort; names by the tag portName. */
function validationError(value: ReturnType<typeof decodeNatPortRange>['value']): string {
  const isName = value.kind === 'named-port' || value.kind === 'none';
  return isName
    ? `error with field PortName = '${value.name}' (Reason: failed to validate Field: PortName because of Tag: portName )`
    : "error with field Port = '0' (port range invalid, port number must be between 1 and 65535)";
}

/** The range that was probably meant. */
function formOf(raw: unknown): string {
  const [first, last] = [...String(raw).matchAll(/\d+/g)].map(([digits]) => Number(digits)).toSorted((a, b) => a - b);
  if (first === undefined) return EXAMPLE;
  if (last === undefined) return fromPort(first);
  const low = Math.max(first, LOWEST_PORT);
  return last <= MAX_PORT && low < last ? `${low}:${last}` : EXAMPLE;
}

function fromPort(port: number): string {
  return port >= LOWEST_PORT && port < MAX_PORT ? `${port}:${MAX_PORT}` : EXAMPLE;
}
