// What iptables-save prints, followed from POSTROUTING: an opinion on the same rules that shares no code with the decoder.
import type { SeenRule } from './seen-rule.ts';

interface SavedRule {
  readonly words: readonly string[];
  readonly packets: number;
  readonly bytes: number;
}

/** Translating rules in evaluation order. Input: `iptables-save -c -t nat`. */
export function parseSave(text: string): readonly SeenRule[] {
  const chains = new Map<string, SavedRule[]>();
  for (const line of text.split('\n')) {
    const match = /^\[(\d+):(\d+)\] -A (\S+) ?(.*)$/.exec(line);
    if (match === null) continue;
    const words = (match[4] ?? '').match(/"[^"]*"|\S+/g) ?? [];
    const rules = chains.get(match[3] ?? '') ?? [];
    rules.push({ words, packets: Number(match[1]), bytes: Number(match[2]) });
    chains.set(match[3] ?? '', rules);
  }
  return follow('POSTROUTING', chains);
}

function follow(chain: string, chains: ReadonlyMap<string, readonly SavedRule[]>): readonly SeenRule[] {
  return (chains.get(chain) ?? []).flatMap((rule) => {
    const target = after(rule.words, '-j') ?? after(rule.words, '-g') ?? '';
    if (target === 'MASQUERADE' || target === 'SNAT') return [seen(chain, target, rule)];
    return follow(target, chains);
  });
}

function seen(chain: string, target: 'MASQUERADE' | 'SNAT', { words, packets, bytes }: SavedRule): SeenRule {
  const ports = target === 'MASQUERADE' ? after(words, '--to-ports') : portsOfSource(after(words, '--to-source') ?? '');
  const random = words.includes('--random-fully') ? 'random-fully' : words.includes('--random') ? 'random' : 'none';
  return { chain, kind: target === 'SNAT' ? 'snat' : 'masquerade', ports: normal(ports), random, packets, bytes };
}

/** `192.0.2.1-192.0.2.3:2000-3000`, `[2001:db8::1]:1024-2047`. */
function portsOfSource(source: string): string | undefined {
  if (source.includes('[')) return /\]:(.+)$/.exec(source)?.[1];
  return /^[^:]+:(\d[\d-]*)$/.exec(source)?.[1];
}

function normal(ports: string | undefined): string {
  if (ports === undefined) return '';
  return ports.includes('-') ? ports : `${ports}-${ports}`;
}

function after(words: readonly string[], flag: string): string | undefined {
  const at = words.indexOf(flag);
  return at < 0 ? undefined : words[at + 1];
}
