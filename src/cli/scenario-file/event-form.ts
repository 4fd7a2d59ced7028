// One event of a scenario file: `at` and exactly one of the things that can happen.
import type { SimEvent } from '../../sim/sim-scenario.ts';
import type { Given } from './given.ts';
import { EVENT } from './scenario-keys.ts';
import { Section } from './section.ts';
import { listOf } from './value-forms.ts';

/** What can happen, and the further keys that each takes. */
const KINDS = {
  natPortRange: [],
  deploy: ['over'],
  burst: ['rate', 'for'],
  change: ['rate'],
  nodes: [],
} as const;

type EventKind = keyof typeof KINDS;

const KIND_NAMES: readonly EventKind[] = ['natPortRange', 'deploy', 'burst', 'change', 'nodes'];

/** An event, or undefined after a complaint. */
export function readEvent(given: Given): { readonly event: SimEvent; readonly section: Section } | undefined {
  const section = new Section(
    given,
    Object.values(EVENT).map(({ name }) => name),
  );
  if (given.entries() === undefined) return undefined;
  const atSeconds = section.value(EVENT.at);
  const present = KIND_NAMES.filter((kind) => section.has(EVENT[kind]));
  const [kind] = present;
  if (kind === undefined || present.length > 1) {
    given.complain(
      `exactly one of ${listOf(KIND_NAMES)} beside "at"`,
      present.length === 0 ? 'nothing happens' : `${present.join(' and ')} given`,
    );
    return undefined;
  }
  refuseForeignKeys(section, kind);
  return { event: eventOf(section, kind, atSeconds), section };
}

function refuseForeignKeys(section: Section, kind: EventKind): void {
  const taken: readonly string[] = KINDS[kind];
  for (const name of ['over', 'rate', 'for'] as const)
    if (section.has(EVENT[name]) && !taken.includes(name))
      section
        .at(EVENT[name])
        .say(`given with ${kind}, which takes ${taken.length === 0 ? 'no more keys' : listOf(taken)}`);
}

function eventOf(section: Section, kind: EventKind, atSeconds: number): SimEvent {
  switch (kind) {
    case 'natPortRange':
      return { kind: 'nat-port-range', atSeconds, ranges: section.value(EVENT.natPortRange) };
    case 'deploy':
      return {
        kind: 'deploy',
        atSeconds,
        workload: section.value(EVENT.deploy),
        overSeconds: section.value(EVENT.over),
      };
    case 'burst':
      return {
        kind: 'burst',
        atSeconds,
        workload: section.value(EVENT.burst),
        perSecond: section.value(EVENT.rate),
        forSeconds: section.value(EVENT.for),
      };
    case 'change':
      return { kind: 'rate', atSeconds, workload: section.value(EVENT.change), perSecond: section.value(EVENT.rate) };
    case 'nodes':
      return { kind: 'nodes', atSeconds, count: section.value(EVENT.nodes) };
  }
}
