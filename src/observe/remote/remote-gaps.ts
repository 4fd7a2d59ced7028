// What the programs of a container cannot say about its node: each gap with its effect.
import type { Gap } from '../../core/model/gap.ts';

/** No command says what a kernel does with closing entries: only a trial in a namespace of its own does. */
export const UNPROBED: Gap = {
  id: 'kernel-behaviour',
  what: 'whether that kernel takes over closing entries, and how it searches for a port',
  why: 'a trial needs a namespace of its own, which no command on the node makes; version numbers do not tell',
  weakens: 'the drop probability: the range of it is shown',
  remedy: 'portolan probe, on the node',
};

export const HOST_FLOWS_UNSEEN: Gap = {
  id: 'host-flows',
  what: 'flows of the host itself and inbound flows',
  why: '--snat-only asks for translated flows alone',
  weakens: 'ports used: such flows hold ports too',
};

export function notByAgent(why: string): Gap {
  return {
    id: 'agent',
    what: 'what its agent would tell',
    why,
    weakens: 'little: the node was read by exec, which costs more and cannot try the kernel',
  };
}

export function noFlows(why: string): Gap {
  return { id: 'flows', what: 'conntrack entries', why, weakens: 'every verdict about ports in use' };
}

export function cutFlows(why: string): Gap {
  return {
    id: 'flows-incomplete',
    what: 'some conntrack entries',
    why,
    weakens: 'counts of ports in use: they are lower bounds',
  };
}

export function noIpv6Flows(why: string): Gap {
  return { ...cutFlows(why), what: 'conntrack entries of IPv6' };
}

export function noEvents(why: string): Gap {
  return {
    id: 'events',
    what: 'how many connections begin each second',
    why,
    weakens: 'rates, and when ports will run out',
  };
}

export function missedEvents(why: string): Gap {
  return { ...noEvents(why), what: 'some new flows', why: `${why}: counts are lower bounds` };
}

export function noCounters(why: string): Gap {
  return {
    id: 'counters',
    what: 'how many packets were lost',
    why,
    weakens: 'losses: none is counted, the drop probability is computed from the ports alone',
  };
}

export function noRules(what: string, why: string): Gap {
  return {
    id: 'nat-rules',
    what,
    why,
    weakens: 'which port range SNAT uses, which rule takes a flow first, and which ports other rules claim',
  };
}

export function noLegacyRules(why: string): Gap {
  return {
    id: 'nat-rules-legacy',
    what: 'rules of iptables-legacy',
    why,
    weakens: 'which rule takes a flow first: legacy rules are there',
  };
}

export function noSockets(why: string): Gap {
  return {
    id: 'listeners',
    what: 'listening sockets',
    why,
    weakens: 'conflicts between SNAT ports and listening sockets',
  };
}

export function noLinks(why: string): Gap {
  return {
    id: 'links',
    what: 'the addresses and tunnels of the node',
    why,
    weakens: 'conflicts with tunnels, and which flows are those of the node itself',
  };
}

export function portlessLink(name: string): Gap {
  return {
    id: 'links',
    what: `port of ${name}`,
    why: 'ip does not show it',
    weakens: 'conflicts between SNAT ports and tunnels (VXLAN, Geneve, WireGuard)',
  };
}

export function noSettings(missing: readonly string[], why: string): Gap {
  return {
    id: 'sysctls',
    what: missing.length < 4 ? missing.join(', ') : `${missing.length} sysctls of conntrack`,
    why,
    weakens: 'how full the conntrack table is, and how long ports are held after their connection',
  };
}
