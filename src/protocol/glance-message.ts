// A node at a glance, as its agent says it: small, and made of what is there already, so that many nodes can be asked often.
import type { GlancedSpace, NodeGlance } from '../core/analysis/node-glance.ts';
import { gravity } from '../core/analysis/severity.ts';
import type { AgentReport, SpaceReport } from './agent-report.ts';

export const GLANCE_MESSAGE_SCHEMA = 'portolan.dev/glance-message/v1';

export interface GlanceMessage {
  readonly schema: typeof GLANCE_MESSAGE_SCHEMA;
  readonly node: string;
  /** Wall-clock time of the report it is made from. */
  readonly atMilliseconds: number;
  /** Packets that found no port or no room since the agent began. */
  readonly lostPackets: number;
  readonly glance: NodeGlance;
}

export function glanceMessage(report: AgentReport, node: string): GlanceMessage {
  const { atMilliseconds, lost, newPerSecond, diagnosis, spaces } = report;
  const severity = diagnosis?.severity ?? 'unknown';
  // What is merely worth knowing makes a node no worse than fine.
  const check = severity === 'info' ? 'fine' : diagnosis?.checks.find((each) => each.severity === severity)?.check;
  const range = diagnosis?.ranges[0]?.range;
  const worst = spaces.toSorted(byUrgency)[0];
  return {
    schema: GLANCE_MESSAGE_SCHEMA,
    node,
    atMilliseconds,
    lostPackets: lost.exhaustion + lost.race + lost.table,
    glance: {
      severity,
      ...(check === undefined ? {} : { check }),
      newPerSecond,
      ...(range === undefined ? {} : { range }),
      ...(worst === undefined ? {} : { worst: glancedSpace(worst) }),
    },
  };
}

/** Those that were judged come before those that were not; equal ones by how full they are. */
function byUrgency(left: SpaceReport, right: SpaceReport): number {
  const judged = ({ severity }: SpaceReport): number => gravity(severity ?? 'ok');
  return judged(left) - judged(right) || shareOf(right) - shareOf(left);
}

function shareOf({ usedPorts, capacityPorts }: SpaceReport): number {
  return usedPorts / Math.max(1, capacityPorts);
}

function glancedSpace({ protocol, remoteAddress, remotePort, usedPorts, capacityPorts }: SpaceReport): GlancedSpace {
  return { protocol, remoteAddress, remotePort, usedPorts, capacityPorts };
}
