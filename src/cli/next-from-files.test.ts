import { describe, expect, it } from 'vitest';
import { flowsFixture, gapFixture, nodeFactsFixture } from '../../test/analysis/node-facts-fixture.ts';
import { diagnose } from '../core/analysis/diagnose.ts';
import type { Gap, GapId } from '../core/model/gap.ts';
import { nextFromFiles } from './next-from-files.ts';

const RANGE = { first: 40_000, last: 40_299 };
const FILES = { files: ['flows.txt', 'my rules.txt'] };

function gap(id: GapId, remedy: string): Gap {
  return { ...gapFixture(id), remedy };
}

function nextOf(count: number, gaps: readonly Gap[]): string {
  const flows = flowsFixture(count, { port: 40_000 });
  return nextFromFiles(diagnose(nodeFactsFixture({ range: RANGE, flows, gaps })), FILES);
}

describe('the next command after files', () => {
  const untried = gap('kernel-behaviour', 'portolan probe, on the node');

  it('plans for the same files where ports run out, whatever the kernel does', () => {
    expect(nextOf(300, [untried])).toBe(`portolan plan flows.txt 'my rules.txt'`);
  });

  it('explains the same files where all is well', () => {
    expect(nextOf(10, [untried])).toBe(`portolan diagnose flows.txt 'my rules.txt' --explain`);
  });

  it('reads the files besides that would close what is missing', () => {
    const missing = [gap('nat-rules', 'sudo iptables-save > rules.txt'), untried];
    expect(nextOf(10, missing)).toBe(`portolan diagnose flows.txt 'my rules.txt' rules.txt`);
  });

  it('sends to the node where no file would help', () => {
    expect(nextOf(10, [gap('flows-incomplete', 'sudo portolan diagnose')])).toBe('sudo portolan diagnose, on the node');
  });

  it('keeps the node of a bundle', () => {
    const diagnosis = diagnose(nodeFactsFixture({ range: RANGE, flows: flowsFixture(300, { port: 40_000 }) }));
    expect(nextFromFiles(diagnosis, { files: ['b.tgz'], node: 'worker-3' })).toBe(
      'portolan plan b.tgz --node worker-3',
    );
  });
});
