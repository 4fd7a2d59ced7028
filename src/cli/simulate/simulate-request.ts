// Reads the flags of `portolan simulate`; everything that is wrong with them is said at once.
import type { CommandInput } from '../command-spec.ts';
import type { FlagReader } from '../flags/flag-reader.ts';
import { LARGEST_SEED } from '../scenario-file/scenario-limits.ts';
import { durationSeconds } from '../scenario-file/value-forms.ts';
import { WORST } from './choose-node.ts';
import { STDIN } from './read-input-text.ts';

export interface SimulateRequest {
  /** The scenario; empty with `from`. */
  readonly file: string;
  /** A bundle, or files of a node, whose load is played instead of a scenario. */
  readonly from: string | undefined;
  /** Which node, where a bundle holds several. */
  readonly node: string | undefined;
  readonly seed: number | undefined;
  readonly atSeconds: number | undefined;
  /** Name of a node, or `worst`. */
  readonly diagnose: string | undefined;
}

/** Errors: PTL_USAGE. */
export function readSimulateRequest({ flags, format, mayAsk, surroundings }: CommandInput): SimulateRequest {
  const from = flags.text('from', 'a bundle, or a file, archive or folder of a node');
  const request = {
    file: from === undefined ? flags.operand('FILE', 'a scenario file, or - for stdin') : '',
    from,
    node: flags.text('node', 'the name of a node'),
    seed: readSeed(flags),
    atSeconds: readMoment(flags),
    diagnose: flags.text('diagnose', `the name of a node, for example worker-1, or ${WORST}`),
  };
  if (request.diagnose !== undefined && (format === 'csv' || format === 'svg'))
    flags.problem(`Cannot read --output: ${format} with --diagnose, wanted table, json or yaml`);
  if (request.node !== undefined && from === undefined)
    flags.problem('Cannot read --node: given without --from, wanted both: a scenario says itself which nodes it has');
  if ((from ?? request.file) === STDIN && surroundings.stdinIsTerminal && !mayAsk)
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
