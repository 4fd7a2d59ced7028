// What one kernel rule tests, while it is decoded and while guards of jumps narrow it: wider than NatMatch, which is
// what leaves this folder.
import type { NatMatch } from '../model/nat-rule.ts';
import type { PortRange } from '../model/port-range.ts';
import { MAX_PORT } from '../model/port-range.ts';

type TextField = 'source' | 'destination' | 'inInterface' | 'outInterface' | 'mark';

const TEXT_FIELDS: readonly TextField[] = ['source', 'destination', 'inInterface', 'outInterface', 'mark'];

/** Undefined fields are not tested. */
export interface RuleMatch {
  protocols: readonly number[] | undefined;
  source: string | undefined;
  destination: string | undefined;
  inInterface: string | undefined;
  outInterface: string | undefined;
  mark: string | undefined;
  destinationPorts: readonly PortRange[] | undefined;
  /** Tests named but not charted. */
  other: readonly string[];
  /** The part of `other` that this program does not know at all. */
  unknown: readonly string[];
  /** Two tests exclude each other: no packet passes. */
  impossible: boolean;
}

/** A match that takes every packet. */
export function matchAll(): RuleMatch {
  return {
    protocols: undefined,
    source: undefined,
    destination: undefined,
    inInterface: undefined,
    outInterface: undefined,
    mark: undefined,
    destinationPorts: undefined,
    other: [],
    unknown: [],
    impossible: false,
  };
}

/** Adds a test of a text field; of two different ones a plain one is kept before a negated one, the other is named. */
export function addText(match: RuleMatch, field: TextField, text: string): void {
  const known = match[field];
  if (known === undefined || known === text) {
    match[field] = text;
    return;
  }
  const isPlainer = known.startsWith('!') && !text.startsWith('!');
  if (isPlainer) match[field] = text;
  addOther(match, `${field} ${isPlainer ? known : text}`);
}

/** Names a test that has no field of its own. */
export function addOther(match: RuleMatch, text: string): void {
  if (!match.other.includes(text)) match.other = [...match.other, text];
}

/** Names a test or action that this program does not know. */
export function addUnknown(match: RuleMatch, name: string): void {
  addOther(match, name);
  if (!match.unknown.includes(name)) match.unknown = [...match.unknown, name];
}

/** Keeps only these protocols. */
export function addProtocols(match: RuleMatch, protocols: readonly number[]): void {
  const known = match.protocols;
  match.protocols = known === undefined ? protocols : known.filter((protocol) => protocols.includes(protocol));
  if (match.protocols.length === 0) match.impossible = true;
}

/** Keeps only these destination ports. */
export function addPorts(match: RuleMatch, ports: readonly PortRange[]): void {
  const known = match.destinationPorts ?? [{ first: 0, last: MAX_PORT }];
  match.destinationPorts = known.flatMap((range) => intersect(range, ports));
  if (match.destinationPorts.length === 0) match.impossible = true;
}

function intersect(range: PortRange, others: readonly PortRange[]): PortRange[] {
  return others
    .map((other) => ({ first: Math.max(range.first, other.first), last: Math.min(range.last, other.last) }))
    .filter((common) => common.first <= common.last);
}

/** Both matches at once: a jump's guard and a rule behind it. */
export function narrow(guard: RuleMatch, match: RuleMatch): RuleMatch {
  if (isMatchAll(guard)) return match;
  const both: RuleMatch = { ...guard, impossible: guard.impossible || match.impossible };
  for (const field of TEXT_FIELDS) {
    const text = match[field];
    if (text !== undefined) addText(both, field, text);
  }
  if (match.protocols !== undefined) addProtocols(both, match.protocols);
  if (match.destinationPorts !== undefined) addPorts(both, match.destinationPorts);
  for (const text of match.other) addOther(both, text);
  for (const name of match.unknown) addUnknown(both, name);
  return both;
}

/** Whether nothing is tested. */
export function isMatchAll(match: RuleMatch): boolean {
  return (
    TEXT_FIELDS.every((field) => match[field] === undefined) &&
    match.protocols === undefined &&
    match.destinationPorts === undefined &&
    match.other.length === 0 &&
    !match.impossible
  );
}

/** Whether the mark is the only thing tested. */
export function testsOnlyMark(match: RuleMatch): boolean {
  return match.mark !== undefined && isMatchAll({ ...match, mark: undefined });
}

/** The model's form: one protocol and one port range are fields, several are named in `other`. */
export function toNatMatch(match: RuleMatch, protocol: number | undefined): NatMatch {
  const ports = match.destinationPorts;
  const single = ports?.length === 1 ? ports[0] : undefined;
  const other =
    ports !== undefined && single === undefined ? [...match.other, `dport ${formatPorts(ports)}`] : match.other;
  return {
    ...(protocol === undefined ? {} : { protocol }),
    ...(match.source === undefined ? {} : { source: match.source }),
    ...(match.destination === undefined ? {} : { destination: match.destination }),
    ...(match.inInterface === undefined ? {} : { inInterface: match.inInterface }),
    ...(match.outInterface === undefined ? {} : { outInterface: match.outInterface }),
    ...(match.mark === undefined ? {} : { mark: match.mark }),
    ...(single === undefined ? {} : { destinationPort: single }),
    other,
  };
}

/** `53,8000-8010`. */
export function formatPorts(ports: readonly PortRange[]): string {
  return ports
    .map((range) => (range.first === range.last ? String(range.first) : `${range.first}-${range.last}`))
    .join(',');
}
