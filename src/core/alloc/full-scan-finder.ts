// Linux 4.x: as many candidates as the range has ports, one after the other, from a start that depends on the rule's flags.
// Source: nf_nat_l4proto_unique_tuple in net/netfilter/nf_nat_proto_common.c; the ICMP ids in nf_nat_proto_icmp.c.
import type { NatRandom } from '../model/nat-rule.ts';
import type { Port, PortRange } from '../model/port-range.ts';
import type { PortSet } from '../model/port-set.ts';
import { ICMP, ICMPV6 } from '../model/protocol.ts';
import { CandidateRing } from './candidate-ring.ts';
import { STARTS } from './port-search.ts';
import type { Random } from './reference-search.ts';

/**
 * Finds ports as Linux 4.x does.
 *
 * `random-fully` starts anywhere. `random` starts at a secret hash of the two addresses and the remote port, the same for every
 * flow of a port space (secure_ipv4_port_ephemeral). `none`, and every ICMP search, goes on where the protocol's last one ended.
 */
export class FullScanFinder {
  found = 0;
  readonly evicted = false;
  readonly #random: Random;
  readonly #flags: NatRandom;
  readonly #ring = new CandidateRing();
  /** `rover`: where the last search of each protocol ended. */
  readonly #rovers: Uint16Array;
  /** The hash of each port space, which its set of occupied ports stands for. */
  readonly #hashes = new WeakMap<PortSet, number>();

  constructor(
    random: Random,
    { flags, rovers }: { readonly flags: NatRandom; readonly rovers: Uint16Array | undefined },
  ) {
    this.#random = random;
    this.#flags = flags;
    this.#rovers = rovers ?? new Uint16Array(256);
  }

  find(occupied: PortSet, _evictable: PortSet, range: PortRange, protocol: number): Port {
    const ring = this.#ring;
    ring.layOver(occupied, range);
    const roves = this.#flags === 'none' || protocol === ICMP || protocol === ICMPV6;
    const start = roves ? (this.#rovers[protocol] ?? 0) : this.#start(occupied);
    // The kernel does not look at the last candidate: it goes into the tuple as it is, and confirm drops the packet if it is taken.
    const untested = ring.size - 1;
    const run = ring.occupiedRun(start, ring.size);
    this.found = Math.min(run, untested);
    if (roves) this.#rovers[protocol] = start + this.found;
    return run > untested ? -1 : ring.portAt(start + run);
  }

  #start(occupied: PortSet): number {
    if (this.#flags === 'random-fully') return this.#drawStart();
    const known = this.#hashes.get(occupied);
    if (known !== undefined) return known;
    const start = this.#drawStart();
    this.#hashes.set(occupied, start);
    return start;
  }

  #drawStart(): number {
    return Math.floor(this.#random() * STARTS);
  }
}
