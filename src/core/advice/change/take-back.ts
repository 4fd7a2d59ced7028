// What takes one object back to what it was, judged by what was there before, what was written and what stands there now.
import { decodeNatPortRange } from '../../analysis/parse-nat-port-range.ts';
import type { ChangedObject, Fields } from './change.ts';
import { hasFields, namesOf, stateText } from './field-values.ts';

/** An object as it is now; undefined: it is not there. */
export type PresentObject =
  | {
      readonly fields: Fields;
      /** Made by this change, and nobody else has written to it since. */
      readonly isOursAlone: boolean;
      /** `kubectl-patch, 2026-01-01T00:00:00Z`: who wrote last, as far as the API says. */
      readonly lastWriter: string | undefined;
    }
  | undefined;

export type TakeBack =
  | { readonly do: 'nothing'; readonly because: string }
  | { readonly do: 'put'; readonly fields: Fields; readonly because: string }
  | { readonly do: 'remove'; readonly because: string }
  /** Someone else's value or object is in the way: it stays. */
  | { readonly do: 'leave'; readonly because: string };

/** Pure: what to do with the object. An object that was never about to be written needs nothing. */
export function takeBackOf({ before, wanted, intendedAt }: ChangedObject, present: PresentObject): TakeBack {
  if (intendedAt === undefined) return { do: 'nothing', because: 'never written' };
  if (present === undefined)
    return before.existed ? { do: 'leave', because: 'someone else removed it' } : { do: 'nothing', because: 'removed' };
  if (!before.existed && present.isOursAlone) return { do: 'remove', because: 'removed' };
  if (hasFields(present.fields, before.fields))
    return before.existed
      ? { do: 'nothing', because: 'as it was' }
      : { do: 'leave', because: `someone else wrote to it${by(present.lastWriter)}: it stays, without the field` };
  if (!hasFields(present.fields, wanted)) return { do: 'leave', because: otherValue(present) };
  if (isPoison(before.fields)) return { do: 'leave', because: POISON };
  const because = before.existed
    ? 'as it was'
    : `someone else wrote to it${by(present.lastWriter)}: it stays, without the field`;
  return { do: 'put', fields: before.fields, because };
}

const POISON = 'its former value is one that no Felix can read: it is not put back';

function isPoison({ natPortRange }: Fields): boolean {
  if (natPortRange === undefined || 'absent' in natPortRange) return false;
  return decodeNatPortRange(natPortRange.value).value.kind === 'undecodable';
}

function otherValue({ fields, lastWriter }: NonNullable<PresentObject>): string {
  const values = namesOf(fields).map((name) => `${name} is ${stateText(fields[name])}`);
  return `${values.join(', ')} now, which this change did not write${by(lastWriter)}: it stays`;
}

function by(writer: string | undefined): string {
  return writer === undefined ? '' : ` (${writer})`;
}
