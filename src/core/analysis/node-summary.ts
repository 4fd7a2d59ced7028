// What is kept of a node's diagnosis while thousands of others are read: its verdicts, not its flows.
import type { QuietSpaces, Diagnosis, LossSummary, PortSpaceVerdict, Attribution, ClaimInRange } from './diagnosis.ts';
import type { Finding, Severity } from './finding.ts';
import type { Gap } from '../model/gap.ts';
import type { NatBackend, NatOwner } from '../model/nat-rule.ts';
import { bySeverity } from './severity.ts';
import { shareOf } from './verdict.ts';

/** So many port spaces of a node keep all that is known of them. */
const MOST_SPACES = 5;

/** Which program's rules a node runs, and in which form. */
export interface RuleWriter {
  readonly owner: NatOwner;
  readonly backend: NatBackend;
}

export interface NodeSummary {
  readonly node: string;
  readonly addresses: readonly string[];
  readonly severity: Severity;
  /** uname release. */
  readonly kernel: string;
  readonly ranges: Diagnosis['ranges'];
  /** The worst few. */
  readonly portSpaces: readonly PortSpaceVerdict[];
  /** All others. */
  readonly quiet: QuietSpaces;
  /** About the node as a whole, worst first. */
  readonly findings: readonly Finding[];
  /** The worst of all findings, of the node and of its port spaces; undefined where there is none. */
  readonly worst: Finding | undefined;
  readonly hurtingClaims: readonly ClaimInRange[];
  readonly losses?: LossSummary;
  readonly attribution?: Attribution;
  readonly readBy?: Diagnosis['readBy'];
  readonly writers: readonly RuleWriter[];
  readonly totals: Diagnosis['totals'];
  readonly gaps: readonly Gap[];
}

export function summariseNode(diagnosis: Diagnosis): NodeSummary {
  const { node, addresses, severity, behaviour, ranges, portSpaces, findings, claims, totals, gaps } = diagnosis;
  const { losses, attribution, readBy } = diagnosis;
  const kept = portSpaces.slice(0, MOST_SPACES);
  const rest = portSpaces.slice(MOST_SPACES);
  return {
    node,
    addresses,
    severity,
    kernel: behaviour.release,
    ranges,
    portSpaces: kept,
    quiet: {
      count: diagnosis.quiet.count + rest.length,
      highestShare: Math.max(diagnosis.quiet.highestShare, ...rest.map(shareOf)),
    },
    findings,
    worst: [...findings, ...portSpaces.flatMap((space) => space.findings)].toSorted(bySeverity)[0],
    hurtingClaims: claims.filter(({ hurts }) => hurts),
    ...(losses === undefined ? {} : { losses }),
    ...(attribution === undefined ? {} : { attribution }),
    ...(readBy === undefined ? {} : { readBy }),
    writers: writersOf(diagnosis),
    totals,
    gaps,
  };
}

/** The first form that each owner's rules have. */
function writersOf({ rules }: Diagnosis): readonly RuleWriter[] {
  const backends = new Map<NatOwner, NatBackend>();
  for (const { owner, backend } of rules) if (!backends.has(owner)) backends.set(owner, backend);
  return [...backends].map(([owner, backend]) => ({ owner, backend }));
}
