// The implementations that run in this process: each search of Portolan in each kernel era.
import { eraBehaviour, KERNEL_ERAS } from '../../src/core/alloc/kernel-era.ts';
import { createPortFinder, type PortFinder } from '../../src/core/alloc/port-finder.ts';
import type { SearchBehaviour } from '../../src/core/alloc/port-search.ts';
import { type Random, searchPort } from '../../src/core/alloc/reference-search.ts';
import { seededRandom } from '../../src/core/alloc/seeded-random.ts';
import type { PortRange } from '../../src/core/model/port-range.ts';
import type { PortSet } from '../../src/core/model/port-set.ts';
import { AllocatorNode } from './allocator-node.ts';
import type { Ability } from './conformance-case.ts';
import type { Subject } from './measures/survey-job.ts';
import type { NodeMaker } from './nat-node.ts';
import { SearchNode } from './search-node.ts';

export interface Implementation {
  readonly name: string;
  readonly behaviour: SearchBehaviour;
  readonly abilities: readonly Ability[];
  readonly make: NodeMaker;
}

/** Every search of Portolan as a kernel of one behaviour; `seed` decides all chance. */
function modelsOf(behaviour: SearchBehaviour, seed: number): readonly Implementation[] {
  return MODEL_SUBJECTS.map((name) => ({
    name,
    behaviour,
    abilities: name === 'allocator' ? ['sequences', 'rules'] : [],
    make: makerOf(name, { behaviour, random: seededRandom(seed) }),
  }));
}

const MODEL_SUBJECTS = ['reference search', "simulator's finder", 'allocator'] as const;

/** All of them in all eras. */
export const MODELS: readonly Implementation[] = KERNEL_ERAS.flatMap((era, index) =>
  modelsOf(eraBehaviour(era), 100 + index).map((model) => ({
    ...model,
    name: `${model.name}, ${era}${era === '4.x' ? ' (specification only: no kernel here scans the whole range)' : ''}`,
  })),
);

export interface ModelOptions {
  readonly behaviour: SearchBehaviour;
  readonly random: Random;
}

/** Makes nodes of one of Portolan's searches, or of a wrong one that a comparison must tell from the kernel. */
export function makerOf(subject: Exclude<Subject, 'kernel'>, options: ModelOptions): NodeMaker {
  if (subject === 'allocator') return (rule) => new AllocatorNode(rule, options);
  const finder = finderOf(subject, options);
  return (rule) => new SearchNode(rule, { name: subject, behaviour: options.behaviour, finder });
}

function finderOf(subject: Exclude<Subject, 'kernel' | 'allocator'>, { behaviour, random }: ModelOptions): PortFinder {
  switch (subject) {
    case 'reference search':
      return referenceFinder(behaviour, random);
    case "simulator's finder":
      return createPortFinder(behaviour, random);
    case 'control of random probes':
      return randomProbes(random);
  }
}

/** What u^248 believes in: 248 independent candidates, so that ports never cluster. */
function randomProbes(random: Random): PortFinder {
  const finder = {
    found: 0,
    evicted: false,
    find: (occupied: PortSet, _evictable: PortSet, { first, last }: PortRange): number => {
      for (finder.found = 0; finder.found < 248; finder.found += 1) {
        const port = first + Math.floor(random() * (last - first + 1));
        if (!occupied.has(port)) return port;
      }
      return -1;
    },
  };
  return finder;
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
