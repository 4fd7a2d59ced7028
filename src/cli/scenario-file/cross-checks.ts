// What only the whole file shows: names that must be unique or known, times and counts that must fit together.
import { UDP } from '../../core/model/protocol.ts';
import { didYouMean } from '../flags/suggestion.ts';
import type { SimDestination, SimEvent, SimWorkload } from '../../sim/sim-scenario.ts';
import { DESTINATION, EVENT, WORKLOAD } from './scenario-keys.ts';
import type { Section } from './section.ts';

/** A thing that was read, and where. */
export interface Placed<Value> {
  readonly value: Value;
  readonly section: Section;
}

/** Names that were read, each once. */
export function namesOf(things: readonly { readonly name: string }[]): string[] {
  return [...new Set(things.map(({ name }) => name).filter((name) => name !== ''))];
}

/** No two of the same name. */
export function checkUnique(
  placed: readonly Placed<{ readonly name: string }>[],
  key: { readonly name: string },
): void {
  const seen = new Map<string, Section>();
  for (const { value, section } of placed) {
    const earlier = seen.get(value.name);
    if (value.name === '') continue;
    if (earlier === undefined) seen.set(value.name, section);
    else section.at(key).complain('another name', `${value.name} is taken (at ${earlier.at(key).place})`);
  }
}

/** Two destinations with one address would be one port space under two names. */
export function checkAddresses(placed: readonly Placed<SimDestination>[]): void {
  const seen = new Map<string, string>();
  for (const { value, section } of placed) {
    if (value.address === '') continue;
    const id = `${value.protocol} ${value.address} ${value.port}`;
    const earlier = seen.get(id);
    if (earlier === undefined) seen.set(id, value.name);
    else
      section
        .at(DESTINATION.address)
        .say(`the same as ${earlier}, wanted one destination per protocol, address and port`);
  }
}

export function checkWorkload(
  { value, section }: Placed<SimWorkload>,
  {
    destinations,
    mostNodes,
    durationSeconds,
  }: {
    readonly destinations: readonly SimDestination[];
    readonly mostNodes: number;
    readonly durationSeconds: number;
  },
): void {
  const names = namesOf(destinations);
  const destination = destinations.find(({ name }) => name === value.destination);
  if (value.destination !== '' && destination === undefined && names.length > 0)
    section
      .at(WORKLOAD.destination)
      .complain(`the name of a destination: ${few(names)}${didYouMean(value.destination, names)}`);
  if (section.has(WORKLOAD.start) && value.startSeconds >= durationSeconds)
    section.at(WORKLOAD.start).complain('a time before the end (duration)');
  if (value.stopSeconds !== undefined && value.stopSeconds <= value.startSeconds)
    section.at(WORKLOAD.stop).complain('a time after its start');
  if ((value.onNodes ?? 0) > mostNodes)
    section.at(WORKLOAD.onNodes).complain(`at most ${mostNodes}, the nodes there are`);
  if (destination?.protocol === UDP && section.has(WORKLOAD.closes))
    section.at(WORKLOAD.closes).say('given for a udp destination, wanted tcp: UDP flows are not closed, they time out');
}

export function checkEvent(
  { value, section }: Placed<SimEvent>,
  { workloads, durationSeconds }: { readonly workloads: readonly string[]; readonly durationSeconds: number },
): void {
  if (section.has(EVENT.at) && value.atSeconds >= durationSeconds)
    section.at(EVENT.at).complain('a time before the end (duration)');
  if (!('workload' in value)) return;
  const key = { deploy: EVENT.deploy, burst: EVENT.burst, rate: EVENT.change }[value.kind];
  if (value.workload !== '' && workloads.length > 0 && !workloads.includes(value.workload))
    section.at(key).complain(`the name of a workload: ${few(workloads)}${didYouMean(value.workload, workloads)}`);
}

function few(names: readonly string[]): string {
  return names.length <= 8 ? names.join(', ') : `${names.slice(0, 8).join(', ')}, ...`;
}
