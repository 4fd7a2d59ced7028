// Through what the nodes of a cluster were read, in a phrase.
import type { NodeFacts } from '../core/model/node-facts.ts';
import { formatCount, formatInteger } from './number-text.ts';

/** `read by agents`, `2 nodes read by agents, 1 by exec`; nothing where nobody says. */
export function readByWords(ways: readonly NodeFacts['readBy'][]): string[] {
  const by = (way: NodeFacts['readBy']): number => ways.filter((each) => each === way).length;
  const [agents, exec] = [by('agent'), by('exec')];
  if (agents === 0) return exec === 0 ? [] : ['read by exec'];
  return [
    exec === 0 ? 'read by agents' : `${formatCount(agents, 'node')} read by agents, ${formatInteger(exec)} by exec`,
  ];
}
