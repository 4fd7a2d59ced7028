// New and ended flows of a node while the window is open, by `conntrack -E` there.
import type { FlowArrivals } from '../../core/model/churn.ts';
import type { Gap } from '../../core/model/gap.ts';
import { FlowEventReader } from '../../dumps/flows/flow-event-reader.ts';
import type { NodeCommands } from './node-commands.ts';
import { missedEvents, noEvents } from './remote-gaps.ts';

export interface RemoteArrivals {
  readonly arrivals: FlowArrivals | undefined;
  readonly gaps: readonly Gap[];
}

/**
 * `timeout` ends the listener on the node itself: when the connection of an exec goes away, what it started goes on. It ends
 * with 124 then. SNATed flows only: the others are no arrivals, and most of the text.
 */
export async function readRemoteArrivals(commands: NodeCommands, windowSeconds: number): Promise<RemoteArrivals> {
  const reader = new FlowEventReader();
  const listener = ['conntrack', '-E', '-e', 'NEW,DESTROY', '--src-nat'];
  const end = await commands.stream(['timeout', '-s', 'INT', String(windowSeconds), ...listener], (chunk) =>
    reader.write(chunk),
  );
  // Interrupted as it should be, or not at all: its first line on stderr is then a reason.
  const said = end.stderr.split('\n').filter((line) => line !== '' && !isClosingNotice(line));
  const overrun = said.some((line) => /ENOBUFS/.test(line));
  if (!end.ok && !isInterrupt(end.why) && !overrun) return { arrivals: undefined, gaps: [noEvents(end.why)] };
  const arrivals = reader.end(windowSeconds, overrun);
  const reasons = [
    ...(overrun ? ['ENOBUFS'] : []),
    ...(reader.unreadable > 0 ? [`${reader.unreadable} events not understood`] : []),
  ];
  return { arrivals, gaps: reasons.length === 0 ? [] : [missedEvents(reasons.join(', '))] };
}

/** "conntrack v1.4.7 (conntrack-tools): 118 flow events have been shown." */
function isClosingNotice(line: string): boolean {
  return /flow events have been shown/.test(line);
}

function isInterrupt(why: string): boolean {
  return isClosingNotice(why) || why.endsWith('exit code 124');
}
