// What this kernel's NAT does, found by trying it (portolan probe), never by its version number.

export type Answer = 'yes' | 'no' | 'unknown';

export interface KernelBehaviour {
  /** uname release, for display only. */
  readonly release: string;
  /** Whether TIME_WAIT and CLOSE SNAT entries are taken over by a new SYN (nf_nat_used_tuple_harder, mainline 4589725502871e77). */
  readonly evictsClosing: Answer;
  /** `windows`: 128+64+32+16+8 probes (mainline a504b703bb1d); `full-scan`: the whole range (4.x). */
  readonly search: 'windows' | 'full-scan' | 'unknown';
  /** Whether CTA_STATUS/CTA_STATUS_MASK filters a dump. */
  readonly filtersSnatDump: Answer;
  /** Whether the search starts at u16 modulo range size, which favours the low part of a range. */
  readonly moduloBias: Answer;
  /** net.netfilter.nf_conntrack_events: 0 off, 1 on, 2 auto (entries born before a listener never send DESTROY). */
  readonly eventMode: 0 | 1 | 2 | 'unknown';
  /** How each answer was found, a sentence each. */
  readonly evidence: readonly string[];
}

/** No probe could be run. */
export function unknownBehaviour(release: string): KernelBehaviour {
  return {
    release,
    evictsClosing: 'unknown',
    search: 'unknown',
    filtersSnatDump: 'unknown',
    moduloBias: 'unknown',
    eventMode: 'unknown',
    evidence: [],
  };
}
