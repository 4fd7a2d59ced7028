// How long a connection is used: `2s`, `forever`, or a random duration as a map of its parameters.
import type { Hold } from '../../sim/sim-scenario.ts';
import type { Form, Key } from './form.ts';
import type { Given } from './given.ts';
import { readForm, Section } from './section.ts';
import { durationForm, durationSeconds } from './value-forms.ts';

const DURATION = durationForm('0s', '30d');
const POSITIVE = durationForm('1ms', '30d');

const MEDIAN: Key<number> = { name: 'median', about: 'half of the connections end earlier', form: POSITIVE };
const P99: Key<number> = { name: 'p99', about: '99 of 100 connections end earlier', form: POSITIVE };
const FROM: Key<number> = { name: 'from', about: 'the shortest', form: DURATION };
const TO: Key<number> = { name: 'to', about: 'the longest', form: POSITIVE };
const EXPONENTIAL: Key<number> = { name: 'exponential', about: 'the mean', form: POSITIVE };

const WANTED =
  '2s, forever, { exponential: 30s }, { uniform: { from: 1s, to: 5s } } or { lognormal: { median: 1s, p99: 20s } }';

const LOGNORMAL: Form<Hold> = {
  wanted: '{ median: 1s, p99: 20s }',
  placeholder: { kind: 'forever' },
  read: (given) => {
    const section = new Section(given, [MEDIAN.name, P99.name]);
    const hold: Hold = {
      kind: 'lognormal',
      medianSeconds: section.value(MEDIAN),
      p99Seconds: section.value(P99),
    };
    if (section.has(MEDIAN) && section.has(P99) && hold.p99Seconds <= hold.medianSeconds)
      section.at(P99).complain('a duration longer than the median');
    return hold;
  },
};

const UNIFORM: Form<Hold> = {
  wanted: '{ from: 1s, to: 5s }',
  placeholder: { kind: 'forever' },
  read: (given) => {
    const section = new Section(given, [FROM.name, TO.name]);
    const hold: Hold = { kind: 'uniform', fromSeconds: section.value(FROM), toSeconds: section.value(TO) };
    if (section.has(FROM) && section.has(TO) && hold.toSeconds < hold.fromSeconds)
      section.at(TO).complain('a duration not shorter than "from"');
    return hold;
  },
};

const UNIFORM_KEY: Key<Hold> = { name: 'uniform', about: 'between two durations', form: UNIFORM };
const LOGNORMAL_KEY: Key<Hold> = { name: 'lognormal', about: 'mostly short, sometimes long', form: LOGNORMAL };
const KINDS = [EXPONENTIAL.name, UNIFORM_KEY.name, LOGNORMAL_KEY.name];

export const HOLD_FORM: Form<Hold> = {
  wanted: WANTED,
  placeholder: { kind: 'forever' },
  read: (given) => (given.text === undefined ? readMap(given) : readText(given)),
};

function readText(given: Given): Hold | undefined {
  if (given.text === 'forever') return { kind: 'forever' };
  if (durationSeconds(given.text ?? '') === undefined) return undefined;
  return { kind: 'fixed', seconds: readForm(DURATION, given) };
}

function readMap(given: Given): Hold | undefined {
  const entries = given.entries();
  if (entries === undefined) return undefined;
  const section = new Section(given, KINDS);
  if (entries.length !== 1) given.complain(WANTED, `${entries.length} keys given`);
  else if (section.has(EXPONENTIAL)) return { kind: 'exponential', meanSeconds: section.value(EXPONENTIAL) };
  else if (section.has(UNIFORM_KEY)) return section.value(UNIFORM_KEY);
  else if (section.has(LOGNORMAL_KEY)) return section.value(LOGNORMAL_KEY);
  return undefined;
}
