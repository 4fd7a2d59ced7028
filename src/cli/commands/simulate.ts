// portolan simulate: read a scenario, play it in virtual time, print what happened; or diagnose one of its nodes at the end.
import { basename } from 'node:path';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { nextAfter } from '../../present/sim-next.ts';
import { momentText } from '../../present/sim-words.ts';
import type { SimReport } from '../../sim/sim-report.ts';
import type { SimScenario } from '../../sim/sim-scenario.ts';
import type { CommandInput } from '../command-spec.ts';
import { FINE } from '../exit-code.ts';
import type { FlagReader } from '../flags/flag-reader.ts';
import { didYouMean } from '../flags/suggestion.ts';
import type { SimulatedCluster } from '../measures.ts';
import { printDiagnosis } from '../print-diagnosis.ts';
import { withProgress } from '../progress-line.ts';
import { readScenario } from '../scenario-file/read-scenario.ts';
import { LARGEST_SEED, MOST_FILE_BYTES } from '../scenario-file/scenario-limits.ts';
import { durationSeconds } from '../scenario-file/value-forms.ts';
import { printSimulation } from '../simulate/print-simulation.ts';
import { readInputText, STDIN } from '../simulate/read-input-text.ts';

const ROWS = 5;
const WORST = 'worst';

/** @returns 0: trouble in a simulation is what was asked for. Errors: PTL_USAGE, PTL_INPUT_FILE, PTL_SCENARIO_FILE. */
export async function runSimulate(input: CommandInput): Promise<number> {
  const request = readRequest(input);
  const scenario = await loadScenario(request, input);
  const untilSeconds = request.atSeconds ?? scenario.durationSeconds;
  if (untilSeconds > scenario.durationSeconds)
    throw usage(
      `Cannot read --at: ${momentText(untilSeconds)}, wanted at most the duration of ${scenario.name}: ${momentText(scenario.durationSeconds)}`,
      input,
    );
  const { measures, signal, now, pause } = input.surroundings;
  const cluster = await withProgress(input, (progress) =>
    measures.simulate({ scenario, untilSeconds, signal, progress, now, pause }),
  );
  const next = nextAfter(cluster.report, shellWord(request.file));
  if (request.diagnose === undefined) await printSimulation(cluster.report, input, next);
  else await printNode(cluster, { name: request.diagnose, next }, input);
  return FINE;
}

interface Request {
  readonly file: string;
  readonly seed: number | undefined;
  readonly atSeconds: number | undefined;
  /** Name of a node, or `worst`. */
  readonly diagnose: string | undefined;
}

function readRequest({ flags, format, mayAsk, surroundings }: CommandInput): Request {
  const request = {
    file: flags.operand('FILE', 'a scenario file, or - for stdin'),
    seed: readSeed(flags),
    atSeconds: readMoment(flags),
    diagnose: flags.text('diagnose', `the name of a node, for example worker-1, or ${WORST}`),
  };
  if (request.diagnose !== undefined && (format === 'csv' || format === 'svg'))
    flags.problem(`Cannot read --output: ${format} with --diagnose, wanted table, json or yaml`);
  if (request.file === STDIN && surroundings.stdinIsTerminal && !mayAsk)
    flags.problem('Cannot read FILE: - with --no-input, wanted a file: stdin is a terminal');
  flags.finish();
  return request;
}

function readSeed(flags: FlagReader): number | undefined {
  const wanted = `a whole number from 0 to ${LARGEST_SEED}`;
  const given = flags.text('seed', wanted);
  if (given === undefined) return undefined;
  const seed = /^\d{1,10}$/.test(given) ? Number(given) : Number.NaN;
  if (seed <= LARGEST_SEED) return seed;
  flags.problem(`Cannot read --seed: ${given}, wanted ${wanted}`);
  return undefined;
}

function readMoment(flags: FlagReader): number | undefined {
  const wanted = 'a moment of the scenario, for example 90s, 10m or 1h30m';
  const given = flags.text('at', wanted);
  if (given === undefined) return undefined;
  const seconds = durationSeconds(given);
  if (seconds !== undefined && seconds > 0) return seconds;
  flags.problem(`Cannot read --at: ${given}, wanted ${wanted}`);
  return undefined;
}

async function loadScenario({ file, seed }: Request, { surroundings }: CommandInput): Promise<SimScenario> {
  const text = await readInputText(file, {
    wanted: 'a scenario file',
    mostBytes: MOST_FILE_BYTES,
    readStdin: surroundings.readStdin,
  });
  const scenario = readScenario(text, { file: file === STDIN ? 'stdin' : file, name: nameOf(file) });
  return seed === undefined ? scenario : { ...scenario, seed };
}

/** The file's name without its end, as a name may be. */
function nameOf(file: string): string {
  if (file === STDIN) return 'stdin';
  const name = basename(file)
    .replace(/\.ya?ml$/i, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 63);
  return name === '' ? 'scenario' : name;
}

async function printNode(
  { report, factsOf }: SimulatedCluster,
  { name, next }: { readonly name: string; readonly next: string },
  input: CommandInput,
): Promise<void> {
  const node = chooseNode(report, name, input);
  const { measures, stderr } = input.surroundings;
  const at = momentText(report.seconds.at(-1) ?? 0);
  stderr.write(`${node} of ${report.scenario.name}, simulated, after ${at}:\n\n`);
  const diagnosis = { ...(await measures.diagnose(factsOf(node))), next };
  await printDiagnosis(diagnosis, input, { top: ROWS, explain: false, isOver: true });
}

/** The worst node lost most; of those that lost nothing it was fullest. */
function chooseNode({ nodes }: SimReport, name: string, input: CommandInput): string {
  const share = ({ peakPorts, capacityPorts }: SimReport['nodes'][number]): number =>
    peakPorts / Math.max(1, capacityPorts);
  const [worst] = [...nodes].sort((left, right) => right.drops - left.drops || share(right) - share(left));
  const chosen = name === WORST ? worst : nodes.find(({ node }) => node === name);
  if (chosen !== undefined) return chosen.node;
  const names = nodes.map(({ node }) => node);
  const known = names.length <= 4 ? names.join(', ') : `${names[0] ?? ''} to ${names.at(-1) ?? ''}`;
  throw usage(`Cannot read --diagnose: ${name}, wanted ${known} or ${WORST}${didYouMean(name, names)}`, input);
}

function usage(message: string, { style }: CommandInput): PortolanError {
  return new PortolanError('PTL_USAGE', message, { hint: `${style.programName} simulate --help` });
}

/** A path as a shell reads it back. */
function shellWord(path: string): string {
  return /^[\w./+-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
