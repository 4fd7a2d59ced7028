// Reads the answer of an agent to /facts as it comes: never more of it than its first line may be long and then says is to follow.
import { joinColumns, parseFactsHead, type ReadHead } from '../../protocol/parse-facts-message.ts';
import type { NodeFacts } from '../../core/model/node-facts.ts';

/** Rules, claims and pods of the largest nodes are a tenth of this. */
const MOST_HEAD_BYTES = 64 * 2 ** 20;
/** Four times the columns of as many flows as an agent keeps, a million. */
const MOST_COLUMN_BYTES = 128 * 2 ** 20;
const END_OF_LINE = 0x0a;

/** The facts, or a sentence that says why the answer is none. Errors: those of the stream. */
export async function readFactsAnswer(chunks: AsyncIterable<Uint8Array>): Promise<NodeFacts | string> {
  const answer = new FactsAnswer();
  for await (const chunk of chunks) {
    const trouble = answer.take(chunk);
    if (trouble !== undefined) return trouble;
  }
  return answer.end();
}

class FactsAnswer {
  #parts: Uint8Array[] = [];
  #bytes = 0;
  #head: ReadHead | undefined;

  /** A sentence when what came so far makes no answer. */
  take(chunk: Uint8Array): string | undefined {
    if (this.#head !== undefined) return this.#takeColumns(chunk);
    const end = chunk.indexOf(END_OF_LINE);
    this.#keep(end < 0 ? chunk : chunk.subarray(0, end));
    if (this.#bytes > MOST_HEAD_BYTES) return `its first line is longer than ${MOST_HEAD_BYTES / 2 ** 20} MiB`;
    return end < 0 ? undefined : (this.#readHead() ?? this.#takeColumns(chunk.subarray(end + 1)));
  }

  end(): NodeFacts | string {
    return this.#head === undefined ? 'it ends within its first line' : joinColumns(this.#head, this.#taken());
  }

  #readHead(): string | undefined {
    const head = parseFactsHead(new TextDecoder().decode(this.#taken()));
    if (typeof head === 'string') return head;
    if (head.columnBytes > MOST_COLUMN_BYTES) return `it has more than ${MOST_COLUMN_BYTES / 2 ** 20} MiB of flows`;
    this.#head = head;
    return undefined;
  }

  #takeColumns(chunk: Uint8Array): string | undefined {
    this.#keep(chunk);
    const wanted = this.#head?.columnBytes ?? 0;
    return this.#bytes > wanted ? `more than the ${wanted} bytes of columns follow that belong to it` : undefined;
  }

  #keep(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.#bytes += bytes.length;
  }

  /** All that was kept, once. */
  #taken(): Uint8Array {
    const whole = Buffer.concat(this.#parts, this.#bytes);
    this.#parts = [];
    this.#bytes = 0;
    return whole;
  }
}
