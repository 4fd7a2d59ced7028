// Readings of one look with what was known before: the node's name and what its kernel does.
import { hostname } from 'node:os';
import { FlowTable } from '../core/model/flow-table.ts';
import type { Gap } from '../core/model/gap.ts';
import type { KernelBehaviour } from '../core/model/kernel-behaviour.ts';
import { NODE_FACTS_SCHEMA, type NodeFacts } from '../core/model/node-facts.ts';
import type { NodeReadings } from './node-readings.ts';

export interface JoinOptions {
  readonly behaviour: KernelBehaviour;
  /** The host name when absent. */
  readonly name?: string;
}

export function joinFacts(readings: NodeReadings, { behaviour, name }: JoinOptions): NodeFacts {
  const { atMilliseconds, ...rest } = readings;
  return {
    ...rest,
    schema: NODE_FACTS_SCHEMA,
    node: name ?? hostname(),
    at: new Date(atMilliseconds).toISOString(),
    behaviour,
    flows: new FlowTable(readings.flows),
    gaps: [...readings.gaps, ...behaviourGaps(behaviour)],
  };
}

function behaviourGaps(behaviour: KernelBehaviour): Gap[] {
  if (behaviour.evictsClosing !== 'unknown' && behaviour.search !== 'unknown') return [];
  return [
    {
      id: 'kernel-behaviour',
      what: 'whether this kernel takes over closing entries, and how it searches for a port',
      why: 'the probe needs a throwaway network namespace and was refused one',
      weakens: 'the drop probability: the range of it is shown',
      remedy: 'sudo portolan probe',
    },
  ];
}
