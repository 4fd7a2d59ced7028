import { describe, expect, it } from 'vitest';
import type { ChangedObject, Fields, FieldState } from './change.ts';
import { ABSENT, hasFields } from './field-values.ts';
import { type PresentObject, takeBackOf } from './take-back.ts';

const STATES: readonly FieldState[] = [
  ABSENT,
  { value: '32768:65535' },
  { value: '4790:65535' },
  { value: null },
  { value: '1:70000' },
];
const WANTED: readonly FieldState[] = [{ value: '4790:65535' }, ABSENT];

interface Case {
  readonly object: ChangedObject;
  readonly present: PresentObject;
}

function fields(natPortRange: FieldState): Fields {
  return { natPortRange };
}

/** Every constellation there is. */
function* cases(): Generator<Case, void, undefined> {
  for (const wanted of WANTED)
    for (const existed of [true, false])
      for (const before of existed ? STATES : [ABSENT])
        for (const intendedAt of [undefined, '2026-01-01T00:00:00Z']) {
          const object: ChangedObject = {
            ref: { kind: 'FelixConfiguration', apiVersion: 'crd.projectcalico.org/v1', name: 'default' },
            role: 'lasting',
            wanted: fields(wanted),
            before: { existed, fields: fields(before) },
            ...(intendedAt === undefined ? {} : { intendedAt }),
          };
          yield { object, present: undefined };
          for (const now of [...STATES, { value: '10000:65535' }])
            for (const isOursAlone of existed ? [false] : [true, false])
              yield { object, present: { fields: fields(now), isOursAlone, lastWriter: 'someone' } };
        }
}

describe('what takes an object back', () => {
  const all = [...cases()];

  it('knows every constellation', () => expect(all.length).toBeGreaterThan(150));

  it('touches nothing that was never written', () => {
    for (const { object, present } of all.filter(({ object: { intendedAt } }) => intendedAt === undefined))
      expect(takeBackOf(object, present).do).toBe('nothing');
  });

  it('removes only what it made and nobody else wrote to', () => {
    for (const { object, present } of all)
      if (takeBackOf(object, present).do === 'remove') {
        expect(object.before.existed).toBe(false);
        expect(present?.isOursAlone).toBe(true);
      }
  });

  it("never writes over someone else's value, and writes exactly what was there", () => {
    for (const { object, present } of all) {
      const decision = takeBackOf(object, present);
      if (decision.do !== 'put') continue;
      expect(present !== undefined && hasFields(present.fields, object.wanted)).toBe(true);
      expect(decision.fields).toEqual(object.before.fields);
    }
  });

  it('puts no value back that no Felix can read', () => {
    for (const { object, present } of all) {
      const decision = takeBackOf(object, present);
      if (decision.do === 'put') expect(decision.fields.natPortRange).not.toEqual({ value: '1:70000' });
    }
  });

  it('does nothing twice: after it the object needs nothing or stays', () => {
    for (const { object, present } of all) {
      const decision = takeBackOf(object, present);
      if (decision.do !== 'put' || present === undefined) continue;
      const again = takeBackOf(object, { ...present, isOursAlone: false, fields: decision.fields });
      expect(['nothing', 'leave']).toContain(again.do);
    }
  });
});
