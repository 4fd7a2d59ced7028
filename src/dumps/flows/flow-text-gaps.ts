// What a conntrack text leaves unknown, in a person's words.
import type { Gap } from '../../core/model/gap.ts';
import type { FlowTextSeen } from './flow-text-seen.ts';

const LOWER_BOUNDS = 'counts of ports in use: they are lower bounds';
const RECORD_AGAIN = 'sudo conntrack -L -o id > flows.txt';

export interface GapContext {
  /** Entries that were read. */
  readonly entries: number;
  /** Entries that hold no port of an address known as the node's. */
  readonly forwarded: number;
  /** Whether the node's own addresses were given. */
  readonly knowsLocal: boolean;
}

/** Gaps, the heaviest first. */
export function flowTextGaps(seen: FlowTextSeen, context: GapContext): readonly Gap[] {
  const read = seen.listed + seen.saved + seen.xml;
  if (read === 0) return [...nothingRead(seen), ...unreadable(seen)];
  return [
    ...unreadable(seen),
    ...incomplete(seen, read),
    ...moments(seen, read),
    ...hostFlows(seen, context),
    ...details(seen),
  ];
}

function nothingRead(seen: FlowTextSeen): readonly Gap[] {
  // An empty table is a reading too, when conntrack itself says so.
  if (seen.announced === 0 && seen.unreadable === 0) return [];
  const gap = { id: 'flows', what: 'conntrack entries', weakens: 'every verdict about ports in use' } as const;
  return [{ ...gap, why: whyNothing(seen), remedy: RECORD_AGAIN }];
}

function whyNothing(seen: FlowTextSeen): string {
  if (seen.lines === 0) return 'the text is empty';
  if (seen.events > 0) return `the text is events (conntrack -E), ${seen.events} of them, not the table`;
  if (seen.expectations > 0) return 'the text is expectations (conntrack -L expect), not the table';
  if (seen.isCut) return 'the text stops in the middle of its first entry';
  return `none of its ${seen.lines} lines is an entry of conntrack`;
}

function unreadable(seen: FlowTextSeen): readonly Gap[] {
  if (seen.unreadable === 0) return [];
  const long = seen.tooLong === 0 ? '' : `, ${seen.tooLong} of them longer than a line can be`;
  const why = `${seen.unreadable} not understood, the first in line ${seen.firstUnreadableLine}${long}`;
  return [{ id: 'decoder', what: 'some conntrack entries', why, weakens: LOWER_BOUNDS }];
}

function incomplete(seen: FlowTextSeen, read: number): readonly Gap[] {
  const reasons: string[] = [];
  if (seen.isCut) reasons.push('the text stops in the middle of an entry');
  const missing = (seen.announced ?? 0) - read - seen.unreadable;
  if (missing > 0) reasons.push(`conntrack had shown ${seen.announced}, ${missing} are not in the text`);
  if (seen.events > 0) reasons.push(`${seen.events} events (conntrack -E) among the entries are left out`);
  if (seen.withoutEchoId > 0) reasons.push(`${seen.withoutEchoId} of ICMP: -o xml has no echo identifiers`);
  if (reasons.length === 0) return [];
  const why = reasons.join('; ');
  return [{ id: 'flows-incomplete', what: 'some conntrack entries', why, weakens: LOWER_BOUNDS, remedy: RECORD_AGAIN }];
}

/** More than the kernel itself repeats: it lists a bucket again whose entry it stood at is gone (ctnetlink_dump_table). */
const REPEATED_SHARE = 0.01;

function moments({ repeated }: FlowTextSeen, read: number): readonly Gap[] {
  if (repeated <= REPEATED_SHARE * read) return [];
  return [
    {
      id: 'decoder',
      what: 'conntrack entries of one moment',
      why: `${repeated} flows stand in the text twice, and are counted once: two tables were saved in it`,
      weakens: 'counts of ports in use: what ended in between still counts',
    },
  ];
}

function hostFlows(seen: FlowTextSeen, { forwarded, knowsLocal }: GapContext): readonly Gap[] {
  if (seen.forgotten > 0) {
    const why = `${seen.forgotten} entries without SNAT are more than are kept to look at again`;
    return [hostGap(why)];
  }
  if (knowsLocal || forwarded === 0) return [];
  return [hostGap('the text does not say which addresses are local: those that SNAT uses are taken for it')];
}

function hostGap(why: string): Gap {
  return {
    id: 'host-flows',
    what: "the node's own connections and those opened towards it",
    why,
    weakens: 'ports in use on addresses that no SNAT uses',
    remedy: 'sudo portolan diagnose',
  };
}

function details(seen: FlowTextSeen): readonly Gap[] {
  const missing = ['who closed a connection first'];
  if (seen.listed + seen.xml > 0) missing.push('fixed timeouts');
  if (seen.withId < seen.listed || seen.saved > 0) missing.push('ids of conntrack entries');
  if (seen.saved > 0) missing.push('identifiers of echo requests after translation');
  const what =
    missing.length === 1 ? missing.join('') : `${missing.slice(0, -1).join(', ')} and ${missing.at(-1) ?? ''}`;
  return [
    {
      id: 'flow-details',
      what,
      why: 'the text does not carry them',
      weakens: 'verdicts about ports recycled too early',
      remedy: 'sudo portolan diagnose',
    },
  ];
}
