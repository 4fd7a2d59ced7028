// Readings of one node and what is known of its kernel, joined into facts.
import { FlowTable } from '../core/model/flow-table.ts';
import type { Gap } from '../core/model/gap.ts';
import type { KernelBehaviour } from '../core/model/kernel-behaviour.ts';
import type { NodeFacts } from '../core/model/node-facts.ts';
import { NODE_FACTS_SCHEMA } from '../core/model/node-facts.ts';
import type { NodeReadings } from './node-readings.ts';

export interface Joined {
  readonly readings: NodeReadings;
  readonly behaviour: KernelBehaviour;
  /** What the node is called. */
  readonly name: string;
}

export function joinFacts({ readings, behaviour, name }: Joined): NodeFacts {
  const { atMilliseconds, ...rest } = readings;
  return {
    ...rest,
    schema: NODE_FACTS_SCHEMA,
    node: name,
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
