// The nodes of a scenario file: how many, their kernel, range and timeouts.
import { eraOfRelease, KERNEL_ERAS } from '../../core/alloc/kernel-era.ts';
import type { SimNodes } from '../../sim/sim-scenario.ts';
import type { Form, Key } from './form.ts';
import type { Given } from './given.ts';
import { shownText } from './problem-list.ts';
import { NODES, TIMEOUTS } from './scenario-keys.ts';
import { Section } from './section.ts';

type Timeouts = Pick<SimNodes, 'closeSeconds' | 'timeWaitSeconds' | 'udpSeconds'>;

const STANDARD_TIMEOUTS: Timeouts = {
  timeWaitSeconds: TIMEOUTS.timeWait.fallback.value,
  closeSeconds: TIMEOUTS.close.fallback.value,
  udpSeconds: TIMEOUTS.udp.fallback.value,
};

const TIMEOUTS_KEY: Key<Timeouts> = {
  name: 'timeouts',
  about: '',
  form: { wanted: 'a map of timeWait, close, udp', placeholder: STANDARD_TIMEOUTS, read: readTimeouts },
  fallback: { value: STANDARD_TIMEOUTS, text: '' },
};

function readTimeouts(given: Given): Timeouts {
  const section = new Section(
    given,
    Object.values(TIMEOUTS).map(({ name }) => name),
  );
  return {
    timeWaitSeconds: section.value(TIMEOUTS.timeWait),
    closeSeconds: section.value(TIMEOUTS.close),
    udpSeconds: section.value(TIMEOUTS.udp),
  };
}

const EMPTY_NODES: SimNodes = {
  count: 1,
  random: 'random-fully',
  snatAddresses: 1,
  kernel: '6.12',
  conntrackMax: 1,
  timeWaitSeconds: 1,
  closeSeconds: 1,
  udpSeconds: 1,
};

export const NODES_FORM: Form<SimNodes> = {
  wanted: 'a map with at least { kernel: "6.1" }',
  placeholder: EMPTY_NODES,
  read: readNodes,
};

function readNodes(given: Given): SimNodes {
  const section = new Section(given, [...Object.values(NODES).map(({ name }) => name), TIMEOUTS_KEY.name]);
  const ranges = section.value(NODES.natPortRange);
  return {
    count: section.value(NODES.count),
    ...(ranges === undefined ? {} : { ranges }),
    random: section.value(NODES.random),
    snatAddresses: section.value(NODES.snatAddresses),
    kernel: section.value(NODES.kernel),
    ...releaseOf(section.at(NODES.kernel).text),
    conntrackMax: section.value(NODES.conntrackMax),
    ...section.value(TIMEOUTS_KEY),
  };
}

/** What was typed, unless that is an era's name: `5.0` stands for all releases up to 6.4. */
function releaseOf(text: string | undefined): Pick<SimNodes, 'release'> {
  const isRelease = text !== undefined && eraOfRelease(text) !== undefined && !KERNEL_ERAS.some((era) => era === text);
  return isRelease ? { release: shownText(text) } : {};
}
