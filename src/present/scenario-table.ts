// The lab's scenarios: a name to type, what happens in it, and the verdict it must get.
import { layoutColumns } from './column-layout.ts';
import { commandText, type Style } from './style.ts';

export const SCENARIOS_OUTPUT_SCHEMA = 'portolan.dev/output/scenarios/v1';

export interface ScenarioRow {
  readonly name: string;
  /** What happens, in one sentence. */
  readonly story: string;
  /** The check ids that a right diagnosis gives. */
  readonly expected: readonly string[];
}

/** One row per scenario, stories cut at the width. */
export function formatScenarios(scenarios: readonly ScenarioRow[], style: Style): string {
  const rows = scenarios.map(({ name, story, expected }) => [name, expected.join(', '), story]);
  const lines = layoutColumns([['NAME', 'VERDICT', 'STORY'], ...rows]).map((line) => cut(line, style.width));
  const first = scenarios[0]?.name ?? 'NAME';
  return `${[...lines, '', `Next: ${commandText(`portolan lab run ${first}`, style)}`].join('\n')}\n`;
}

/** The plain object behind `portolan lab list -o json`. */
export function scenariosDocument(scenarios: readonly ScenarioRow[]) {
  return {
    schema: SCENARIOS_OUTPUT_SCHEMA,
    scenarios: scenarios.map(({ name, story, expected }) => ({ name, story, expected })),
  };
}

function cut(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, width - 3).trimEnd()}...`;
}
