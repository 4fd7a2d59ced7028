// What a reader of conntrack text met on the way, in numbers: from these the gaps are told.

export interface FlowTextSeen {
  lines: number;
  /** Entries of `conntrack -L` or /proc, of `-o save`, of `-o xml`. */
  listed: number;
  saved: number;
  xml: number;
  /** Listed entries that came with an id (`-o id`). */
  withId: number;
  /** Echo entries of `-o xml`, which has no identifiers: not kept. */
  withoutEchoId: number;
  /** Entries that were not understood, and the line of the first, 0 for none. */
  unreadable: number;
  firstUnreadableLine: number;
  /** Lines above the limit of a line; among the unreadable. */
  tooLong: number;
  events: number;
  expectations: number;
  /** Lines that are no entry at all: prompts, warnings, other files. */
  otherLines: number;
  /** How many entries conntrack says it has shown. */
  announced?: number;
  /** The input stops in the middle of an entry. */
  isCut: boolean;
  /** Entries without SNAT beyond the room for those that are looked at again. */
  forgotten: number;
}

/** Zeros. */
export function nothingSeen(): FlowTextSeen {
  return {
    lines: 0,
    listed: 0,
    saved: 0,
    xml: 0,
    withId: 0,
    withoutEchoId: 0,
    unreadable: 0,
    firstUnreadableLine: 0,
    tooLong: 0,
    events: 0,
    expectations: 0,
    otherLines: 0,
    isCut: false,
    forgotten: 0,
  };
}
