// Through what the nodes of a cluster were read, in a phrase.
import type { NodeFacts } from '../core/model/node-facts.ts';
import { formatCount, formatInteger } from './number-text.ts';

/** `read by agents`, `2 nodes read by their agents, 1 by exec`; nothing where nobody says. */
export function readByWords(ways: readonly NodeFacts['readBy'][]): string[] {
  const by = (way: NodeFacts['readBy']): number => ways.filter((each) => each === way).length;
  const [agents, exec] = [by('agent'), by('exec')];
  if (agents === 0) return exec === 0 ? [] : ['read by exec'];
  if (exec === 0) return ['read by agents'];
  const whose = agents === 1 ? 'its agent' : 'their agents';
  return [`${formatCount(agents, 'node')} read by ${whose}, ${formatInteger(exec)} by exec`];
}
