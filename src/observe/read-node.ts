// Reads everything the current thread's namespace says about SNAT, in one window. Runs in a worker: the dump blocks.
import type { FlowArrivals } from '../core/model/churn.ts';
import type { Gap } from '../core/model/gap.ts';
import { dumpFlows } from '../kernel/conntrack/dump-flows.ts';
import { ArrivalListener } from '../kernel/conntrack/flow-arrivals.ts';
import type { NodeReadings, ReadRequest } from './node-readings.ts';
import { type FlowsRead, netlinkOrProc } from './netlink-or-proc.ts';
import { deltaOf, readCounters, readUse } from './read-counters.ts';
import { readNodeSetting } from './read-node-setting.ts';
import { settleAbsence } from './settle-absence.ts';
import { uniqueGaps } from './unique-gaps.ts';

/** What the reader needs from the program that runs it. */
export interface ReaderContext {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Wall-clock milliseconds. */
  readonly clock: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly progress: (step: string, share: number) => void;
}

/** How often waiting events are taken from the socket: the cheapest interval that keeps a 64 MiB buffer from filling. */
const DRAIN_MILLISECONDS = 20;

/** Reads the namespace the calling thread is in. Never throws for what cannot be seen: that becomes a gap. */
export async function readNode(request: ReadRequest, context: ReaderContext): Promise<NodeReadings> {
  const gaps: Gap[] = [];
  context.progress('rules and sockets', 0);
  const start = context.now();
  const before = readCounters();
  const listener = new ArrivalListener();
  const { addresses, natRules, claims, settings, linksRead, gaps: settingGaps } = readNodeSetting();
  gaps.push(...settingGaps);
  await waitOutWindow({ start, windowSeconds: request.windowSeconds, listener, context });
  const seconds = (context.now() - start) / 1000;
  const after = readCounters();
  gaps.push(...after.gaps);
  const arrivals = finishListener(listener, { seconds, gaps });
  context.progress('flows', 0.9);
  const flows = readFlows({ localAddresses: addresses, snatOnly: request.snatOnly, gaps });
  return {
    atMilliseconds: context.clock(),
    addresses,
    flows: flows.table,
    flowsSource: flows.source,
    natRules,
    claims,
    linksRead,
    counters: deltaOf({ before: before.value, after: after.value, seconds }),
    arrivals,
    table: readUse(),
    settings,
    gaps: uniqueGaps(flows.source === 'ctnetlink' ? settleAbsence(gaps) : gaps),
  };
}

interface Window {
  readonly start: number;
  readonly windowSeconds: number;
  readonly listener: ArrivalListener;
  readonly context: ReaderContext;
}

async function waitOutWindow({ start, windowSeconds, listener, context }: Window): Promise<void> {
  const total = windowSeconds * 1000;
  for (let spent = context.now() - start; spent < total; spent = context.now() - start) {
    listener.drain();
    context.progress('watching new flows', Math.min(0.9, (0.9 * spent) / total));
    await context.sleep(Math.max(1, Math.min(DRAIN_MILLISECONDS, total - spent)));
  }
  listener.drain();
}

/** Undefined when no event could be heard at all: its gap says why. */
function finishListener(listener: ArrivalListener, window: { seconds: number; gaps: Gap[] }): FlowArrivals | undefined {
  const reading = listener.finish(window.seconds);
  listener.close();
  window.gaps.push(...reading.gaps);
  const deaf = reading.value.total === 0 && reading.gaps.some((gap) => gap.id === 'events');
  return deaf ? undefined : reading.value;
}

function readFlows(options: { localAddresses: readonly string[]; snatOnly: boolean; gaps: Gap[] }): FlowsRead {
  const { localAddresses, snatOnly, gaps } = options;
  const netlink = dumpFlows(snatOnly ? { localAddresses, only: 'snat' } : { localAddresses });
  if (snatOnly) gaps.push(HOST_FLOWS_UNSEEN);
  const read = netlinkOrProc(netlink, localAddresses);
  gaps.push(...read.gaps);
  return read;
}

const HOST_FLOWS_UNSEEN: Gap = {
  id: 'host-flows',
  what: 'flows of the host itself and inbound flows',
  why: '--snat-only asks the kernel for translated flows alone',
  weakens: 'ports used: such flows hold ports too',
  remedy: 'portolan diagnose',
};
