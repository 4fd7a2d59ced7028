// The lab's scenarios: a name to type, what happens in it, and the verdict it must get.
import { layoutColumns } from './column-layout.ts';
import { type Line, paintLines } from './line.ts';
import { commandText, type Style } from './style.ts';
import { wrapText } from './wrap-text.ts';

export const SCENARIOS_OUTPUT_SCHEMA = 'portolan.dev/output/scenarios/v1';

export interface ScenarioRow {
  readonly name: string;
  /** What happens, in one sentence. */
  readonly story: string;
  /** The check ids that a right diagnosis gives. */
  readonly expected: readonly string[];
}

/** Name and verdict on one line each, the story below. */
export function formatScenarios(scenarios: readonly ScenarioRow[], style: Style): string {
  const rows = layoutColumns(scenarios.map(({ name, expected }) => [name, expected.join(', ')]));
  const lines = scenarios.flatMap(({ name, story }, index): Line[] => [
    { text: rows[index] ?? '', tone: 'strong', tonedCharacters: name.length },
    ...wrapText(story, { width: style.width, first: '    ' }).map((text): Line => ({ text, tone: 'faint' })),
  ]);
  const next = commandText(`portolan lab run ${scenarios[0]?.name ?? 'NAME'}`, style);
  return paintLines([...lines, { text: '' }, { text: `Next: ${next}`, tone: 'strong' }], style.palette);
}

/** The plain object behind `portolan lab list -o json`. */
export function scenariosDocument(scenarios: readonly ScenarioRow[]) {
  return {
    schema: SCENARIOS_OUTPUT_SCHEMA,
    scenarios: scenarios.map(({ name, story, expected }) => ({ name, story, expected })),
  };
}
