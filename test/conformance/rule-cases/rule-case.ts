// What the cases of rules share: the pods, one range, and how a case is made of a rule and what is observed under it.
import type { NatRandom } from '../../../src/core/model/nat-rule.ts';
import type { PortRange } from '../../../src/core/model/port-range.ts';
import { UDP } from '../../../src/core/model/protocol.ts';
import { type ConformanceCase, type Observation, withNode } from '../conformance-case.ts';
import { type Flow, type NatNode, REMOTE, type Rule } from '../nat-node.ts';

export const RANGE: PortRange = { first: 40_000, last: 40_999 };

export const RANDOMS: readonly NatRandom[] = ['random', 'random-fully'];

export const POD_A = '10.244.1.1';

export const POD_B = '10.244.1.2';

export const REMOTES = [10, 11, 12, 13, 14, 15, 16, 17].map((last) => `203.0.113.${last}`);

export function udp(source: string, sourcePort: number, remote = REMOTE): Flow {
  return { protocol: UDP, source, sourcePort, remote, remotePort: 443 };
}

export function portOf(node: NatNode, flow: Flow): number {
  return node.open(flow) ? (node.translated(flow)?.port ?? -1) : -1;
}

export function ruleCase(
  name: string,
  rule: Rule,
  observe: (node: NatNode) => Observation,
  expected: Observation | ConformanceCase['expected'],
): ConformanceCase {
  return {
    name,
    needs: 'rules',
    run: (make) => withNode(make(rule), observe),
    expected: typeof expected === 'function' ? expected : () => expected,
  };
}

export function since5(unknownBefore: ConformanceCase): ConformanceCase {
  return { ...unknownBefore, since5: true };
}

/** Far more than needed: see set-cases.ts. */
export const TRIES_PER_PORT = 40;

export function isInside(port: number): boolean {
  return port >= RANGE.first && port <= RANGE.last;
}
