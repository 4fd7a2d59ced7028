// The implementations that run in this process: each search of Portolan in each kernel era.
import { eraBehaviour, KERNEL_ERAS } from '../../src/core/alloc/kernel-era.ts';
import { createPortFinder, type PortFinder } from '../../src/core/alloc/port-finder.ts';
import type { SearchBehaviour } from '../../src/core/alloc/port-search.ts';
import { type Random, searchPort } from '../../src/core/alloc/reference-search.ts';
import { seededRandom } from '../../src/core/alloc/seeded-random.ts';
import { AllocatorNode } from './allocator-node.ts';
import type { Ability } from './conformance-case.ts';
import type { NodeMaker } from './nat-node.ts';
import { SearchNode } from './search-node.ts';

export interface Implementation {
  readonly name: string;
  readonly behaviour: SearchBehaviour;
  readonly abilities: readonly Ability[];
  readonly make: NodeMaker;
}

/** Every search of Portolan as a kernel of one behaviour; `seed` decides all chance. */
export function modelsOf(behaviour: SearchBehaviour, seed: number): readonly Implementation[] {
  return [
    searchImplementation('reference search', behaviour, referenceFinder(behaviour, seededRandom(seed))),
    {
      name: 'allocator',
      behaviour,
      abilities: ['sequences', 'rules'],
      make: (rule) => new AllocatorNode(rule, { behaviour, random: seededRandom(seed) }),
    },
    searchImplementation("simulator's finder", behaviour, createPortFinder(behaviour, seededRandom(seed))),
  ];
}

/** All of them in all eras. */
export const MODELS: readonly Implementation[] = KERNEL_ERAS.flatMap((era, index) =>
  modelsOf(eraBehaviour(era), 100 + index).map((model) => ({
    ...model,
    name: `${model.name}, ${era}${era === '4.x' ? ' (specification only: no kernel here scans the whole range)' : ''}`,
  })),
);

function searchImplementation(name: string, behaviour: SearchBehaviour, finder: PortFinder): Implementation {
  return { name, behaviour, abilities: [], make: (rule) => new SearchNode(rule, { name, behaviour, finder }) };
}

/** The candidate-by-candidate search behind the finder's interface. */
function referenceFinder(behaviour: SearchBehaviour, random: Random): PortFinder {
  let last = { found: 0, evicted: false };
  return {
    get found() {
      return last.found;
    },
    get evicted() {
      return last.evicted;
    },
    find(occupied, evictable, range, protocol) {
      const outcome = searchPort({ occupied, evictable, range, protocol, behaviour }, random);
      last = outcome;
      return outcome.port ?? -1;
    },
  };
}
