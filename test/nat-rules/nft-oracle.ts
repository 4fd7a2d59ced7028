// What `nft -j list ruleset` prints, followed from every postrouting nat chain: an opinion that shares no code with the decoder.
import type { SeenRule } from './seen-rule.ts';

type Json = Readonly<Record<string, unknown>>;

/** Translating rules in evaluation order; base chains of one priority are not distinguished. */
export function parseNft(text: string): readonly SeenRule[] {
  const objects = (JSON.parse(text) as { nftables: readonly Json[] }).nftables;
  const chains = objects.flatMap((object) => (object['chain'] === undefined ? [] : [object['chain'] as Json]));
  const rules = objects.flatMap((object) => (object['rule'] === undefined ? [] : [object['rule'] as Json]));
  return chains
    .filter((chain) => chain['hook'] === 'postrouting' && chain['type'] === 'nat')
    .toSorted((a, b) => Number(a['prio']) - Number(b['prio']) || Number(b['handle']) - Number(a['handle']))
    .flatMap((chain) => follow(chain, rules));
}

function follow(chain: Json, rules: readonly Json[]): readonly SeenRule[] {
  const inChain = (rule: Json): boolean =>
    rule['family'] === chain['family'] && rule['table'] === chain['table'] && rule['chain'] === chain['name'];
  return rules.filter(inChain).flatMap((rule) => ruleSeen(chain, rule['expr'] as readonly Json[], rules));
}

function ruleSeen(chain: Json, expressions: readonly Json[], rules: readonly Json[]): readonly SeenRule[] {
  const counter = expressions.find((expression) => 'counter' in expression)?.['counter'] as Json | undefined;
  return expressions.flatMap((expression) => {
    const [name = ''] = Object.keys(expression);
    const body = expression[name] as Json | null;
    if (name === 'masquerade' || name === 'snat') return [seen(String(chain['name']), name, { body, counter })];
    return targets(name, body).flatMap((target) => follow({ ...chain, name: target }, rules));
  });
}

function targets(name: string, body: Json | null): readonly string[] {
  if (name === 'jump' || name === 'goto') return [String(body?.['target'])];
  if (name !== 'vmap') return [];
  // A named map is printed as its name: this oracle does not look into it.
  const data = body?.['data'] as { set?: readonly (readonly [unknown, Json])[] };
  return (data.set ?? []).flatMap(([, verdict]) =>
    targets(Object.keys(verdict)[0] ?? '', Object.values(verdict)[0] as Json),
  );
}

function seen(
  chain: string,
  kind: 'masquerade' | 'snat',
  { body, counter }: { readonly body: Json | null; readonly counter: Json | undefined },
): SeenRule {
  const flags = [body?.['flags'] ?? []].flat();
  const random = flags.includes('fully-random') ? 'random-fully' : flags.includes('random') ? 'random' : 'none';
  return {
    chain,
    kind,
    ports: portsOf(body?.['port']),
    random,
    packets: counter?.['packets'] as number | undefined,
    bytes: counter?.['bytes'] as number | undefined,
  };
}

function portsOf(port: unknown): string {
  if (typeof port === 'number') return `${port}-${port}`;
  const range = (port as { range?: readonly number[] } | undefined)?.range;
  return range === undefined ? '' : `${range[0]}-${range[1]}`;
}
