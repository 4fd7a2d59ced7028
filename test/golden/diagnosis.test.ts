import { describe, expect, it } from 'vitest';
import { diagnosisDocument } from '../../src/present/diagnosis-document.ts';
import { formatDiagnosisExplained } from '../../src/present/diagnosis-explain.ts';
import { formatDiagnosisMarkdown } from '../../src/present/diagnosis-markdown.ts';
import { formatDiagnosisTable } from '../../src/present/diagnosis-table.ts';
import { formatDiagnosisWide } from '../../src/present/diagnosis-wide.ts';
import { ANSI_PALETTE } from '../../src/present/palette.ts';
import { DEFAULT_STYLE } from '../../src/present/style.ts';
import { ASCII_SYMBOLS } from '../../src/present/symbols.ts';
import { matchGolden } from './match-golden.ts';
import { SAMPLE_DIAGNOSES } from './sample-diagnoses.ts';

const TOP = 5;
const SAMPLES = Object.entries(SAMPLE_DIAGNOSES);
const NARROW = { ...DEFAULT_STYLE, width: 80 };
const ASCII = { ...DEFAULT_STYLE, symbols: ASCII_SYMBOLS };

describe('the first screen', () => {
  it.each(SAMPLES)('%s at 100 columns', (name, diagnosis) => {
    matchGolden(`${name}.100.txt`, formatDiagnosisTable(diagnosis, { style: DEFAULT_STYLE, top: TOP }));
  });

  it.each(SAMPLES)('%s at 80 columns', (name, diagnosis) => {
    matchGolden(`${name}.80.txt`, formatDiagnosisTable(diagnosis, { style: NARROW, top: TOP }));
  });

  it.each(SAMPLES)('%s keeps to its width, on one screen, with the next command last', (_, diagnosis) => {
    for (const style of [DEFAULT_STYLE, NARROW]) {
      const lines = formatDiagnosisTable(diagnosis, { style, top: TOP }).trimEnd().split('\n');
      expect(lines.filter((line) => line.length > style.width && !line.includes('what helps: calicoctl'))).toEqual([]);
      expect(lines.filter((line) => line !== line.trimEnd())).toEqual([]);
      expect(lines.length).toBeLessThanOrEqual(40);
      expect(lines.at(-1)).toMatch(/^Next: /);
    }
  });

  it.each(SAMPLES)('%s says the same with colour and without', (_, diagnosis) => {
    const plain = formatDiagnosisTable(diagnosis, { style: DEFAULT_STYLE, top: TOP });
    const colored = formatDiagnosisTable(diagnosis, { style: { ...DEFAULT_STYLE, palette: ANSI_PALETTE }, top: TOP });
    expect(colored).not.toBe(plain);
    expect(stripSgr(colored)).toBe(plain);
  });

  it.each(SAMPLES)('%s has an ASCII twin', (_, diagnosis) => {
    const text = formatDiagnosisTable(diagnosis, { style: ASCII, top: TOP });
    expect(text).toMatch(/^[\n -~]*$/);
  });

  it('in ASCII', () => {
    matchGolden(
      'critical-churn.ascii.txt',
      formatDiagnosisTable(SAMPLE_DIAGNOSES['critical-churn'], { style: ASCII, top: TOP }),
    );
  });

  it('says which rows --top cut, worst first, and how to see them', () => {
    matchGolden(
      'critical-churn.top-1.txt',
      formatDiagnosisTable(SAMPLE_DIAGNOSES['critical-churn'], { style: DEFAULT_STYLE, top: 1 }),
    );
  });

  it('says the same sentence and the same remedy once', () => {
    const churn = SAMPLE_DIAGNOSES['critical-churn'];
    const [row] = churn.portSpaces;
    if (row === undefined) throw new Error('the sample has no row');
    const twice = { ...churn, portSpaces: [row, { ...row, portSpace: { ...row.portSpace, remotePort: 8443 } }] };
    const text = formatDiagnosisTable(twice, { style: DEFAULT_STYLE, top: TOP });
    expect(text.match(/Closed connections/g)).toHaveLength(1);
    expect(text.match(/what helps: calicoctl/g)).toHaveLength(1);
    expect(text).toContain('what helps: same as above\n');
  });

  it('spells commands as the plugin is called', () => {
    const text = formatDiagnosisTable(SAMPLE_DIAGNOSES['cannot-tell'], {
      style: { ...DEFAULT_STYLE, programName: 'kubectl snat' },
      top: TOP,
    });
    expect(text).toContain('Next: sudo kubectl snat diagnose\n');
    expect(text).not.toContain('portolan');
  });
});

describe('the other formats', () => {
  it.each(['critical-churn', 'with-workloads', 'conflict', 'many-gaps', 'cannot-tell'] as const)('%s wide', (name) => {
    matchGolden(`${name}.wide.txt`, formatDiagnosisWide(SAMPLE_DIAGNOSES[name], DEFAULT_STYLE));
  });

  it.each(['critical-churn', 'with-workloads', 'table-full', 'many-gaps'] as const)('%s explained', (name) => {
    matchGolden(
      `${name}.explain.txt`,
      formatDiagnosisExplained(SAMPLE_DIAGNOSES[name], { style: DEFAULT_STYLE, top: TOP }),
    );
  });

  it.each(['critical-churn', 'with-workloads', 'conflict', 'cannot-tell'] as const)('%s as JSON', (name) => {
    matchGolden(`${name}.json.txt`, `${JSON.stringify(diagnosisDocument(SAMPLE_DIAGNOSES[name]), null, 2)}\n`);
  });

  it.each(['critical-churn', 'with-workloads', 'table-full', 'cannot-tell'] as const)('%s as Markdown', (name) => {
    matchGolden(`${name}.md`, formatDiagnosisMarkdown(SAMPLE_DIAGNOSES[name], DEFAULT_STYLE));
  });

  it('JSON has the same keys whatever was seen', () => {
    const keys = Object.values(SAMPLE_DIAGNOSES).map((diagnosis) => Object.keys(diagnosisDocument(diagnosis)).join());
    expect(new Set(keys).size).toBe(1);
  });

  it('JSON says null for what is not known, never nothing', () => {
    const text = JSON.stringify(diagnosisDocument(SAMPLE_DIAGNOSES['cannot-tell']), (_, value: unknown) =>
      value === undefined ? 'UNDEFINED' : value,
    );
    expect(text).not.toContain('UNDEFINED');
    expect(diagnosisDocument(SAMPLE_DIAGNOSES['cannot-tell']).lostPackets).toBeNull();
  });
});

/** Takes SGR sequences out of text. */
function stripSgr(text: string): string {
  return text
    .split('\u001b')
    .map((part, index) => (index === 0 ? part : part.slice(part.indexOf('m') + 1)))
    .join('');
}
