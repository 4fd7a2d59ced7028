// What `portolan verify` prints: a row for each node, what differs first, and the count.
import type { CheckOutcome, NodeCheck } from '../../core/advice/change/node-check.ts';
import { layoutColumns } from '../column-layout.ts';
import { type Line, paintLines } from '../line.ts';
import { formatCount, formatInteger } from '../number-text.ts';
import { readByWords } from '../read-by-words.ts';
import type { Style } from '../style.ts';

const VERIFY_OUTPUT_SCHEMA = 'portolan.dev/output/verify/v1';
const RANKS: Readonly<Record<CheckOutcome, number>> = { differs: 0, 'not-seen': 1, 'as-configured': 2 };

export function formatChecks(checks: readonly NodeCheck[], style: Style): string {
  const { symbols, palette } = style;
  const marks = { differs: symbols.critical, 'not-seen': symbols.unknown, 'as-configured': symbols.ok };
  const rows = sorted(checks).map(({ node, outcome, configured, installed, why, outsideFlows }) => [
    `${marks[outcome]} ${node}`,
    configured,
    installed ?? '-',
    outsideFlows === undefined ? '-' : formatInteger(outsideFlows),
    outcome === 'as-configured' ? 'as configured' : why,
  ]);
  const lines: Line[] = layoutColumns([['  NODE', 'CONFIGURED', 'RULES', 'FLOWS OUTSIDE', 'VERDICT'], ...rows]).map(
    (text) => ({ text }),
  );
  return paintLines([...lines, { text: summary(checks), tone: 'strong' }], palette);
}

function summary(checks: readonly NodeCheck[]): string {
  const count = (outcome: CheckOutcome): number => checks.filter((check) => check.outcome === outcome).length;
  const parts = [
    `${formatInteger(count('as-configured'))} of ${formatCount(checks.length, 'node')} as configured`,
    ...(count('differs') > 0 ? [`${formatInteger(count('differs'))} not`] : []),
    ...(count('not-seen') > 0 ? [`${formatInteger(count('not-seen'))} not seen`] : []),
  ];
  const ways = readByWords(checks.map(({ readBy }) => readBy));
  return [parts.join(', '), ...ways].map((text) => `${text[0]?.toUpperCase()}${text.slice(1)}.`).join(' ');
}

function sorted(checks: readonly NodeCheck[]): readonly NodeCheck[] {
  return checks.toSorted((left, right) => RANKS[left.outcome] - RANKS[right.outcome]);
}

export function checksDocument(checks: readonly NodeCheck[], cluster: string): object {
  return {
    schema: VERIFY_OUTPUT_SCHEMA,
    cluster,
    nodes: checks.map(checkDocument),
  };
}

export function checkDocument(check: NodeCheck): object {
  return {
    node: check.node,
    outcome: check.outcome,
    configured: check.configured,
    installed: check.installed ?? null,
    why: check.why,
    flowsOutside: check.outsideFlows ?? null,
    readBy: check.readBy ?? null,
  };
}
