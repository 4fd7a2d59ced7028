// Before natPortRange becomes another one: which nodes would change at all, and whether what their pods do today would fit. Pure.
import type { Diagnosis, HolderShare, PortSpaceVerdict } from '../analysis/diagnosis.ts';
import type { EffectiveNatPortRange, RangeLayerId } from '../analysis/range-chain.ts';
import type { Gap } from '../model/gap.ts';
import type { NodeFacts } from '../model/node-facts.ts';
import { type PortRange, rangeSize } from '../model/port-range.ts';
import type { PortSpace } from '../model/port-space.ts';
import { withRange } from './changed-situation.ts';
import { effectOf, reachesGoal } from './effect.ts';
import type { Goal } from './plan.ts';
import { hasNatPortRange } from './ruled-protocols.ts';
import { situationOfDiagnosis } from './situation-of-diagnosis.ts';

export const PREFLIGHT_SCHEMA = 'portolan.dev/preflight/v1';

/** One port space as it is, under the range to come. */
export interface PreflightSpace {
  readonly portSpace: PortSpace;
  /** Flows that hold a port in it today, inside any range. */
  readonly heldFlows: number;
  /** Ports that it would have. */
  readonly capacityPorts: number;
  /** Chance that the next flow is lost then, at the goal's load. */
  readonly dropProbability: number;
  /** Times today's load that it would bear at the goal's chance. */
  readonly bearsFactor: number;
  readonly fits: boolean;
  readonly holders?: readonly HolderShare[];
}

/** What a node's load comes to under the range to come. */
export interface NodeFit {
  readonly node: string;
  /** Tightest first: all that do not fit, and the tightest that does. */
  readonly spaces: readonly PreflightSpace[];
  readonly gaps: readonly Gap[];
}

/** `changes`: its range becomes the new one; `keeps`: a layer that the move does not touch rules; `unknown`: that layer was not read. */
export type RangeMove = 'changes' | 'keeps' | 'unknown';

/** `update`: set where no layer says anything. `default`: written into FelixConfiguration `default`. */
export type MoveKind = 'update' | 'default';

export type NodePreflight = {
  readonly node: string;
  readonly move: RangeMove;
  readonly configured?: EffectiveNatPortRange;
} & ({ readonly fit: NodeFit } | { readonly why: string; readonly remedy?: string });

export interface Preflight {
  readonly schema: typeof PREFLIGHT_SCHEMA;
  readonly cluster: string;
  /** ISO 8601. */
  readonly at: string;
  readonly to: PortRange;
  readonly kind: MoveKind;
  readonly goal: Goal;
  /** Those that do not fit first, then those that cannot be told, then the rest. */
  readonly nodes: readonly NodePreflight[];
  readonly verdict: 'fits' | 'does-not-fit' | 'cannot-tell';
  /** What keeps today's range, where some node does not fit or nothing is known to rule: a range to set beforehand. */
  readonly keep?: PortRange;
  readonly gaps: readonly Gap[];
}

/** A space below this share of the range to come loses nothing under any load factor that is asked for. */
const LEAST_SHARE = 0.05;
/** So many port spaces of a node are said at most. */
const MOST_SPACES = 5;

/** How a node's flows of today would fare. */
export function fitOf(
  facts: NodeFacts,
  { diagnosis, to, goal }: { readonly diagnosis: Diagnosis; readonly to: PortRange; readonly goal: Goal },
): NodeFit {
  const least = (LEAST_SHARE * rangeSize(to)) / Math.max(goal.loadFactor, 1);
  const spaces = diagnosis.portSpaces
    .filter(({ portSpace }) => hasNatPortRange(portSpace.protocol) && portSpace.flows >= least)
    .flatMap((row) => spaceFit(facts, { diagnosis, row, to, goal }))
    .toSorted((left, right) => left.bearsFactor - right.bearsFactor);
  const misfits = spaces.filter(({ fits }) => !fits);
  const shown = misfits.length > 0 ? misfits.slice(0, MOST_SPACES) : spaces.slice(0, 1);
  return { node: facts.node, spaces: shown, gaps: facts.gaps };
}

