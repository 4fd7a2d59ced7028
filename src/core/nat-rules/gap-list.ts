// Gaps of one reading, each said once.
import type { Gap } from '../model/gap.ts';
import type { VisitedRule } from './chain-walk.ts';
import { unknownGap } from './rule-gap.ts';

export class GapList {
  readonly #byText = new Map<string, Gap>();

  get list(): readonly Gap[] {
    return [...this.#byText.values()];
  }

  add(gap: Gap): void {
    if (!this.#byText.has(gap.what)) this.#byText.set(gap.what, gap);
  }

  /** Names that keep a visited rule from being understood. */
  addUnknown(names: readonly string[], { table, path }: Pick<VisitedRule, 'table' | 'path'>): void {
    const where = `${table.family} ${table.name} ${path.at(-1) ?? ''}`;
    for (const name of names) this.add(unknownGap(name, where));
  }
}
