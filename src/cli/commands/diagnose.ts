// portolan diagnose: watch this node for a moment, or read what was saved of one, judge it, print the answer.
import { CHECK_IDS } from '../../core/analysis/finding.ts';
import { selectChecks } from '../../present/diagnosis-selection.ts';
import type { CommandInput } from '../command-spec.ts';
import { exitCodeOf, FAIL_ON } from '../exit-code.ts';
import type { FlagReader } from '../flags/flag-reader.ts';
import { printDiagnosis } from '../print-diagnosis.ts';
import { withProgress } from '../progress-line.ts';

const WINDOW_SECONDS = 2;
const ROWS = 5;
const MOST_ROWS = 10_000;

/** @returns 0 fine, 2 a finding at or above --fail-on, 3 nothing could be measured. */
export async function runDiagnose(input: CommandInput): Promise<number> {
  const { measures, signal, wallClock, readStdin } = input.surroundings;
  const request = readRequest(input.flags);
  const facts = await withProgress(input, (progress) =>
    request.files.length > 0
      ? measures.observeFiles({ paths: request.files, at: wallClock(), readStdin, signal, progress, ...request.ofNode })
      : measures.observeNode({
          windowSeconds: request.windowSeconds,
          snatOnly: request.snatOnly,
          signal,
          progress,
          ...(request.netns === undefined ? {} : { netns: request.netns }),
        }),
  );
  const diagnosis = selectChecks(await measures.diagnose(facts), request);
  await printDiagnosis(diagnosis, input, request);
  return exitCodeOf(diagnosis, request.failOn);
}

function readRequest(flags: FlagReader) {
  const request = {
    windowSeconds: flags.seconds('for', WINDOW_SECONDS),
    netns: flags.text('netns', 'the path of a network namespace, for example /run/netns/blue'),
    top: flags.count('top', { fallback: ROWS, most: MOST_ROWS }),
    only: flags.choices('only', CHECK_IDS),
    skip: flags.choices('skip', CHECK_IDS),
    failOn: flags.choice('failOn', FAIL_ON, 'critical'),
    explain: flags.isSet('explain'),
    snatOnly: flags.isSet('snatOnly'),
    ofNode: nodeFlag(flags),
    files: flags.operandsLeft(),
  };
  if (request.files.length > 0) refuseLiveFlags(flags);
  else if (flags.isGiven('node')) flags.problem('Cannot read --node: given without files, wanted a bundle with it');
  for (const check of request.only)
    if (request.skip.includes(check))
      flags.problem(`Cannot read --skip: ${check}, wanted a check that --only does not name`);
  flags.finish();
  return request;
}

function nodeFlag(flags: FlagReader): { readonly node?: string } {
  const node = flags.text('node', 'the name of a node');
  return node === undefined ? {} : { node };
}

/** Flags that ask something of a running node mean nothing to a file. */
function refuseLiveFlags(flags: FlagReader): void {
  for (const [flag, name] of LIVE_FLAGS)
    if (flags.isGiven(flag))
      flags.problem(`Cannot read ${name}: given with files, wanted none: files show the moment they were saved`);
}

const LIVE_FLAGS = [
  ['for', '--for'],
  ['netns', '--netns'],
  ['snatOnly', '--snat-only'],
] as const;
