// What the tests of one iptables-save line say, in the words that the kernel's own bytes are given (kernel/nat-rules/xt-match).
import type { PortRange } from '../../core/model/port-range.ts';
import { TCP, UDP } from '../../core/model/protocol.ts';
import { formatMark } from '../../core/nat-rules/mark-text.ts';
import { addOther, addPorts, addProtocols, addText, addUnknown, formatPorts } from '../../core/nat-rules/rule-match.ts';
import type { RuleMatch } from '../../core/nat-rules/rule-match.ts';
import { NAMED_MATCHES } from '../../core/nat-rules/xt-names.ts';
import { prefixOf } from './save-address.ts';
import { portsOf } from './save-ports.ts';
import { ipProtocol } from './save-protocol.ts';
import type { SaveModule, SaveOption } from './save-words.ts';

/** Adds `-s`, `-d`, `-i`, `-o`, `-p`. */
export function addHeader(match: RuleMatch, options: readonly SaveOption[], family: 4 | 6): void {
  for (const option of options) {
    const { flag, negated } = option;
    const value = option.values[0] ?? '';
    const not = negated ? '!' : '';
    if (flag === '-s' || flag === '-d') addPrefix(match, option, family);
    else if (flag === '-i') addText(match, 'inInterface', `${not}${pattern(value)}`);
    else if (flag === '-o') addText(match, 'outInterface', `${not}${pattern(value)}`);
    else if (flag === '-p') addProtocol(match, value, negated);
    else if (flag === '-f') addOther(match, `${not}frag`);
  }
}

function addPrefix(match: RuleMatch, { flag, negated, values }: SaveOption, family: 4 | 6): void {
  const [value = ''] = values;
  const prefix = prefixOf(value, family);
  if (prefix === undefined) return addUnknown(match, `${flag} ${value}`);
  if (prefix.endsWith('/0')) return;
  addText(match, flag === '-s' ? 'source' : 'destination', `${negated ? '!' : ''}${prefix}`);
}

/** iptables writes a prefix of a name as `eth+`. */
function pattern(name: string): string {
  return name.endsWith('+') ? `${name.slice(0, -1)}*` : name;
}

function addProtocol(match: RuleMatch, name: string, negated: boolean): void {
  const protocol = ipProtocol(name);
  if (protocol === undefined) addUnknown(match, `protocol ${name}`);
  else if (protocol !== 0 && negated) addOther(match, `l4proto != ${protocol}`);
  else if (protocol !== 0) addProtocols(match, [protocol]);
}

/** Adds what `-m name` tests. @returns the text of a comment. */
export function addModule(match: RuleMatch, { name, options }: SaveModule): string | undefined {
  if (name === 'comment') return options.find(({ flag }) => flag === '--comment')?.values[0];
  if (name === 'tcp') addTransport(match, options, TCP);
  else if (name === 'udp') addTransport(match, options, UDP);
  else if (name === 'multiport') for (const option of options) addPortTest(match, option);
  else if (name === 'mark') addMark(match, options);
  else if (name === 'set') addSet(match, options);
  else if (name === 'addrtype') addAddressTypes(match, options);
  else if (name === 'statistic') addStatistic(match, options);
  else if (name === 'conntrack' || NAMED_MATCHES.has(name)) addOther(match, name);
  else addUnknown(match, name === '' ? 'a match without a name' : name);
  return undefined;
}

function addTransport(match: RuleMatch, options: readonly SaveOption[], protocol: number): void {
  addProtocols(match, [protocol]);
  for (const option of options) addPortTest(match, option);
  if (options.some(({ flag }) => flag === '--tcp-flags' || flag === '--syn')) addOther(match, 'tcp flags');
}

const PORT_FLAGS: ReadonlyMap<string, 'sport' | 'dport' | 'port'> = new Map([
  ['--sport', 'sport'],
  ['--sports', 'sport'],
  ['--source-ports', 'sport'],
  ['--dport', 'dport'],
  ['--dports', 'dport'],
  ['--destination-ports', 'dport'],
  ['--ports', 'port'],
]);

function addPortTest(match: RuleMatch, { flag, negated, values }: SaveOption): void {
  const field = PORT_FLAGS.get(flag);
  if (field === undefined) return;
  const ports = portsOf(values[0] ?? '');
  if (ports === undefined) addUnknown(match, `${field} ${values[0] ?? ''}`);
  else addPortsOf(match, { field, ports, negated });
}

function addPortsOf(
  match: RuleMatch,
  test: { readonly field: string; readonly ports: readonly PortRange[]; readonly negated: boolean },
): void {
  if (test.field === 'dport' && !test.negated) addPorts(match, test.ports);
  else addOther(match, `${test.negated ? '!' : ''}${test.field} ${formatPorts(test.ports)}`);
}

/** `0x4000/0x4000`; without a mask every bit counts. */
function addMark(match: RuleMatch, options: readonly SaveOption[]): void {
  const option = options.find(({ flag }) => flag === '--mark');
  const parts = /^(0x[0-9a-f]{1,8}|\d{1,10})(?:\/(0x[0-9a-f]{1,8}|\d{1,10}))?$/i.exec(option?.values[0] ?? '');
  if (option === undefined || parts === null) return addUnknown(match, 'mark (cut short)');
  addText(match, 'mark', formatMark(Number(parts[1]), Number(parts[2] ?? '0xffffffff'), option.negated));
}

function addSet(match: RuleMatch, options: readonly SaveOption[]): void {
  for (const { flag, negated, values } of options) {
    if (flag !== '--match-set') continue;
    const [name = '', directions = ''] = values;
    const text = `${negated ? '!' : ''}@${name}`;
    if (directions === 'src') addText(match, 'source', text);
    else if (directions === 'dst') addText(match, 'destination', text);
    else addOther(match, `set ${text} ${directions}`);
  }
}

function addAddressTypes(match: RuleMatch, options: readonly SaveOption[]): void {
  const limit = options.find(({ flag }) => flag.startsWith('--limit-iface-'))?.flag.slice(2);
  for (const { flag, negated, values } of options) {
    const side = flag === '--src-type' ? 'src' : flag === '--dst-type' ? 'dst' : undefined;
    if (side === undefined) continue;
    addOther(
      match,
      `${negated ? '!' : ''}addrtype ${side} ${values[0] ?? ''}${limit === undefined ? '' : ` ${limit}`}`,
    );
  }
}

function addStatistic(match: RuleMatch, options: readonly SaveOption[]): void {
  const option = (flag: string): SaveOption | undefined => options.find((candidate) => candidate.flag === flag);
  const every = option('--every');
  const probability = option('--probability');
  const not = (every ?? probability)?.negated === true ? '!' : '';
  if (every === undefined) addOther(match, `${not}statistic random ${Number(probability?.values[0] ?? 0).toFixed(6)}`);
  else addOther(match, `${not}statistic nth ${option('--packet')?.values[0] ?? '0'} of ${every.values[0] ?? ''}`);
}
