// The line that conntrack writes to its error stream at the end: "conntrack v1.4.7 (conntrack-tools): 67 flow entries have been
// shown." With `2>&1` into a file it lands in the middle of an entry, because the entries are buffered and the notice is not.

const START = new TextEncoder().encode('conntrack v');

export interface ConntrackNotice {
  /** Where in the bytes it starts: what lies before belongs to an entry that goes on in the next line. */
  readonly start: number;
  /** How many entries it says there were; undefined when it speaks of something else. */
  readonly entries?: number;
}

/** Finds the notice at the end of a line. */
export function findNotice(bytes: Uint8Array, start: number, stop: number): ConntrackNotice | undefined {
  for (let at = start; at + START.length <= stop; at += 1) {
    if (!isAt(bytes, at, START)) continue;
    const entries = shownIn(new TextDecoder().decode(bytes.subarray(at, stop)));
    return entries === undefined ? { start: at } : { start: at, entries };
  }
  return undefined;
}

function shownIn(text: string): number | undefined {
  const count = /: (\d{1,10}) flow entries have been shown\.\s*$/.exec(text)?.[1];
  return count === undefined ? undefined : Number(count);
}

function isAt(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let index = 0; index < wanted.length; index += 1) if (bytes[at + index] !== wanted[index]) return false;
  return true;
}
