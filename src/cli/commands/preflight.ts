// portolan preflight: would today's load of a cluster fit the range that an update, or a person, is about to set?
import { isMisfit, isOpen, type MoveKind, type Preflight } from '../../core/advice/preflight.ts';
import { shellWord } from '../../core/advice/shell-word.ts';
import type { PortRange } from '../../core/model/port-range.ts';
import { inSameCluster } from '../cluster/cluster-command-text.ts';
import { readClusterChoice, readClusterReach } from '../cluster/cluster-flags.ts';
import { worldOf } from '../cluster/cluster-world.ts';
import type { CommandInput } from '../command-spec.ts';
import { COULD_NOT_MEASURE, FINE, FOUND } from '../exit-code.ts';
import { CHANCE, FACTOR } from '../plan/figure-forms.ts';
import { printDocument } from '../print-document.ts';
import { withProgress } from '../progress-line.ts';

/** What masters from 1.25 on set. */
const UPDATE: PortRange = { first: 32_768, last: 65_535 };
const TARGET = 0.001;
const WINDOW_SECONDS = 2;
const ROWS = 15;
const MOST_ROWS = 10_000;

/** @returns 0 all fits, 2 something does not, 3 it cannot be told. */
export async function runPreflight(input: CommandInput): Promise<number> {
  const { measures, signal } = input.surroundings;
  const { top, ...request } = readRequest(input);
  const found = await withProgress(input, (progress) =>
    measures.preflightCluster({ ...request, snatOnly: false, world: worldOf(input.surroundings), signal, progress }),
  );
  await print(found, input, { top, next: inSameCluster(nextAfter(found), request.choice) });
  return EXITS[found.verdict];
}

const EXITS: Readonly<Record<Preflight['verdict'], number>> = {
  fits: FINE,
  'does-not-fit': FOUND,
  'cannot-tell': COULD_NOT_MEASURE,
};

function readRequest({ flags }: CommandInput) {
  const asked = flags.range('to');
  const kind: MoveKind = flags.isGiven('to') ? 'default' : 'update';
  const request = {
    to: asked ?? UPDATE,
    kind,
    goal: { targetDrop: flags.value('target', CHANCE) ?? TARGET, loadFactor: flags.value('load', FACTOR) ?? 1 },
    windowSeconds: flags.seconds('for', WINDOW_SECONDS),
    choice: readClusterChoice(flags),
    reach: readClusterReach(flags),
    top: flags.count('top', { fallback: ROWS, most: MOST_ROWS }),
  };
  if (request.goal.targetDrop === 0)
    flags.problem('Cannot read --target: 0, wanted a chance above it: nothing is never lost');
  flags.finish();
  return request;
}

function nextAfter({ nodes, verdict }: Preflight): string {
  const [worst] = nodes;
  if (worst === undefined || verdict === 'fits') return 'portolan range';
  if (isMisfit(worst)) return `portolan plan --node ${shellWord(worst.node)}`;
  return isOpen(worst) ? `portolan diagnose --node ${shellWord(worst.node)}` : 'portolan range';
}

async function print(
  found: Preflight,
  { surroundings: { stdout }, style, format }: CommandInput,
  { top, next }: { readonly top: number; readonly next: string },
): Promise<void> {
  if (format === 'json' || format === 'yaml') {
    const { preflightDocument } = await import('../../present/preflight-document.ts');
    return printDocument(preflightDocument(found), format, stdout);
  }
  const { formatPreflight } = await import('../../present/preflight-table.ts');
  stdout.write(formatPreflight(found, { style, top, next }));
}
