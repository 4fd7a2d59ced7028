// An iptables-legacy table as the kernel copies it out (IPT_SO_GET_INFO, IPT_SO_GET_ENTRIES): entries back to back.
import type { BaseChain, KernelRule, RuleTable } from '../../core/nat-rules/kernel-rule.ts';
import { iptablesHooks, iptablesPriority } from '../../core/nat-rules/iptables-hooks.ts';
import { decodeEntry } from './legacy-entry.ts';
import type { LegacyLayout } from './legacy-layout.ts';
import { StructReader } from './struct-reader.ts';
import type { IpsetNames } from './xt-extension.ts';

/** ipt_getinfo: name 32, valid_hooks, hook_entry[5], underflow[5], num_entries, size. */
const VALID_HOOKS = 32;
const HOOK_ENTRY = 36;
const UNDERFLOW = 56;

/** ipt_get_entries: name 32, size 4, padding 4. */
export const ENTRIES_HEADER = 40;

export interface LegacyBlob {
  readonly table: string;
  readonly layout: LegacyLayout;
  /** ipt_getinfo. */
  readonly info: Uint8Array;
  /** ipt_get_entries with its header. */
  readonly entries: Uint8Array;
}

interface EntryPlace {
  readonly offset: number;
  readonly next: number;
}

/** Builds a rule table from the kernel's two answers; never throws, whatever the bytes. */
export function decodeLegacyTable(blob: LegacyBlob, ipsets: IpsetNames): RuleTable {
  const { table, layout } = blob;
  const info = new StructReader(blob.info);
  const entries = new StructReader(blob.entries, ENTRIES_HEADER);
  const chains = findChains(entries, layout, info);
  const starts = new Map([...chains].map(([name, places]) => [places.start, name]));
  const decoded = new Map<string, readonly KernelRule[]>();
  const decode = (chain: string): readonly KernelRule[] =>
    (chains.get(chain)?.rules ?? []).map(({ offset, next }) =>
      decodeEntry(entries.part(offset, next - offset), {
        layout,
        ipsets,
        offset,
        next,
        chainAt: (at) => starts.get(at),
      }),
    );
  return {
    backend: 'iptables-legacy',
    family: layout.family === 4 ? 'ip' : 'ip6',
    name: table,
    bases: baseChains(table, info),
    rules: (chain) => {
      const known = decoded.get(chain) ?? decode(chain);
      decoded.set(chain, known);
      return known;
    },
  };
}

interface ChainPlaces {
  /** Offset a jump to this chain carries. */
  readonly start: number;
  /** A hook enters it; its policy entry is not among the rules. */
  readonly builtin: boolean;
  readonly rules: EntryPlace[];
}

/** Built-in chains begin at hook_entry and end after the policy entry (underflow); user chains begin after an ERROR entry. */
function findChains(entries: StructReader, layout: LegacyLayout, info: StructReader): Map<string, ChainPlaces> {
  const hookNames = new Map(hooksOf(info).map((hook) => [info.u32(HOOK_ENTRY + hook * 4), HOOK_NAMES[hook] ?? '']));
  const policies = new Set(hooksOf(info).map((hook) => info.u32(UNDERFLOW + hook * 4)));
  const chains = new Map<string, ChainPlaces>();
  let current: ChainPlaces | undefined;
  for (let offset = 0; offset + layout.size <= entries.length; ) {
    const size = entries.u16(offset + layout.nextOffset);
    if (size < layout.size || offset + size > entries.length) break;
    const place = { offset, next: offset + size };
    const header = errorName(entries, layout, offset);
    const hook = hookNames.get(offset);
    if (hook !== undefined) chains.set(hook, (current = { start: offset, builtin: true, rules: [] }));
    if (header !== undefined) chains.set(header, (current = { start: offset + size, builtin: false, rules: [] }));
    else if (!policies.has(offset)) current?.rules.push(place);
    offset += size;
  }
  for (const chain of chains.values()) dropImplicitReturn(chain, entries, layout);
  return chains;
}

/** Names of NF_INET_* hooks in order, as chains are called. */
const HOOK_NAMES = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'];

function hooksOf(info: StructReader): number[] {
  return [0, 1, 2, 3, 4].filter((hook) => ((info.u32(VALID_HOOKS) >>> hook) & 1) === 1);
}

/** xt_error_target: name "ERROR", then the chain's name in errorname. */
function errorName(entries: StructReader, layout: LegacyLayout, offset: number): string | undefined {
  const target = offset + entries.u16(offset + layout.targetOffset);
  return entries.text(target + 2, 29) === 'ERROR' ? entries.text(target + 32, 30) : undefined;
}

/** libiptc ends every user chain with an entry that returns: not a rule, no list shows it. */
function dropImplicitReturn(chain: ChainPlaces, entries: StructReader, layout: LegacyLayout): void {
  const last = chain.rules.at(-1);
  if (last === undefined || chain.builtin) return;
  const target = last.offset + entries.u16(last.offset + layout.targetOffset);
  const isReturn = entries.text(target + 2, 29) === '' && entries.i32(target + 32) === -5;
  if (isReturn && last.next - last.offset === layout.size + 40) chain.rules.pop();
}

function baseChains(table: string, info: StructReader): readonly BaseChain[] {
  const hooks = new Set(hooksOf(info));
  return iptablesHooks(table)
    .filter(({ number }) => hooks.has(number))
    .map(({ chain, hook }) => ({
      name: chain,
      hook,
      priority: iptablesPriority(table, hook),
      type: table === 'nat' ? 'nat' : 'filter',
      registration: 0,
    }));
}
