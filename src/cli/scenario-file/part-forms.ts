// A destination and a workload of a scenario file, each with its place for what only the whole file shows.
import type { SimDestination, SimWorkload } from '../../sim/sim-scenario.ts';
import type { Placed } from './cross-checks.ts';
import type { Given } from './given.ts';
import { DESTINATION, WORKLOAD } from './scenario-keys.ts';
import { Section } from './section.ts';

export function readDestination(given: Given): Placed<SimDestination> {
  const section = new Section(
    given,
    Object.values(DESTINATION).map(({ name }) => name),
  );
  const value = {
    name: section.value(DESTINATION.name),
    protocol: section.value(DESTINATION.protocol),
    ...section.value(DESTINATION.address),
    answers: section.value(DESTINATION.answers),
    timeWaitSeconds: section.value(DESTINATION.timeWait),
  };
  return { value, section };
}

export function readWorkload(given: Given): Placed<SimWorkload> {
  const section = new Section(
    given,
    Object.values(WORKLOAD).map(({ name }) => name),
  );
  const onNodes = section.value(WORKLOAD.onNodes);
  const stopSeconds = section.value(WORKLOAD.stop);
  const value = {
    name: section.value(WORKLOAD.name),
    pods: section.value(WORKLOAD.pods),
    ...(onNodes === undefined ? {} : { onNodes }),
    destination: section.value(WORKLOAD.destination),
    perSecond: section.value(WORKLOAD.rate),
    arrivals: section.value(WORKLOAD.arrivals),
    hold: section.value(WORKLOAD.hold),
    closer: section.value(WORKLOAD.closes),
    connectTimeoutSeconds: section.value(WORKLOAD.connectTimeout),
    startSeconds: section.value(WORKLOAD.start),
    ...(stopSeconds === undefined ? {} : { stopSeconds }),
  };
  return { value, section };
}
