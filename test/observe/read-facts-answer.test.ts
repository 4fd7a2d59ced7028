// The answer of an agent in pieces of every size, cut at every place, and with more behind it than belongs to it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFactsAnswer } from '../../src/observe/agents/read-facts-answer.ts';
import { factsMessage } from '../../src/protocol/facts-message.ts';
import { anyNodeFacts } from '../bundle/any-facts.ts';

const wholeAnswer = anyNodeFacts.map((facts) => {
  const { head, columns } = factsMessage(facts);
  return { facts, bytes: Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), ...columns]) };
});

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe('readFactsAnswer', () => {
  it('reads the same however the answer is cut into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(wholeAnswer, fc.integer({ min: 1, max: 5000 }), async ({ facts, bytes }, size) => {
        const read = await readFactsAnswer(inPieces(bytes, size));
        if (typeof read === 'string') throw new Error(read);
        const { flows: _, ...plain } = read;
        const { flows: _flows, ...given } = facts;
        expect(JSON.parse(JSON.stringify(plain))).toEqual(JSON.parse(JSON.stringify(given)));
        expect(read.flows.flowCount).toBe(facts.flows.flowCount);
        expect(read.flows.flows.port).toEqual(facts.flows.flows.port.subarray(0, facts.flows.flowCount));
      }),
      { numRuns: 50 },
    );
  });

  it('takes no part of an answer, and none with more behind it, for the whole', async () => {
    await fc.assert(
      fc.asyncProperty(wholeAnswer, fc.double({ min: 0, max: 0.999, noNaN: true }), async ({ bytes }, share) => {
        const part = bytes.subarray(0, Math.floor(bytes.length * share));
        expect(await readFactsAnswer(inPieces(part, 1000))).toBeTypeOf('string');
        const more = Buffer.concat([bytes, Buffer.from('x')]);
        expect(await readFactsAnswer(inPieces(more, 1000))).toContain('that belong to it');
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['{"a":1}\n', 'it names no schema'],
    ['', 'it ends within its first line'],
    [
      `${JSON.stringify({ schema: 'portolan.dev/facts-message/v1', facts: { schema: 'portolan.dev/node-facts/v1', node: 7 }, flowCount: 0, portSpaceCount: 0, addressCount: 0 })}\n`,
      'facts.node: 7, wanted text',
    ],
  ])('says what is wrong with %j', async (text, why) => {
    expect(await readFactsAnswer(inPieces(Buffer.from(text), 7))).toContain(why);
  });
});
