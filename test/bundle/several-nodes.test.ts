// A bundle of several nodes: all of them on one screen, one after another, or one that is named.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { diagnoseFiles } from '../../src/cli/cluster/diagnose-files.ts';
import { PortolanError } from '../../src/core/errors/portolan-error.ts';
import { surveyFiles } from '../../src/observe/files/observe-files.ts';
import { flowsFixture, nodeFactsFixture } from '../analysis/node-facts-fixture.ts';
import { AT, bundleBytes } from './bundle-fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'portolan-several-'));
afterAll(() => rmSync(folder, { recursive: true }));

function save(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const RANGE = { first: 40_000, last: 40_299 };
const CALM = { ...nodeFactsFixture({ range: RANGE, flows: flowsFixture(10, { port: 40_000 }) }), node: 'worker-1' };
const FULL = { ...nodeFactsFixture({ range: RANGE, flows: flowsFixture(300, { port: 40_000 }) }), node: 'worker-2' };
const BYTES = bundleBytes([CALM, FULL]);
const PATH = save('two.tgz', BYTES);

const none = (): Promise<never> => Promise.reject(new Error('no file is stdin'));
const CHECKS = { only: [], skip: [] };

describe('a bundle of several nodes', () => {
  it('shows all of them, the worst first, and goes on about that one in that file', async () => {
    const answer = await diagnoseFiles({ paths: [PATH], at: AT, readStdin: none, checks: CHECKS });
    if (!('cluster' in answer)) throw new Error('read as one node');
    const { cluster } = answer;
    expect(cluster.nodes.map(({ node }) => node)).toEqual(['worker-2', 'worker-1']);
    expect(cluster.severity).toBe('critical');
    expect(cluster.counts).toEqual({ critical: 1, warning: 0, unknown: 0, fine: 1 });
    expect(cluster.next).toEqual([`portolan plan ${PATH}`, `portolan diagnose ${PATH} --node worker-2`]);
  });

  it('is read as one node where that is named', async () => {
    const answer = await diagnoseFiles({ paths: [PATH], at: AT, readStdin: none, node: 'worker-1', checks: CHECKS });
    expect(answer).toMatchObject({ facts: { node: 'worker-1' } });
  });

  it('hands each node over once and keeps none', async () => {
    const visited: [string, number][] = [];
    const read = await surveyFiles({ paths: [PATH], at: AT, readStdin: none }, ({ node, flows }) =>
      visited.push([node, flows.flowCount]),
    );
    expect(visited).toEqual([
      ['worker-1', 10],
      ['worker-2', 300],
    ]);
    expect(read).toEqual({ several: { name: PATH, at: AT, cluster: undefined } });
  });

  it('says nothing of its nodes when it ends too early', async () => {
    const half = save('half.tgz', BYTES.subarray(0, BYTES.length - 40));
    const error: unknown = await diagnoseFiles({ paths: [half], at: AT, readStdin: none, checks: CHECKS }).catch(
      (refused: unknown) => refused,
    );
    expect(error).toBeInstanceOf(PortolanError);
    expect(error).toMatchObject({ code: 'PTL_BUNDLE' });
  });

  it('wants a node named beside another file', async () => {
    const paths = [PATH, save('one.tgz', bundleBytes([CALM]))];
    await expect(diagnoseFiles({ paths, at: AT, readStdin: none, checks: CHECKS })).rejects.toMatchObject({
      code: 'PTL_BUNDLE',
    });
  });
});
