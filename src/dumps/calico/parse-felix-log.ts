// The log of calico-node: the natPortRange that Felix parsed when it began, and which layer gave it
// (felix/config/config_params.go, resolve: every value is logged, also those that a higher layer then shadows).
import { MAX_PORT, type PortRange } from '../../core/model/port-range.ts';

export interface FelixStart {
  /** FelixHostname, the node's name; undefined where the log does not say. */
  readonly host: string | undefined;
  /** Undefined: Felix parsed a value that sets no range. */
  readonly range: PortRange | undefined;
  /** `datastore (global)`. */
  readonly source: string;
}

/** `Skipping config value for X from S; already have ...` takes back what `Parsed value for X` said before. */
const LINE =
  /^(?:\[(pod\/[^\]\s]+)\])?.*?(Parsed|Skipping config) value for (NATPortRange|FelixHostname)(?:: (\S*) \(from (.+)\)| from )/gm;

interface Stream {
  host: string | undefined;
  parsed: { readonly value: string; readonly source: string } | undefined;
  before: Stream['parsed'];
}

/** One for each pod whose lines are in it (`kubectl logs --prefix`), as its last start said; none where no line names the range. */
export function parseFelixLog(text: string): readonly FelixStart[] {
  const streams = new Map<string, Stream>();
  for (const [, pod = '', verb, name, value = '', source = ''] of text.matchAll(LINE)) {
    const stream = streams.get(pod) ?? { host: undefined, parsed: undefined, before: undefined };
    streams.set(pod, stream);
    if (name === 'FelixHostname') stream.host = verb === 'Parsed' ? value : stream.host;
    else if (verb === 'Parsed') [stream.before, stream.parsed] = [stream.parsed, { value, source }];
    else stream.parsed = stream.before;
  }
  return [...streams.values()].flatMap(({ host, parsed }) =>
    parsed === undefined ? [] : [{ host, range: rangeOf(parsed.value), source: parsed.source }],
  );
}

/** As numorstring.Port prints itself: `32768:65535`, `1024`, `0` for none. Felix writes a range where its end is above 0. */
function rangeOf(value: string): PortRange | undefined {
  const [, first, last = first] = /^(\d{1,5})(?::(\d{1,5}))?$/.exec(value) ?? [];
  const range = { first: Number(first), last: Number(last) };
  return range.last > 0 && range.first <= range.last && range.last <= MAX_PORT ? range : undefined;
}
