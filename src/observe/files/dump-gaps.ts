// What files cannot say, or these files do not: each gap with its effect, and the command that would close it.
import type { Gap } from '../../core/model/gap.ts';

/** Text of a table shows one moment: nothing begins in it. */
export const WITHOUT_EVENTS: Gap = {
  id: 'events',
  what: 'how many connections begin each second',
  why: 'files show one moment',
  weakens: 'rates, and when ports will run out',
  remedy: 'portolan diagnose, on the node',
};

export const UNPROBED: Gap = {
  id: 'kernel-behaviour',
  what: 'whether that kernel takes over closing entries, and how it searches for a port',
  why: 'no file says so, and no version number does',
  weakens: 'the drop probability: the range of it is shown',
  remedy: 'portolan probe, on the node',
};

export const NO_LINKS: Gap = {
  id: 'links',
  what: 'the addresses and tunnels of the node',
  why: 'only the addresses that flows are translated to are known',
  weakens: 'conflicts with tunnels, and NodePorts of other addresses',
  remedy: 'ip addr > addresses.txt',
};

/** `ip addr` was saved, which says nothing of ports. */
export const NO_TUNNELS: Gap = {
  id: 'links',
  what: 'the tunnels of the node',
  why: 'the text of ip addr does not say which ports they use',
  weakens: 'conflicts with tunnels',
};

export const NO_FLOWS: Gap = {
  id: 'flows',
  what: 'conntrack entries',
  why: 'no file holds them',
  weakens: 'every verdict about ports in use',
  remedy: 'sudo conntrack -L > flows.txt',
};

export const NO_RULES: Gap = {
  id: 'nat-rules',
  what: 'the NAT rules',
  why: 'no file holds them',
  weakens: 'which port range SNAT uses, which rule takes a flow first, and which ports other rules claim',
  remedy: 'sudo iptables-save > rules.txt',
};

export const NO_SOCKETS: Gap = {
  id: 'listeners',
  what: 'listening sockets',
  why: 'no file holds them',
  weakens: 'conflicts between SNAT ports and listening sockets',
  remedy: 'sudo ss -tulnp > sockets.txt',
};

/** Sysctls that no file has. */
export function noSettings(missing: readonly string[], hasFile: boolean): Gap {
  return {
    id: 'sysctls',
    what: hasFile && missing.length < 4 ? missing.join(', ') : `${missing.length} sysctls of conntrack`,
    why: hasFile ? 'the text of sysctl lacks them' : 'no file holds them',
    weakens: 'how full the conntrack table is, and how long ports are held after their connection',
    remedy: 'sudo sysctl -a > sysctl.txt',
  };
}

export interface Backends {
  readonly read: string;
  readonly unread: string;
  /** Whether nobody looked at nftables, where kube-proxy and Calico may have rules of their own. */
  readonly isNftUnread: boolean;
}

/** Another back end may hold rules that run first. */
export function otherBackends({ read, unread, isNftUnread }: Backends): Gap {
  return {
    id: isNftUnread ? 'nat-rules-backend' : 'nat-rule-unknown',
    what: `rules of ${unread}`,
    why: `the files hold those of ${read}`,
    weakens: 'which rule takes a flow first, and which ports other rules claim',
    // Of no rules nft prints nothing at all, unless it prints JSON.
    remedy: isNftUnread ? 'sudo nft -j list ruleset > nft.json' : 'sudo iptables-legacy-save > legacy.txt',
  };
}

/** An empty file is what a command leaves that has nothing to say, and one that was refused. */
export function emptyRules(name: string, backends: string): Gap {
  return {
    id: 'nat-rule-unknown',
    what: `whether there are really no rules of ${backends}`,
    why: `${name} is empty, which is also what is left of a command that was refused`,
    weakens: 'which rule takes a flow first, and which ports other rules claim',
  };
}

/** iptables-save names such a table and prints nothing of it. */
export function incompatibleTables(tables: readonly string[]): Gap {
  return {
    ...NO_RULES,
    what: `the rules in table ${tables.join(', ')}`,
    why: 'iptables-save calls it incompatible: it holds rules that only nft writes',
    remedy: 'sudo nft -j list ruleset > nft.json',
  };
}

/** Its rules are there for certain, so that nobody may call the node fine without them. */
export const LEGACY_PRESENT: Gap = {
  id: 'nat-rules-backend',
  what: 'rules of iptables-legacy',
  why: 'iptables-save warns that there are some, and no file holds them',
  weakens: 'which rule takes a flow first, and which ports other rules claim',
  remedy: 'sudo iptables-legacy-save > legacy.txt',
};

/** Part of a file was not understood. */
export function unreadLines(name: string, why: string): Gap {
  return {
    id: 'decoder',
    what: `part of ${name}`,
    why,
    weakens: 'whatever that part says: counts are lower bounds, rules may be missing',
  };
}

/** Links, devices and paths that leave an archive are not followed. */
export function passedOverMembers(name: string, members: readonly string[]): Gap {
  const more = members.length > 2 ? ` and ${members.length - 2} more` : '';
  return {
    id: 'decoder',
    what: `part of ${name}`,
    why: `passed over: ${members.slice(0, 2).join('; ')}${more}`,
    weakens: 'whatever stands there: links of an archive are not followed',
  };
}

/** A ruleset of nft that is not whole says nothing at all. */
export function cutJson(name: string): Gap {
  return {
    ...NO_RULES,
    what: `the NAT rules in ${name}`,
    why: 'its JSON is not whole',
    remedy: 'sudo nft -j list ruleset > nft.json',
  };
}

/** A file of rules that ends too early. */
export function cutRules(name: string, tables: readonly string[]): Gap {
  return { ...NO_RULES, what: `the end of table ${tables.join(', ')} in ${name}`, why: 'the text ends before COMMIT' };
}

/** The same of nft's text. */
export function cutNft(name: string, tables: readonly string[]): Gap {
  return {
    ...NO_RULES,
    what: `the end of table ${tables.join(', ')} in ${name}`,
    why: 'the text ends before the brace that closes it',
    remedy: 'sudo nft list ruleset > nft.txt',
  };
}

const ON_THE_NODE = ['portolan diagnose', 'sudo portolan diagnose'];

/** Remedies that mean the node, said so: here they would ask the machine that reads the files. */
export function onTheNode(gap: Gap): Gap {
  const { remedy } = gap;
  return remedy !== undefined && ON_THE_NODE.includes(remedy) ? { ...gap, remedy: `${remedy}, on the node` } : gap;
}
