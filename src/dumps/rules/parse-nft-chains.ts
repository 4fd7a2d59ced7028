// `nft -j list chains`: which tables hold rules that NAT depends on, so that the others, which may be large, need not be read.
import { member, numberOf, textOf } from '../json-value.ts';
import { isIptablesChain, sourceNatHook } from './nft-table.ts';
import { objectsOf } from './parse-nft-json.ts';

export interface NftTable {
  readonly family: string;
  readonly name: string;
  /** Written by iptables-nft: nft cannot show its rules, iptables-save can. */
  readonly isIptables: boolean;
}

/** @returns undefined when the text is no whole JSON of nft. */
export function parseNftChains(text: string): readonly NftTable[] | undefined {
  const objects = objectsOf(text);
  if (objects === undefined) return undefined;
  const tables = new Map<string, NftTable>();
  for (const object of objects) {
    const chain = member(object, 'chain');
    const hook = sourceNatHook({
      hook: textOf(member(chain, 'hook')),
      type: textOf(member(chain, 'type')),
      priority: numberOf(member(chain, 'prio')) ?? 0,
    });
    if (hook === undefined) continue;
    const family = textOf(member(chain, 'family'));
    const name = textOf(member(chain, 'table'));
    const known = tables.get(`${family} ${name}`)?.isIptables ?? true;
    const chainName = textOf(member(chain, 'name'));
    tables.set(`${family} ${name}`, {
      family,
      name,
      isIptables: known && isIptablesChain({ family, table: name, chain: chainName, hook }),
    });
  }
  return [...tables.values()].filter(({ family }) => family === 'ip' || family === 'ip6' || family === 'inet');
}
