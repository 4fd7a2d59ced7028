// What the manifest says of one node's facts.
import type { NodeFacts } from '../../core/model/node-facts.ts';
import { type NodePart, pathsOfNode } from './bundle-manifest.ts';

/** `number`: its place among the nodes of the bundle, from 1. */
export function nodePart(facts: NodeFacts, number: number): NodePart {
  return {
    node: facts.node,
    at: facts.at,
    sources: sourcesOf(facts),
    flows: facts.flows.flowCount,
    complete: facts.gaps.length === 0,
    gaps: facts.gaps.length,
    ...pathsOfNode(number),
  };
}

function sourcesOf(facts: NodeFacts): string[] {
  const isThere: readonly (readonly [string, boolean])[] = [
    [`flows (${facts.flowsSource ?? ''})`, facts.flowsSource !== undefined],
    ['NAT rules', !facts.gaps.some(({ id }) => id === 'nat-rules')],
    ['claimed ports', !facts.gaps.some(({ id }) => id === 'listeners')],
    ['counters', facts.counters !== undefined],
    ['new flows', facts.arrivals !== undefined],
    ['conntrack table', facts.table !== undefined],
    ['settings', Object.keys(facts.settings).length > 0],
    ['pods', facts.pods !== undefined],
  ];
  return isThere.flatMap(([source, isRead]) => (isRead ? [source] : []));
}
