// What a text of conntrack is, told from its first bytes; names and endings of files say nothing.
import { TextLines } from './text-lines.ts';
import { SaveLine } from './save-line.ts';

/**
 * `flows`: `conntrack -L`, /proc/net/nf_conntrack, ip_conntrack. `flows-save`, `flows-xml`: `-o save`, `-o xml`.
 * `counters`: `conntrack -S`. `counters-file`: /proc/net/stat/nf_conntrack. `events` (`-E`) and `expectations` are no table.
 */
export type FlowTextKind =
  | 'flows'
  | 'flows-save'
  | 'flows-xml'
  | 'counters'
  | 'counters-file'
  | 'events'
  | 'expectations';

/** How many bytes are enough to tell, unless long lines of something else stand in front. */
export const RECOGNISE_BYTES = 16_384;

/** The kind of the first line that belongs to conntrack; undefined when none does. Lines of shells and tools may stand before it. */
export function recogniseFlowText(firstBytes: Uint8Array): FlowTextKind | undefined {
  let kind: FlowTextKind | undefined;
  const see = (bytes: Uint8Array, start: number, stop: number): void => {
    kind ??= kindOfLine(bytes, start, stop);
  };
  const lines = new TextLines({
    line: see,
    cutLine: (bytes, stop) => see(bytes, 0, stop),
    tooLong: () => undefined,
  });
  lines.write(firstBytes.subarray(0, RECOGNISE_BYTES));
  lines.end();
  return kind;
}

/** The kind of one line. */
export function kindOfLine(bytes: Uint8Array, start: number, stop: number): FlowTextKind | undefined {
  if (SaveLine.starts(bytes, start, stop)) return 'flows-save';
  const text = latin1(bytes.subarray(start, Math.min(stop, start + 512))).trim();
  if (text.startsWith('<conntrack>') || text.startsWith('<flow')) return 'flows-xml';
  if (/^(\[\d+\.\d+\]\s+)?\[(NEW|UPDATE|DESTROY)\]/.test(text)) return 'events';
  if (/(^| )(l3proto = \d+ )?proto=\d+ src=/.test(text)) return 'expectations';
  if (text.includes('src=') && text.includes(' dst=')) return 'flows';
  if (/^(cpu=\d+\s+)?(searched|found)=\d+ /.test(text)) return 'counters';
  if (/^entries\s+\d+$/.test(text)) return 'counters';
  return /^entries\s+(searched|clashres)\s+found\s/.test(text) ? 'counters-file' : undefined;
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