interface Subject {
  readonly diagnosis: Diagnosis;
  readonly row: PortSpaceVerdict;
  readonly to: PortRange;
  readonly goal: Goal;
}

function spaceFit(facts: NodeFacts, { diagnosis, row, to, goal }: Subject): PreflightSpace[] {
  const situation = situationOfDiagnosis(facts, diagnosis, { portSpace: row.portSpace.index });
  if (situation === undefined) return [];
  const effect = effectOf(withRange(situation, to), goal);
  return [
    {
      portSpace: row.portSpace,
      heldFlows: row.portSpace.flows,
      capacityPorts: rangeSize(to),
      dropProbability: effect.dropAtGoal,
      bearsFactor: effect.bearsFactor,
      fits: reachesGoal(effect, goal),
      ...(row.holders === undefined ? {} : { holders: row.holders.slice(0, 3) }),
    },
  ];
}

/** Whether a move reaches a node, by the layer that rules there. */
export function moveOf(configured: EffectiveNatPortRange | undefined, kind: MoveKind): RangeMove {
  const ruling = configured?.ruling;
  if (configured === undefined || ruling === undefined) return 'unknown';
  return TOUCHED[kind].has(ruling) ? 'changes' : 'keeps';
}

/** IBM's update to 1.25 sets a range where `default` has none (changelogs of 1.25 and of OpenShift 4.12); a write sets it in any case. */
const TOUCHED: Readonly<Record<MoveKind, ReadonlySet<RangeLayerId>>> = {
  update: new Set(['built-in']),
  default: new Set(['built-in', 'default', 'default-annotation']),
};

export interface PreflightReadings extends Omit<Preflight, 'schema' | 'verdict' | 'nodes' | 'keep'> {
  readonly nodes: readonly NodePreflight[];
  /** The lowest range that could be set instead: where it may start depends on VXLAN. */
  readonly widest: PortRange;
}

export function preflight({ nodes, widest, ...rest }: PreflightReadings): Preflight {
  const verdict = verdictOf(nodes);
  const isMoved = nodes.some(({ move }) => move !== 'keeps');
  return {
    schema: PREFLIGHT_SCHEMA,
    ...rest,
    nodes: nodes.toSorted(byTrouble),
    verdict,
    ...(isMoved && verdict !== 'fits' ? { keep: widest } : {}),
  };
}

function verdictOf(nodes: readonly NodePreflight[]): Preflight['verdict'] {
  if (nodes.some(isMisfit)) return 'does-not-fit';
  return nodes.length === 0 || nodes.some(isOpen) ? 'cannot-tell' : 'fits';
}

/** Whether the node changes, and something on it would not fit. */
export function isMisfit(node: NodePreflight): boolean {
  return node.move === 'changes' && 'fit' in node && node.fit.spaces.some(({ fits }) => !fits);
}

const BLINDING: ReadonlySet<string> = new Set(['flows', 'flows-incomplete', 'conntrack-absent']);

/** Whether something that could make the node a misfit was not seen. */
export function isOpen(node: NodePreflight): boolean {
  if (node.move === 'keeps') return false;
  if (!('fit' in node)) return true;
  const hasMisfit = node.fit.spaces.some(({ fits }) => !fits);
  return (node.move === 'unknown' && hasMisfit) || node.fit.gaps.some(({ id }) => BLINDING.has(id));
}

function byTrouble(left: NodePreflight, right: NodePreflight): number {
  return (
    rank(left) - rank(right) ||
    tightest(left) - tightest(right) ||
    left.node.localeCompare(right.node, 'en', { numeric: true })
  );
}

function rank(node: NodePreflight): number {
  if (isMisfit(node)) return 0;
  if (isOpen(node)) return 1;
  return node.move === 'keeps' ? 3 : 2;
}

function tightest(node: NodePreflight): number {
  return 'fit' in node ? (node.fit.spaces[0]?.bearsFactor ?? Number.MAX_VALUE) : Number.MAX_VALUE;
}
