// One node as one look found it, in the form a live view reads: bounded lines now, a port space's holders when asked.
import type { Diagnosis, EffectiveRange, PortSpaceVerdict } from '../../core/analysis/diagnosis.ts';
import type { Severity } from '../../core/analysis/finding.ts';
import type { NodeGlance } from '../../core/analysis/node-glance.ts';
import type { SpaceHolding } from '../../core/analysis/space-holding.ts';
import type { PortSpace } from '../../core/model/port-space.ts';

/** One port space as a line of the view. */
export interface SpaceLine {
  /** The same in every look at the node. */
  readonly key: string;
  /** Without the SNAT address where the node has only one. */
  readonly name: string;
  readonly portSpace: PortSpace;
  /** Undefined where no rule or flow tells it. */
  readonly effective: EffectiveRange | undefined;
  /** Ports of the range in use; of a space that was not charted, its flows. */
  readonly usedPorts: number;
  /** Undefined: too quiet to be charted. */
  readonly verdict: PortSpaceVerdict | undefined;
}

export interface NodeLook {
  readonly node: string;
  readonly diagnosis: Diagnosis;
  /** Worst first, then fullest. */
  readonly spaces: readonly SpaceLine[];
  /** How many more port spaces the node has. */
  readonly unlisted: number;
  /** Who holds the ports of a space; undefined when this look does not tell. */
  holdingOf(line: SpaceLine): SpaceHolding | undefined;
  /** What an address is called: a pod, or the node itself; undefined when nobody said. */
  nameOf(address: string): string | undefined;
}

/** A node that is not opened, as far as a row of it goes. */
export interface GlancedNode extends NodeGlance {
  /** Packets lost since the glance before; absent in the first. */
  readonly lostPackets?: number;
}

/** A node of the view: looked at, glanced at, or why not. */
export type NodeEntry =
  | { readonly node: string; readonly look: NodeLook; readonly glance?: never }
  | { readonly node: string; readonly look?: never; readonly glance: GlancedNode }
  | { readonly node: string; readonly look?: never; readonly glance?: never; readonly why: string };

/** Of a node that was not looked at nothing is known. */
export function severityOf({ look, glance }: NodeEntry): Severity {
  return look?.diagnosis.severity ?? glance?.severity ?? 'unknown';
}

/** How often looks come. */
export interface LookPace {
  /** Seconds that were asked for. */
  readonly intervalSeconds: number;
  /** Seconds from one look to the next as things are. */
  readonly actualSeconds: number;
  /** Seconds of a core that the last look took. */
  readonly lookSeconds: number;
}

/** All that the view shows at one time. */
export interface TopSnapshot {
  /** Wall-clock time, ISO 8601. */
  readonly at: string;
  readonly nodes: readonly NodeEntry[];
  readonly pace: LookPace;
}
