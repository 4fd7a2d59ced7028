// The scenario that a command line asks for: the file's, with the seed and the end that flags give.
import { basename } from 'node:path';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { momentText } from '../../present/simulation/sim-words.ts';
import type { SimScenario } from '../../sim/sim-scenario.ts';
import type { CommandInput } from '../command-spec.ts';
import { readScenario } from '../scenario-file/read-scenario.ts';
import { MOST_FILE_BYTES } from '../scenario-file/scenario-limits.ts';
import type { Surroundings } from '../surroundings.ts';
import { readInputText, STDIN } from './read-input-text.ts';
import { scenarioFromFiles } from './scenario-from-files.ts';
import type { SimulateRequest } from './simulate-request.ts';

/** Errors: PTL_INPUT_FILE, PTL_SCENARIO_FILE, those of reading a node's files, PTL_USAGE when the scenario ends before --at. */
export async function loadScenario(
  { file, from, node, seed, atSeconds }: SimulateRequest,
  { input, helpCommand }: { readonly input: CommandInput; readonly helpCommand: string },
): Promise<SimScenario> {
  const scenario =
    from === undefined
      ? await scenarioOfFile(file, input.surroundings)
      : await scenarioFromFiles({ from, node }, input);
  const end = atSeconds ?? scenario.durationSeconds;
  if (end > scenario.durationSeconds) throw tooLate(end, scenario, helpCommand);
  return cutAt(seed === undefined ? scenario : { ...scenario, seed }, end);
}

async function scenarioOfFile(
  file: string,
  { readStdin, signal, sleep }: Pick<Surroundings, 'readStdin' | 'signal' | 'sleep'>,
): Promise<SimScenario> {
  const text = await readInputText(file, {
    wanted: 'a scenario file',
    mostBytes: MOST_FILE_BYTES,
    readStdin,
    signal,
    sleep,
  });
  return readScenario(text, { file: file === STDIN ? 'stdin' : file, name: nameOf(file) });
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

/** The scenario up to a moment: what comes later does not happen. */
function cutAt(scenario: SimScenario, atSeconds: number): SimScenario {
  const events = scenario.events.filter((event) => event.atSeconds < atSeconds);
  return { ...scenario, durationSeconds: atSeconds, events };
}

function tooLate(atSeconds: number, { name, durationSeconds }: SimScenario, hint: string): PortolanError {
  const wanted = `at most the duration of ${name}: ${momentText(durationSeconds)}`;
  return new PortolanError('PTL_USAGE', `Cannot read --at: ${momentText(atSeconds)}, wanted ${wanted}`, { hint });
}
