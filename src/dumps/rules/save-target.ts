// What the target of one iptables-save line does.
import type { NatRandom } from '../../core/model/nat-rule.ts';
import type { PortRange } from '../../core/model/port-range.ts';
import type { RuleVerdict } from '../../core/nat-rules/kernel-rule.ts';
import { CONTINUING_TARGETS, ENDING_TARGETS } from '../../core/nat-rules/xt-names.ts';
import { addressesOf } from './save-address.ts';
import { rangeOf } from './save-ports.ts';
import type { SaveModule, SaveOption, SaveRule } from './save-words.ts';

export interface SaveEffect {
  readonly verdict: RuleVerdict;
  readonly notrack?: boolean;
  /** Names what this program does not know. */
  readonly unknown?: string;
}

export interface TargetContext {
  readonly family: 4 | 6;
  /** Whether the table has a chain of this name. */
  isChain(name: string): boolean;
}

const CONTINUE: SaveEffect = { verdict: { kind: 'continue' } };

const VERDICTS: ReadonlyMap<string, SaveEffect> = new Map([
  ['ACCEPT', { verdict: { kind: 'accept' } }],
  ['RETURN', { verdict: { kind: 'return' } }],
  ['DROP', { verdict: { kind: 'drop' } }],
  ['DNAT', { verdict: { kind: 'dnat' } }],
  ['REDIRECT', { verdict: { kind: 'dnat' } }],
  ['NETMAP', { ...CONTINUE, unknown: 'NETMAP' }],
  ['NOTRACK', { ...CONTINUE, notrack: true }],
]);

/** Never throws; a rule without a target only counts. */
export function effectOf(target: SaveRule['target'], context: TargetContext): SaveEffect {
  if (target === undefined) return CONTINUE;
  const { name, options } = target;
  if (context.isChain(name)) return { verdict: { kind: target.isGoto ? 'goto' : 'jump', chain: name } };
  if (name === 'MASQUERADE') return masquerade(target);
  if (name === 'SNAT') return snat(target, context.family);
  if (name === 'CT') return { ...CONTINUE, notrack: options.some(({ flag }) => flag === '--notrack') };
  const known = VERDICTS.get(name);
  if (known !== undefined) return known;
  if (CONTINUING_TARGETS.has(name)) return CONTINUE;
  if (ENDING_TARGETS.has(name)) return { verdict: { kind: 'drop' } };
  return { ...CONTINUE, unknown: name === '' ? 'a target without a name' : name };
}

function masquerade({ name, options }: SaveModule): SaveEffect {
  const ports = options.find(({ flag }) => flag === '--to-ports')?.values[0];
  const range = ports === undefined ? undefined : rangeOf(ports);
  if (ports !== undefined && range === undefined) return cutShort(name, ports);
  return { verdict: { kind: 'masquerade', range, random: randomOf(options) } };
}

/** `192.0.2.1-192.0.2.3:2000-3000`, `[2001:db8::1-2001:db8::3]:1024-2047`, `2001:db8::1`; the first of several counts. */
function snat({ name, options }: SaveModule, family: 4 | 6): SaveEffect {
  const to = options.find(({ flag }) => flag === '--to-source')?.values[0] ?? '';
  const source = sourceOf(to, family);
  if (source === undefined) return cutShort(name, to);
  return { verdict: { kind: 'snat', ...source, random: randomOf(options) } };
}

interface Source {
  readonly addresses: readonly string[];
  readonly range: PortRange | undefined;
}

function sourceOf(text: string, family: 4 | 6): Source | undefined {
  const parts = (family === 6 ? /^(?:\[([^\]]*)\]|([^\]]*?))(?::([\d-]+))?$/ : /^()([^:]*)(?::([\d-]+))?$/).exec(text);
  // Without brackets an IPv6 address has no port behind it.
  const hasPorts = parts?.[3] !== undefined && (family === 4 || text.startsWith('['));
  const names = family === 6 && !text.startsWith('[') ? text : (parts?.[1] ?? '') || (parts?.[2] ?? '');
  const range = hasPorts ? rangeOf(parts[3] ?? '') : undefined;
  if (hasPorts && range === undefined) return undefined;
  if (names === '' && hasPorts) return { addresses: [], range };
  const addresses = addressesOf(names, family);
  return addresses === undefined ? undefined : { addresses, range };
}

function randomOf(options: readonly SaveOption[]): NatRandom {
  if (options.some(({ flag }) => flag === '--random-fully')) return 'random-fully';
  return options.some(({ flag }) => flag === '--random') ? 'random' : 'none';
}

function cutShort(name: string, text: string): SaveEffect {
  return { ...CONTINUE, unknown: `${name} ${text}`.trim() };
}
