// Ports that rules take from the node: DNAT (NodePort, hostPort) and NOTRACK.
import type { DnatPort, UntrackedPort } from '../model/nat-rule.ts';
import { TCP, UDP } from '../model/protocol.ts';
import type { Gap } from '../model/gap.ts';
import { ChainReach } from './chain-reach.ts';
import { walkChain } from './chain-walk.ts';
import type { VisitedRule } from './chain-walk.ts';
import type { BaseChain, RuleTable, RuleVerdict } from './kernel-rule.ts';
import { GapList } from './gap-list.ts';
import { mayBeLocal, singleAddress } from './local-destination.ts';
import { ownerOf } from './nat-owner.ts';
import { boundedGap } from './rule-gap.ts';
import { hasKind } from './rule-kind.ts';

const DNAT: ReadonlySet<RuleVerdict['kind']> = new Set(['dnat']);

export interface ClaimedPorts<Port> {
  readonly ports: readonly Port[];
  readonly gaps: readonly Gap[];
}

/** Ports that prerouting or output rules send elsewhere, when they may concern packets to a local address. */
export function collectDnatPorts(tables: readonly RuleTable[], local: readonly Uint8Array[]): ClaimedPorts<DnatPort> {
  const claimed = new Claimed(local);
  for (const table of tables) {
    const reach = new ChainReach(table, (rule) => hasKind(rule.verdict, DNAT) || rule.unclear.length > 0);
    claimed.walk(table, natBases(table), { reach, claims: (visited) => endsInDnat(visited, reach) });
  }
  return claimed.result;
}

/** Ports whose packets prerouting keeps out of conntrack: replies to a SNAT port there are never translated back. */
export function collectUntrackedPorts(
  tables: readonly RuleTable[],
  local: readonly Uint8Array[],
): ClaimedPorts<UntrackedPort> {
  const claimed = new Claimed(local);
  for (const table of tables) {
    const reach = new ChainReach(table, (rule) => rule.notrack || rule.unclear.length > 0);
    claimed.walk(table, rawBases(table), { reach, claims: ({ rule }) => rule.notrack });
  }
  return claimed.result;
}

/** Claims found so far over all tables, each once. */
class Claimed {
  readonly #local: readonly Uint8Array[];
  readonly #found = new Map<string, DnatPort>();
  readonly #gaps = new GapList();

  constructor(local: readonly Uint8Array[]) {
    this.#local = local;
  }

  get result(): ClaimedPorts<DnatPort> {
    return { ports: [...this.#found.values()].toSorted(byPort), gaps: this.#gaps.list };
  }

  /** A rule that claims ends its way: what is behind its jump claims the same port. */
  walk(
    table: RuleTable,
    bases: readonly BaseChain[],
    { reach, claims }: { readonly reach: ChainReach; claims(visited: VisitedRule): boolean },
  ): void {
    const visit = (visited: VisitedRule): boolean => {
      if (!mayBeLocal(visited.match.destination, this.#local)) return false;
      this.#gaps.addUnknown(visited.rule.unclear, visited);
      if (!claims(visited)) return true;
      for (const port of portsOf(visited)) this.#found.set(keyOf(port), port);
      return false;
    };
    for (const base of bases) {
      const whole = walkChain(base.name, { table, leads: reach.leads, visit });
      if (!whole) this.#gaps.add(boundedGap(`${table.family} ${table.name} ${base.name}`));
    }
  }
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

function portsOf({ table, path, rule, match }: VisitedRule): readonly DnatPort[] {
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
