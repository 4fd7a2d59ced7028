// portolan lab run: build a scenario, drive it, diagnose its node, compare the verdict with the one it must get.
import type { Diagnosis } from '../../core/analysis/diagnosis.ts';
import type { PortRange } from '../../core/model/port-range.ts';
import { wrapText } from '../../present/wrap-text.ts';
import type { CommandInput } from '../command-spec.ts';
import { FAILED, FINE } from '../exit-code.ts';
import { lookUpScenario } from '../lab/scenario-name.ts';
import { printDiagnosis } from '../print-diagnosis.ts';
import { withProgress } from '../progress-line.ts';

const ROWS = 5;
const LIVE_SECONDS = 2;

/** @returns 0 when the verdict is the expected one, 1 when not: the trouble itself is wanted here. Another range may well change the verdict, so with --range it is not compared. */
export async function runLabRun(input: CommandInput): Promise<number> {
  const { surroundings, flags, style } = input;
  const name = flags.operand('NAME', 'a scenario of "lab list"');
  const range = flags.range('range');
  const isLive = flags.isSet('top');
  if (isLive && flags.isSet('explain')) flags.problem('Cannot read --explain: given with --top, wanted one of them');
  flags.finish();
  if (isLive) return watchLive(input, { name, range });
  const { measures, signal, stderr } = surroundings;
  const { story } = await lookUpScenario(name, { measures, programName: style.programName });
  await surroundings.isolate();
  stderr.write(`${wrapText(`${name}: ${story}`, { width: style.width }).join('\n')}\n\n`);
  const run = await withProgress(input, (progress) =>
    measures.runScenario(name, { signal, progress, ...(range === undefined ? {} : { range }) }),
  );
  const explain = flags.isSet('explain');
  const diagnosis = { ...(await measures.diagnose(run.facts)), next: nextCommand(name, explain) };
  await printDiagnosis(diagnosis, input, { top: ROWS, explain, isOver: true });
  if (range !== undefined) {
    stderr.write('expected: not compared, because --range changes the scenario\n');
    return FINE;
  }
  const answers = checksOf(diagnosis);
  const right = run.expected.filter((check) => answers.has(check));
  if (right.length > 0) {
    stderr.write(`expected: ${right.join(', ')} ${style.symbols.ok}\n`);
    return FINE;
  }
  stderr.write(
    `Cannot confirm scenario ${name}: diagnosed ${[...answers].join(', ')}, wanted ${run.expected.join(' or ')}\n`,
  );
  return FAILED;
}

async function watchLive(
  input: CommandInput,
  { name, range }: { readonly name: string; readonly range: PortRange | undefined },
): Promise<number> {
  const [{ checkTerminal }, { runScenarioTop }] = await Promise.all([
    import('../top/run-top.ts'),
    import('../top/node-looks.ts'),
  ]);
  checkTerminal(input);
  return runScenarioTop(input, { scenario: name, range, intervalSeconds: LIVE_SECONDS, isOnce: false });
}

/** The node of the scenario is gone: its trouble can be seen again, or from inside. */
function nextCommand(name: string, explain: boolean): string {
  return explain ? `portolan lab shell ${name}` : `portolan lab run ${name} --explain`;
}

function checksOf(diagnosis: Diagnosis): Set<string> {
  const findings = [...diagnosis.findings, ...diagnosis.portSpaces.flatMap((space) => space.findings)];
  return new Set(findings.length === 0 ? ['fine'] : findings.map((finding) => finding.check));
}
