// npm run bench [-- --quick] [--write] [NAME...]: runs the benchmarks and prints ratios first. A measurement, so it always exits 0.
import { isMet, type Measure, type Report } from './benchmark.ts';
import { BENCHMARKS } from './benchmarks.ts';

const args = process.argv.slice(2);
const names = args.filter((arg) => !arg.startsWith('-'));
const options = { quick: args.includes('--quick'), write: args.includes('--write') };

for (const benchmark of BENCHMARKS) {
  if (names.length > 0 && !names.includes(benchmark.name)) continue;
  try {
    for await (const report of benchmark.run(options)) print(report);
  } catch (error) {
    console.log(`${benchmark.name}: not measured: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function print(report: Report): void {
  console.log(`\n${report.title}`);
  for (const measure of report.measures) console.log(lineOf(measure));
  for (const note of report.notes ?? []) console.log(`  note: ${note}`);
}

function lineOf(measure: Measure): string {
  const value = `${measure.value.toFixed(measure.unit === 'x' ? 2 : 1)}${measure.unit === 'x' ? 'x' : ` ${measure.unit}`}`;
  const columns = [value.padStart(10), goalOf(measure).padEnd(18), measure.what.padEnd(52), measure.detail ?? ''];
  return `  ${columns.join('  ')}`.trimEnd();
}

function goalOf(measure: Measure): string {
  if (measure.goal === undefined) return '';
  const wanted = 'atMost' in measure.goal ? `<= ${measure.goal.atMost}` : `>= ${measure.goal.atLeast}`;
  return `${wanted} ${isMet(measure) === true ? 'met' : 'MISSED'}`;
}
