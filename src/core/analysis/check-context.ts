// What the checks read: facts prepared once, per node and per port space. A check is a pure function over one of these.
import type { NodeFacts } from '../model/node-facts.ts';
import type { PortSpace } from '../model/port-space.ts';
import type { HolderShares } from './attribute-holders.ts';
import type { Churn } from './churn.ts';
import type { ProtocolRange } from './claims-in-range.ts';
import type { ClaimInRange, EffectiveRange, LossSummary, SourceShare, SpaceLosses } from './diagnosis.ts';
import type { Finding } from './finding.ts';
import type { Forecast } from './forecast.ts';
import type { PortUse } from './port-use.ts';
import type { Pressure } from './pressure.ts';
import type { FlowSurvey } from './survey-flows.ts';

/** One charted port space with everything measured about it. */
export interface SpaceContext {
  readonly facts: NodeFacts;
  readonly space: PortSpace;
  readonly effective: EffectiveRange;
  readonly use: PortUse;
  readonly pressure: Pressure;
  readonly churn: Churn;
  readonly forecast: Forecast;
  readonly sources: readonly SourceShare[];
  /** Undefined: pods are not known. */
  readonly holders?: HolderShares;
  /** Present where the window's losses can only be this space's. */
  readonly losses?: SpaceLosses;
}

/** The node with its charted port spaces. */
export interface NodeContext {
  readonly facts: NodeFacts;
  /** Egress ranges of TCP and UDP, IPv4 first; IPv6 where it differs. */
  readonly ranges: readonly ProtocolRange[];
  readonly spaces: readonly SpaceContext[];
  readonly survey: FlowSurvey;
  readonly claims: readonly ClaimInRange[];
  readonly losses: LossSummary | undefined;
}

export type SpaceCheck = (context: SpaceContext) => Finding | undefined;

export type NodeCheck = (context: NodeContext) => readonly Finding[];
