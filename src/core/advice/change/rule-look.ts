// What new flows of pods get by the rules of a node.
import type { NodePortPlane } from '../../analysis/range-write.ts';
import type { PortRange } from '../../model/port-range.ts';

/** Of one address family; a protocol without a range gets the kernel's own. */
export interface FamilyRules {
  readonly tcp: PortRange | undefined;
  readonly udp: PortRange | undefined;
  /** A rule of someone else that takes pod egress before Calico's: `MASQUERADE of flannel in FLANNEL-POSTRTG`. */
  readonly takenBefore?: string;
}

/** Of IPv4, or of IPv6 where nothing else is translated. */
export interface RuleLook extends FamilyRules {
  /** Where pods leave with IPv6 addresses too: Calico gives natPortRange to both families. */
  readonly ipv6?: FamilyRules;
  /** What takes packets to NodePorts there, by the same rules. */
  readonly nodePortPlane: NodePortPlane;
}

/** `where` follows a sentence about the rules: empty for the first family. */
export function familiesIn(look: RuleLook): readonly { readonly rules: FamilyRules; readonly where: string }[] {
  const first = { rules: look, where: '' };
  return look.ipv6 === undefined ? [first] : [first, { rules: look.ipv6, where: ' over IPv6' }];
}
