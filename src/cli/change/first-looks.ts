// What is seen of nodes before anything is written to them: each is looked at once, however many questions there are.
import type { LookOptions, NodeWitness } from '../../act/change/node-witness.ts';
import type { NodeLook } from '../../core/advice/change/node-look.ts';

export class FirstLooks {
  readonly #open: () => Promise<NodeWitness>;
  readonly #options: LookOptions;
  readonly #known = new Map<string, Promise<NodeLook>>();
  #opened: Promise<NodeWitness> | undefined;

  /** `open` is called once, with the first question. */
  constructor(open: () => Promise<NodeWitness>, options: Omit<LookOptions, 'since'>) {
    this.#open = open;
    this.#options = { ...options, since: undefined };
  }

  /** For looks after a write too. */
  witness(): Promise<NodeWitness> {
    this.#opened ??= this.#open();
    return this.#opened;
  }

  /** Rejects as NodeWitness.look does. */
  of(node: string): Promise<NodeLook> {
    const look = this.#known.get(node) ?? this.witness().then((witness) => witness.look(node, this.#options));
    this.#known.set(node, look);
    return look;
  }

  async close(): Promise<void> {
    (await this.#opened)?.close();
  }
}
