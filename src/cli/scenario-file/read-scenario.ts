// The text of a scenario file to the scenario it means, or to everything that is wrong with it.
import { LineCounter, parseDocument, type Document } from 'yaml';
import type { SimDestination, SimEvent, SimNodes, SimScenario, SimWorkload } from '../../sim/sim-scenario.ts';
import { checkAddresses, checkEvent, checkUnique, checkWorkload, namesOf, type Placed } from './cross-checks.ts';
import { readEvent } from './event-form.ts';
import type { Form, Key } from './form.ts';
import { Given } from './given.ts';
import { plainLine, ProblemList } from './problem-list.ts';
import { NODES_FORM } from './nodes-form.ts';
import { readDestination, readWorkload } from './part-forms.ts';
import { DESTINATION, TOP, WORKLOAD } from './scenario-keys.ts';
import * as limits from './scenario-limits.ts';
import { scenarioSize, sizeProblems } from './scenario-size.ts';
import { listForm, Section } from './section.ts';

const SAMPLES_BY_DEFAULT = 60;

export interface ScenarioSource {
  /** As said in messages: a path, or `stdin`. */
  readonly file: string;
  /** Name of the scenario when it gives none. */
  readonly name: string;
}

/** Reads a scenario. Errors: PTL_SCENARIO_FILE with everything that is wrong, each with line, column and what is wanted. */
export function readScenario(text: string, { file, name }: ScenarioSource): SimScenario {
  const lines = new LineCounter();
  const problems = new ProblemList(file, lines);
  const document = parse(text, lines, problems);
  problems.finish();
  const top = new Section(new Given(document?.contents, { path: '', problems, offset: 0 }), TOP_NAMES);
  const scenario = scenarioOf(top, name);
  problems.finish();
  for (const problem of sizeProblems(scenarioSize(scenario))) top.given.say(problem);
  problems.finish();
  return scenario;
}

/** Syntax errors end the reading: what follows one is guesswork. */
function parse(text: string, lines: LineCounter, problems: ProblemList): Document | undefined {
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
    const found = [...document.errors, ...document.warnings];
    if (found.some(({ message }) => message.startsWith('Maximum call stack'))) return refuseDepth(problems);
    for (const { pos, message } of found) problems.add(pos[0], `YAML: ${plainLine(message)}, wanted YAML 1.2`);
    return document;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return refuseDepth(problems);
  }
}

/** The parser calls itself for each level: it throws when that goes too deep, or says so of every level it left. */
function refuseDepth(problems: ProblemList): undefined {
  problems.add(0, 'YAML: lists or maps nested thousands deep, wanted a scenario');
}

const DESTINATIONS = { what: 'destinations', least: 1, most: limits.MOST_DESTINATIONS };
const WORKLOADS = { what: 'workloads', least: 1, most: limits.MOST_WORKLOADS };
const EVENTS = { what: 'events', least: 0, most: limits.MOST_EVENTS };

const NODES_KEY: Key<SimNodes> = { name: 'nodes', about: '', form: NODES_FORM };
const DESTINATIONS_KEY = listKey('destinations', listForm(DESTINATIONS, readDestination));
const WORKLOADS_KEY = listKey('workloads', listForm(WORKLOADS, readWorkload));
const EVENTS_KEY = { ...listKey('events', listForm(EVENTS, readEventPlaced)), fallback: { value: [], text: 'none' } };

const TOP_NAMES = [...Object.values(TOP), NODES_KEY, DESTINATIONS_KEY, WORKLOADS_KEY, EVENTS_KEY].map(
  ({ name }) => name,
);

function listKey<Value>(name: string, form: Form<Value>): Key<Value> {
  return { name, about: '', form };
}

function scenarioOf(top: Section, fallbackName: string): SimScenario {
  const durationSeconds = top.value(TOP.duration);
  const nodes = top.value(NODES_KEY);
  const destinations = top.value(DESTINATIONS_KEY);
  const workloads = top.value(WORKLOADS_KEY);
  const events = top.value(EVENTS_KEY).filter((placed) => placed !== undefined);
  checkTogether({ durationSeconds, nodes, destinations, workloads, events });
  const story = top.value(TOP.story);
  return {
    name: top.value(TOP.name) ?? fallbackName,
    ...(story === undefined ? {} : { story }),
    seed: top.value(TOP.seed),
    durationSeconds,
    sampleSeconds: top.value(TOP.sample) ?? durationSeconds / SAMPLES_BY_DEFAULT,
    nodes,
    destinations: destinations.map(({ value }) => value),
    workloads: workloads.map(({ value }) => value),
    events: events.map(({ value }) => value).sort((left, right) => left.atSeconds - right.atSeconds),
  };
}

interface Parts {
  readonly durationSeconds: number;
  readonly nodes: SimNodes;
  readonly destinations: readonly Placed<SimDestination>[];
  readonly workloads: readonly Placed<SimWorkload>[];
  readonly events: readonly Placed<SimEvent>[];
}

function checkTogether({ durationSeconds, nodes, destinations, workloads, events }: Parts): void {
  const mostNodes = Math.max(nodes.count, ...events.map(({ value }) => (value.kind === 'nodes' ? value.count : 0)));
  checkUnique(destinations, DESTINATION.name);
  checkUnique(workloads, WORKLOAD.name);
  checkAddresses(destinations);
  for (const workload of workloads)
    checkWorkload(workload, { destinations: destinations.map(({ value }) => value), mostNodes, durationSeconds });
  const names = namesOf(workloads.map(({ value }) => value));
  for (const event of events) checkEvent(event, { workloads: names, durationSeconds });
}

function readEventPlaced(given: Given): Placed<SimEvent> | undefined {
  const read = readEvent(given);
  return read === undefined ? undefined : { value: read.event, section: read.section };
}
