// What this kernel was seen to do, as questions with answers and what each answer means for ports.
import type { Answer, KernelBehaviour } from '../core/model/kernel-behaviour.ts';
import { layoutColumns } from './column-layout.ts';
import { type Line, paintLines } from './line.ts';
import type { Style } from './style.ts';
import { wrapText } from './wrap-text.ts';

export const PROBE_OUTPUT_SCHEMA = 'portolan.dev/output/kernel-behaviour/v1';

interface ProbeRow {
  readonly question: string;
  readonly answer: string;
  readonly meaning: string;
}

/** The probe's answers, one row each, then how each was found. */
export function formatProbe(behaviour: KernelBehaviour, style: Style): string {
  const rows = probeRows(behaviour);
  const columns = layoutColumns(rows.map(({ question, answer }) => [question, answer]));
  const lines: Line[] = [
    { text: `kernel ${behaviour.release}`, tone: 'strong' },
    { text: '' },
    ...rows.flatMap((row, index) => rowLines(row, columns[index] ?? '', style)),
    ...evidenceLines(behaviour.evidence, style),
  ];
  return paintLines(lines, style.palette);
}

/** The plain object behind `portolan probe -o json`. */
export function probeDocument(behaviour: KernelBehaviour) {
  return { schema: PROBE_OUTPUT_SCHEMA, ...behaviour };
}

function rowLines(row: ProbeRow, columns: string, style: Style): Line[] {
  const meaning = wrapText(row.meaning, { width: style.width, first: '    ' });
  return [{ text: columns }, ...meaning.map((text): Line => ({ text, tone: 'faint' }))];
}

function evidenceLines(evidence: readonly string[], style: Style): Line[] {
  if (evidence.length === 0) return [{ text: '' }, { text: 'Nothing was tried.' }];
  return [
    { text: '' },
    { text: 'How it was found:' },
    ...evidence.flatMap((text) => wrapText(text, { width: style.width, first: '  - ' })).map((text) => ({ text })),
  ];
}

function probeRows(behaviour: KernelBehaviour): ProbeRow[] {
  const { evictsClosing, search, filtersSnatDump, moduloBias, eventMode } = behaviour;
  return [
    {
      question: 'Does a new connection take over the port of a closing one?',
      answer: word(evictsClosing),
      meaning: EVICTION[evictsClosing],
    },
    { question: 'How does it look for a free port?', answer: SEARCH_WORD[search], meaning: SEARCH[search] },
    { question: 'Does it favour the low end of a range?', answer: word(moduloBias), meaning: BIAS[moduloBias] },
    {
      question: 'Does it filter a dump to SNATed flows?',
      answer: word(filtersSnatDump),
      meaning: FILTER[filtersSnatDump],
    },
    {
      question: 'Does it report new and ended flows (nf_conntrack_events)?',
      answer: String(eventMode),
      meaning: EVENTS[String(eventMode)] ?? '',
    },
  ];
}

function word(answer: Answer): string {
  return answer === 'unknown' ? 'not known' : answer;
}

const EVICTION: Readonly<Record<Answer, string>> = {
  yes: 'Closing TCP connections (TIME_WAIT) hardly cost ports: most can be taken over at once.',
  no: 'Every closing TCP connection holds its port for up to 2 min (TIME_WAIT): many short connections run out of ports.',
  unknown: 'The chance of a lost connection is given for both cases.',
};
const SEARCH_WORD: Readonly<Record<KernelBehaviour['search'], string>> = {
  windows: 'windows',
  'full-scan': 'full scan',
  unknown: 'not known',
};
const SEARCH: Readonly<Record<KernelBehaviour['search'], string>> = {
  windows:
    'It tries up to 248 ports in five runs (128, 64, 32, 16, 8) and then drops the packet, even when others are free.',
  'full-scan': 'It tries every port of the range: nothing is lost before the last port is held.',
  unknown: 'Verdicts assume the search in windows that kernels since 5.0 have.',
};
const BIAS: Readonly<Record<Answer, string>> = {
  yes: 'A range that does not divide 65,536 fills unevenly, so a half-way widening gains less than its size.',
  no: 'All ports of a range are equally likely.',
  unknown: 'Verdicts assume that it does.',
};
const FILTER: Readonly<Record<Answer, string>> = {
  yes: 'Reading costs only as much as the SNATed flows do.',
  no: 'Every flow of the table is read and the rest thrown away.',
  unknown: 'What comes back is checked again either way.',
};
const EVENTS: Readonly<Record<string, string>> = {
  '0': 'Off: new connections per second cannot be seen.',
  '1': 'On: new connections are counted as they appear.',
  '2': 'Auto: on while someone listens; flows born before that end without a report.',
  unknown: 'New connections per second may not be seen.',
};
