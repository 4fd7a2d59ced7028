// The sets of one nftables table, asked for only when a rule needs them.
import type { RuleFamily } from '../../core/nat-rules/kernel-rule.ts';
import { elementList, NFT_MSG_GETSET, NFT_MSG_GETSETELEM, openMessage, readSet } from './nf-tables-message.ts';
import type { NfTablesSource } from './nf-tables-source.ts';
import type { SetContent, SetShape } from './rule-context.ts';
import { catchAll, pairIntervals, readElements } from './set-element.ts';
import type { RawElement } from './set-element.ts';

const MAX_ELEMENTS = 65_536;

export class NfTablesSets {
  readonly #source: NfTablesSource;
  readonly #table: { readonly family: RuleFamily; readonly name: string };
  readonly #contents = new Map<string, SetContent | undefined>();
  #shapes: ReadonlyMap<string, SetShape> | undefined;

  constructor(source: NfTablesSource, table: { readonly family: RuleFamily; readonly name: string }) {
    this.#source = source;
    this.#table = table;
  }

  readonly shape = (name: string): SetShape | undefined => {
    this.#shapes ??= this.#readShapes();
    return this.#shapes.get(name);
  };

  readonly content = (shape: SetShape): SetContent | undefined => {
    if (!this.#contents.has(shape.name)) this.#contents.set(shape.name, this.#readContent(shape));
    return this.#contents.get(shape.name);
  };

  #readShapes(): ReadonlyMap<string, SetShape> {
    const shapes = new Map<string, SetShape>();
    this.#attempt(() =>
      this.#source({ type: NFT_MSG_GETSET, table: this.#table }, ({ bytes, start, stop }) => {
        const opened = openMessage(bytes, start, stop);
        if (opened === undefined) return;
        const shape = readSet(opened.attributes);
        shapes.set(shape.name, shape);
      }),
    );
    return shapes;
  }

  #readContent(shape: SetShape): SetContent | undefined {
    const raw: RawElement[] = [];
    const interrupted = this.#attempt(() =>
      this.#source({ type: NFT_MSG_GETSETELEM, table: this.#table, set: shape.name }, ({ bytes, start, stop }) => {
        const opened = openMessage(bytes, start, stop);
        const list = opened === undefined ? undefined : elementList(opened.attributes);
        if (list !== undefined && raw.length < MAX_ELEMENTS) readElements(list, raw);
      }),
    );
    if (interrupted === undefined) return undefined;
    const complete = !interrupted && raw.length < MAX_ELEMENTS;
    return { elements: pairIntervals(raw, shape.interval), complete, otherwise: catchAll(raw) };
  }

  /** A set may vanish between two dumps (ENOENT): then it is not known, which the rule says. */
  #attempt(dump: () => boolean): boolean | undefined {
    try {
      return dump();
    } catch {
      return undefined;
    }
  }
}
