// docs/reference/scenario.md, made from the keys that the reader uses, so that it cannot say anything else.
import type { Key } from '../scenario-file/form.ts';
import { HOLD_FORM } from '../scenario-file/hold-form.ts';
import { DESTINATION, EVENT, NODES, TIMEOUTS, TOP, WORKLOAD } from '../scenario-file/scenario-keys.ts';
import * as limits from '../scenario-file/scenario-limits.ts';
import { formatInteger } from '../../present/number-text.ts';

type KeyTable = Readonly<Record<string, Pick<Key<unknown>, 'name' | 'about'> & DescribedKey>>;

interface DescribedKey {
  readonly form: { readonly wanted: string };
  readonly fallback?: { readonly text: string };
}

/** The whole page. */
export function generateScenarioReference(): string {
  return `${[
    '# Scenario files',
    '<!-- Made from src/cli/scenario-file/scenario-keys.ts: change it there, then npm run reference -->',
    '`portolan simulate FILE.yaml` plays a cluster in virtual time. The file is YAML 1.2; ten that work, with what each shows, are in [examples/](../../examples/README.md). What is wrong with a file is said at once, each with file, line, column and the wanted form.',
    SMALLEST,
    NOTES.join('\n'),
    '## The file',
    keyTable(TOP, [
      ['`nodes`', 'The nodes, all alike: see below', 'a map', 'required'],
      [
        '`destinations`',
        'Where connections go: see below',
        `a list of 1 to ${formatInteger(limits.MOST_DESTINATIONS)}`,
        'required',
      ],
      ['`workloads`', 'Who connects: see below', `a list of 1 to ${formatInteger(limits.MOST_WORKLOADS)}`, 'required'],
      ['`events`', 'What happens when: see below', `a list of at most ${formatInteger(limits.MOST_EVENTS)}`, 'none'],
    ]),
    '## `nodes`',
    keyTable(NODES, [['`timeouts`', 'How long ports stay taken: see below', 'a map', 'the defaults of Linux']]),
    '### `timeouts`',
    keyTable(TIMEOUTS),
    '## `destinations`',
    'Each is one protocol, address and port; within it a node can use each port of its range once.',
    keyTable(DESTINATION),
    '## `workloads`',
    keyTable(WORKLOAD),
    `\`hold\` is ${HOLD_FORM.wanted}. For a UDP destination it is the time between the first and the last datagram; \`closes\` does not apply.`,
    '## `events`',
    'Each has `at` and exactly one of `natPortRange`, `deploy`, `burst`, `change`, `nodes`.',
    keyTable(EVENT),
    '```yaml\nevents:\n  - { at: 5m, natPortRange: "4790:65535" }\n  - { at: 10m, deploy: checkout, over: 60s }\n  - { at: 15m, burst: checkout, rate: 200/s, for: 30s }\n  - { at: 20m, change: checkout, rate: 100/s }\n  - { at: 25m, nodes: 5 }\n```',
    '## Limits of a file',
    limitTable(),
    'The numbers of connections are estimated from the averages before anything runs.',
  ].join('\n\n')}\n`;
}

const SMALLEST = `\`\`\`yaml
duration: 10m
nodes: { kernel: "6.1", natPortRange: "32768:65535" }
destinations:
  - { name: api, address: "203.0.113.9:443" }
workloads:
  - { name: checkout, pods: 4, destination: api, rate: 300/s, hold: 1s }
\`\`\``;

const NOTES = [
  '- **Durations** carry a unit: `500ms`, `30s`, `10m`, `1h30m`, `7d`. **Rates** too: `300/s`, `18000/min`, `40/h`. A bare number is refused.',
  '- **Addresses** are `"203.0.113.9:443"` or `"[2001:db8::1]:443"`.',
  '- **Ranges** are written as in Calico, `"32768:65535"`, with a colon. A dash is refused: Calico takes `32768-65535` for the name of a port and silently sets no range. So is what other programs read as a number: `10:50` without quotes is 650 in YAML 1.1 (base 60).',
  '- **Releases** are read as they are typed: `6.10` without quotes is the release 6.10, not 6.1.',
  '- Aliases (`*name`) are refused; every value stands where it counts.',
];

function keyTable(keys: KeyTable, more: readonly (readonly string[])[] = []): string {
  const rows = Object.values(keys).map(({ name, about, form, fallback }) => [
    `\`${name}\``,
    about,
    form.wanted,
    fallback === undefined ? 'required' : fallback.text,
  ]);
  return table(['Key', 'What it is', 'Form and limits', 'Without it'], [...rows, ...more]);
}

function limitTable(): string {
  return table(
    ['What', 'At most'],
    [
      ['bytes', formatInteger(limits.MOST_FILE_BYTES)],
      ['connections of the whole run', formatInteger(limits.MOST_FLOWS)],
      ['connections that exist at once', formatInteger(limits.MOST_HELD_FLOWS)],
      ['nodes x SNAT addresses x destinations', formatInteger(limits.MOST_PORT_SPACES)],
      ['samples (`duration` / `sample`)', formatInteger(limits.MOST_SAMPLES)],
    ],
  );
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, header.map(() => '---'), ...rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')))];
  return lines.map((row) => `| ${row.join(' | ')} |`).join('\n');
}
