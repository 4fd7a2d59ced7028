// Program: runs the house checks named on the command line, all without a name.
import { fileURLToPath } from 'node:url';
import { checkDocs } from './check-docs.ts';
import { checkLayers } from './check-layers.ts';
import { checkWords } from './check-words.ts';
import { formatReport, type Report } from './report.ts';

const CHECKS: ReadonlyMap<string, (root: string) => Report> = new Map([
  ['layers', (top) => checkLayers(top)],
  ['docs', (top) => checkDocs(top)],
  ['words', checkWords],
]);

const root = fileURLToPath(new URL('../..', import.meta.url));
const names = process.argv.length > 2 ? process.argv.slice(2) : [...CHECKS.keys()];
for (const name of names) {
  const check = CHECKS.get(name);
  if (check === undefined)
    throw new RangeError(`No check is named ${name}, wanted one of ${[...CHECKS.keys()].join(', ')}`);
  const report = check(root);
  process.stdout.write(formatReport(name, report));
  if (report.problems.length > 0) process.exitCode = 1;
}
