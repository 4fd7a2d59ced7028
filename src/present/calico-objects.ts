// Prints Calico's objects byte for byte as calicoctl get does (calicoctl/commands/common/printer.go).
import { stringify } from 'yaml';

/** Columns as Go's tabwriter makes them: at least 5 wide, 3 blanks between, the last one padded too. */
const LEAST_WIDTH = 5;
const PADDING = 3;

/** One table of names, with the empty line that ends it. */
export function formatNameTable(names: readonly string[], columns = 1): string {
  const width = Math.max(LEAST_WIDTH, ...['NAME', ...names].map((cell) => cell.length + PADDING));
  const rows = ['NAME', ...names].map((cell) => `${cell.padEnd(width).repeat(columns)}\n`);
  return `${rows.join('')}\n`;
}

/** Two spaces deep, no line break at the end. */
export function formatCalicoJson(document: unknown): string {
  return JSON.stringify(document, null, 2);
}

/** Keys sorted; text that older YAML takes for something else is quoted. */
export function formatCalicoYaml(document: unknown): string {
  return stringify(document, {
    version: '1.1',
    lineWidth: 0,
    indentSeq: false,
    sortMapEntries: true,
    aliasDuplicateObjects: false,
  });
}
