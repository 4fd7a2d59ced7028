// The recorded messages of test/corpora/conntrack.
import { readFileSync } from 'node:fs';

/** Whole netlink messages (nlmsghdr included), IPv4 and IPv6, all charted protocols, zones, NAT. */
export function recordedMessages(): readonly Uint8Array[] {
  const text = readFileSync('test/corpora/conntrack/entries.hex', 'latin1');
  const lines = text.split('\n').filter((line) => /^[0-9a-f]+$/.test(line));
  return lines.map((line) => Uint8Array.from(Buffer.from(line, 'hex')));
}
