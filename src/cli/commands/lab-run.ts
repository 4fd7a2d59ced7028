// portolan lab run: build a scenario, drive it, diagnose its node, compare the verdict with the one it must get.
import type { Diagnosis } from '../../core/analysis/diagnosis.ts';
import type { CommandInput } from '../command-spec.ts';
import { FAILED, FINE } from '../exit-code.ts';
import { checkScenarioName } from '../lab/scenario-name.ts';
import { printDiagnosis } from '../print-diagnosis.ts';
import { withProgress } from '../progress-line.ts';

const ROWS = 5;

/** @returns 0 when the verdict is the expected one, 1 when not: the trouble itself is wanted here. */
export async function runLabRun(input: CommandInput): Promise<number> {
  const { surroundings, flags, style } = input;
  const name = flags.operand('NAME', 'a scenario of "lab list"');
  const range = flags.range('range');
  flags.finish();
  const { measures, signal, stderr } = surroundings;
  await checkScenarioName(name, { measures, programName: style.programName });
  await surroundings.isolate();
  const run = await withProgress(input, (progress) =>
    measures.runScenario(name, { signal, progress, ...(range === undefined ? {} : { range }) }),
  );
  const diagnosis = await measures.diagnose(run.facts);
  await printDiagnosis(diagnosis, input, { top: ROWS, explain: flags.isSet('explain') });
  if (range !== undefined) return FINE;
  const answers = checksOf(diagnosis);
  if (run.expected.some((check) => answers.has(check))) return FINE;
  stderr.write(
    `Cannot confirm scenario ${name}: diagnosed ${[...answers].join(', ')}, wanted ${run.expected.join(' or ')}\n`,
  );
  return FAILED;
}

function checksOf(diagnosis: Diagnosis): Set<string> {
  const findings = [...diagnosis.findings, ...diagnosis.portSpaces.flatMap((space) => space.findings)];
  return new Set(findings.length === 0 ? ['fine'] : findings.map((finding) => finding.check));
}
