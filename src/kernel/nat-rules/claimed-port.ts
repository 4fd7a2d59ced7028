// Ports that rules take from the node: DNAT (NodePort, hostPort) and NOTRACK.
import type { DnatPort, UntrackedPort } from '../../core/model/nat-rule.ts';
import { TCP, UDP } from '../../core/model/protocol.ts';
import { ChainReach } from './chain-reach.ts';
import { walkChain } from './chain-walk.ts';
import type { VisitedRule } from './chain-walk.ts';
import type { BaseChain, RuleTable, RuleVerdict } from './kernel-rule.ts';
import { mayBeLocal, singleAddress } from './local-destination.ts';
import { ownerOf } from './nat-owner.ts';
import { hasKind } from './rule-kind.ts';

const DNAT: ReadonlySet<RuleVerdict['kind']> = new Set(['dnat']);

/** Ports that prerouting or output rules send elsewhere, when they may concern packets to a local address. */
export function collectDnatPorts(tables: readonly RuleTable[], local: readonly Uint8Array[]): readonly DnatPort[] {
  const found = new Map<string, DnatPort>();
  for (const table of tables) {
    const reach = new ChainReach(table, (rule) => hasKind(rule.verdict, DNAT));
    const visit = (visited: VisitedRule): boolean => {
      if (!mayBeLocal(visited.match.destination, local)) return false;
      if (!endsInDnat(visited, reach)) return true;
      for (const port of claims(visited)) found.set(keyOf(port), port);
      return false;
    };
    for (const base of natBases(table)) walkChain(base.name, { table, leads: reach.leads, visit });
  }
  return [...found.values()].toSorted(byPort);
}

/** Ports whose packets prerouting keeps out of conntrack: replies to a SNAT port there are never translated back. */
export function collectUntrackedPorts(
  tables: readonly RuleTable[],
  local: readonly Uint8Array[],
): readonly UntrackedPort[] {
  const found = new Map<string, UntrackedPort>();
  for (const table of tables) {
    const reach = new ChainReach(table, (rule) => rule.notrack);
    const visit = (visited: VisitedRule): boolean => {
      if (!mayBeLocal(visited.match.destination, local)) return false;
      if (!visited.rule.notrack) return true;
      for (const { address: _, ...port } of claims(visited)) found.set(keyOf(port), port);
      return true;
    };
    for (const base of rawBases(table)) walkChain(base.name, { table, leads: reach.leads, visit });
  }
  return [...found.values()].toSorted(byPort);
}

function natBases(table: RuleTable): readonly BaseChain[] {
  return table.bases.filter((base) => base.type === 'nat' && base.hook !== 'postrouting');
}

function rawBases(table: RuleTable): readonly BaseChain[] {
  return table.bases.filter((base) => base.type !== 'nat' && base.hook === 'prerouting');
}

/** A jump for one port whose chain translates is enough: kube-proxy's service chains behind it need no walk. */
function endsInDnat({ match, verdict }: VisitedRule, reach: ChainReach): boolean {
  if (match.destinationPorts === undefined) return false;
  if (verdict.kind === 'dnat') return true;
  if (verdict.kind !== 'jump' && verdict.kind !== 'goto') return false;
  return match.destinationPorts.every((ports) => ports.first === ports.last) && reach.leads(verdict.chain);
}

function claims({ table, path, rule, match }: VisitedRule): readonly DnatPort[] {
  const owner = ownerOf({ table: table.name, path, comment: rule.comment, inInterface: match.inInterface });
  const where = `${table.name} ${path.at(-1) ?? ''}`;
  const address = singleAddress(match.destination);
  return (match.protocols ?? [TCP, UDP]).flatMap((protocol) =>
    (match.destinationPorts ?? []).map((ports) => ({
      protocol,
      ports,
      owner,
      where,
      ...(address === undefined ? {} : { address }),
    })),
  );
}

function keyOf({ protocol, ports, where, address }: DnatPort): string {
  return `${protocol} ${ports.first}-${ports.last} ${address ?? ''} ${where}`;
}

function byPort(left: UntrackedPort, right: UntrackedPort): number {
  return left.protocol - right.protocol || left.ports.first - right.ports.first;
}
