// portolan top: a live view of a node's SNAT ports.
import type { CommandInput } from '../command-spec.ts';
import type { FlagReader } from '../flags/flag-reader.ts';
import { runNodeTop, runScenarioTop } from '../top/node-looks.ts';
import { checkTerminal } from '../top/run-top.ts';

const INTERVAL_SECONDS = 2;

/** @returns 0 when left, 130 after Ctrl-C; with --once 3 when something that decides was not seen. */
export async function runTopCommand(input: CommandInput): Promise<number> {
  const { scenario, range, netns, ...request } = readRequest(input.flags);
  if (!request.isOnce) checkTerminal(input);
  return scenario === undefined
    ? runNodeTop(input, { ...request, netns })
    : runScenarioTop(input, { ...request, scenario, range });
}

function readRequest(flags: FlagReader) {
  const request = {
    intervalSeconds: flags.seconds('interval', INTERVAL_SECONDS),
    isOnce: flags.isSet('once'),
    netns: flags.text('netns', 'the path of a network namespace, for example /run/netns/blue'),
    scenario: flags.text('lab', 'a scenario of "lab list"'),
    range: flags.range('range'),
  };
  if (flags.isGiven('lab') && flags.isGiven('netns'))
    flags.problem('Cannot read --netns: given with --lab, wanted one of them');
  if (flags.isGiven('range') && !flags.isGiven('lab'))
    flags.problem(
      'Cannot read --range: given without --lab, wanted a scenario: the range of a real node is not changed here',
    );
  flags.finish();
  return request;
}
