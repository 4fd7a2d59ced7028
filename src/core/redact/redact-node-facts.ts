// The facts of a node with pseudonyms for every name and address. Field by field: what is not named here is not in the result.
import { FlowTable } from '../model/flow-table.ts';
import type { Gap } from '../model/gap.ts';
import type { DnatPort, NatAction, NatMatch, NatRule } from '../model/nat-rule.ts';
import type { NodeFacts } from '../model/node-facts.ts';
import type { Pod } from '../model/pod.ts';
import type { PortClaim } from '../model/port-claim.ts';
import type { Workload } from '../model/workload.ts';
import type { Pseudonyms } from './pseudonyms.ts';

export function redactNodeFacts(facts: NodeFacts, names: Pseudonyms): NodeFacts {
  const node = names.node(facts.node);
  // Before any text: names that pods bear are found in sentences.
  const pods = facts.pods?.map((pod) => redactPod(pod, names));
  return {
    schema: facts.schema,
    node,
    addresses: facts.addresses.map((address) => names.address(address)),
    at: facts.at,
    behaviour: { ...facts.behaviour, evidence: facts.behaviour.evidence.map((text) => names.ours(text)) },
    flows: redactFlows(facts.flows, names),
    flowsSource: facts.flowsSource,
    natRules: {
      sourceNat: facts.natRules.sourceNat.map((rule) => redactRule(rule, names)),
      dnatPorts: facts.natRules.dnatPorts.map((port) => redactPort(port, names)),
      untrackedPorts: facts.natRules.untrackedPorts.map((port) => redactPort(port, names)),
    },
    claims: facts.claims.map((claim) => redactClaim(claim, names)),
    counters: facts.counters,
    arrivals:
      facts.arrivals === undefined
        ? undefined
        : {
            ...facts.arrivals,
            portSpaces: facts.arrivals.portSpaces.map((space) => ({
              ...space,
              snatAddress: names.address(space.snatAddress),
              remoteAddress: names.address(space.remoteAddress),
            })),
          },
    table: facts.table,
    settings: facts.settings,
    ...(facts.linksRead === undefined ? {} : { linksRead: facts.linksRead }),
    ...(pods === undefined ? {} : { pods }),
    ...(facts.podNetworks === undefined
      ? {}
      : { podNetworks: facts.podNetworks.map((network) => names.foreign(network)) }),
    ...(facts.readBy === undefined ? {} : { readBy: facts.readBy }),
    gaps: facts.gaps.map((gap) => redactGap(gap, names)),
  };
}

/** Rows stay where they are: only what their addresses are changes. */
function redactFlows(table: FlowTable, names: Pseudonyms): FlowTable {
  const addresses = new Uint8Array(table.addressCount * 16);
  for (let row = 0; row < table.addressCount; row += 1)
    addresses.set(names.addresses.ofBytes(table.addresses.subarray(row * 16, row * 16 + 16)), row * 16);
  const { flowCount, flows, portSpaceCount, portSpaces, addressCount } = table;
  return new FlowTable({ flowCount, flows, portSpaceCount, portSpaces, addressCount, addresses });
}

function redactRule(rule: NatRule, names: Pseudonyms): NatRule {
  return {
    backend: rule.backend,
    family: rule.family,
    table: names.foreign(rule.table),
    path: rule.path.map((chain) => names.foreign(chain)),
    priority: rule.priority,
    order: rule.order,
    match: redactMatch(rule.match, names),
    action: redactAction(rule.action, names),
    owner: rule.owner,
    scope: rule.scope,
    ...(rule.packets === undefined ? {} : { packets: rule.packets }),
    ...(rule.bytes === undefined ? {} : { bytes: rule.bytes }),
    ...(rule.comment === undefined ? {} : { comment: names.foreign(rule.comment) }),
  };
}

function redactMatch(match: NatMatch, names: Pseudonyms): NatMatch {
  const { source, destination, inInterface, outInterface } = match;
  return {
    ...(match.protocol === undefined ? {} : { protocol: match.protocol }),
    ...(source === undefined ? {} : { source: names.foreign(source) }),
    ...(destination === undefined ? {} : { destination: names.foreign(destination) }),
    ...(inInterface === undefined ? {} : { inInterface: names.foreign(inInterface) }),
    ...(outInterface === undefined ? {} : { outInterface: names.foreign(outInterface) }),
    ...(match.mark === undefined ? {} : { mark: match.mark }),
    ...(match.destinationPort === undefined ? {} : { destinationPort: match.destinationPort }),
    other: match.other.map((test) => names.foreign(test)),
  };
}

function redactAction(action: NatAction, names: Pseudonyms): NatAction {
  if (action.kind !== 'snat') return action;
  return { ...action, addresses: action.addresses.map((address) => names.foreign(address)) };
}

function redactPort(port: DnatPort, names: Pseudonyms): DnatPort {
  return {
    protocol: port.protocol,
    ports: port.ports,
    ...(port.address === undefined ? {} : { address: names.foreign(port.address) }),
    owner: port.owner,
    where: names.foreign(port.where),
  };
}

export function redactClaim(claim: PortClaim, names: Pseudonyms): PortClaim {
  return {
    kind: claim.kind,
    protocol: claim.protocol,
    ports: claim.ports,
    ...(claim.address === undefined ? {} : { address: names.foreign(claim.address) }),
    owner: names.owner(claim.owner),
    source: names.foreign(claim.source),
  };
}

export function redactPod(pod: Pod, names: Pseudonyms): Pod {
  return {
    namespace: names.namespace(pod.namespace),
    name: names.pod(pod.name),
    node: names.node(pod.node),
    addresses: pod.addresses.map((address) => names.address(address)),
    isHostNetwork: pod.isHostNetwork,
    hostPorts: pod.hostPorts.map(({ protocol, port, address }) => ({
      protocol,
      port,
      ...(address === undefined ? {} : { address: names.address(address) }),
    })),
    workload: redactWorkload(pod.workload, names),
    ...(pod.startedAt === undefined ? {} : { startedAt: pod.startedAt }),
  };
}

function redactWorkload({ kind, namespace, name }: Workload, names: Pseudonyms): Workload {
  return { kind, namespace: names.namespace(namespace), name: names.workload(name, { kind, namespace }) };
}

/** Names of links stand in two of our sentences about tunnels (read-links.ts). */
export function redactGap(gap: Gap, names: Pseudonyms): Gap {
  const [, before, links] = (gap.id === 'links' ? /^((?:listen ports|port) of )(.*)$/s.exec(gap.what) : null) ?? [];
  return {
    id: gap.id,
    what: before === undefined ? names.ours(gap.what) : `${before}${names.foreign(links ?? '')}`,
    why: names.ours(gap.why),
    weakens: names.ours(gap.weakens),
    ...(gap.remedy === undefined ? {} : { remedy: names.ours(gap.remedy) }),
  };
}
