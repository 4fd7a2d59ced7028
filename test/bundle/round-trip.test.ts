// What goes into a bundle comes out of it, to the last bit; and tar, gzip and sha256sum agree on what is in the file.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { FlowTableBuilder, newFlowValues } from '../../src/core/model/flow-table-builder.ts';
import { decodeFlowColumns, encodeFlowColumns } from '../../src/protocol/bundle/flow-columns.ts';
import { diagnose } from '../../src/core/analysis/diagnose.ts';
import {
  arrivalsFixture,
  closingFixture,
  flowsFixture,
  nodeFactsFixture,
  NOT_EVICTING,
} from '../analysis/node-facts-fixture.ts';
import { anyClusterFacts, anyFlowTable, anyNodeFacts } from './any-facts.ts';
import { bundleBytes, readBundle, trimmed, trimmedTable } from './bundle-fixture.ts';

describe('a bundle', () => {
  it('gives back every fact of nodes and cluster', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyNodeFacts, { maxLength: 3 }), anyClusterFacts, async (nodes, cluster) => {
        const read = await readBundle(bundleBytes(nodes, cluster));
        expect(read.nodes).toStrictEqual(nodes.map(trimmed));
        expect(read.cluster).toStrictEqual(cluster);
      }),
      { numRuns: 60, seed: 11 },
    );
  });

  it('gets the diagnosis that its facts get', async () => {
    const churn = [...closingFixture(31_500), ...flowsFixture(900, { port: 64_400, source: '10.1.0.9' })];
    const busy = nodeFactsFixture({ behaviour: NOT_EVICTING, flows: churn, arrivals: arrivalsFixture(500) });
    expect(diagnose(busy).severity).not.toBe('ok');
    for (const facts of [busy, ...fc.sample(anyNodeFacts, { numRuns: 30, seed: 14 })]) {
      const [read] = (await readBundle(bundleBytes([facts]))).nodes;
      if (read === undefined) throw new Error('no node in it');
      expect(diagnose(read)).toStrictEqual(diagnose(facts));
    }
  });

  it('says in its manifest what was read and how much', async () => {
    const facts = nodeFactsFixture({ flows: flowsFixture(20), counters: undefined });
    const { manifest } = await readBundle(bundleBytes([facts]));
    expect(manifest.nodes).toMatchObject([{ node: 'worker-3', flows: 20, complete: true, gaps: 0 }]);
    expect(manifest.nodes[0]?.sources).toContain('flows (ctnetlink)');
    expect(manifest.nodes[0]?.sources).not.toContain('counters');
  });

  it('replaces control characters: they could drive a terminal', async () => {
    const { nodes } = await readBundle(bundleBytes([nodeFactsFixture({ node: 'a\u001b[31mb\u202ec' })]));
    expect(nodes[0]?.node).toBe('a?[31mb?c');
  });

  it('holds nothing but known fields', () => {
    const planted = { ...nodeFactsFixture(), environment: { TOKEN: 's3cr3t' } };
    const bytes = bundleBytes([planted]);
    expect(execFileSync('gzip', ['-dc'], { input: bytes }).includes('s3cr3t')).toBe(false);
  });
});

describe('flow columns', () => {
  it('give back every column in the same order', () => {
    fc.assert(
      fc.property(anyFlowTable, (table) => {
        expect(decodeFlowColumns(encodeFlowColumns(table))).toStrictEqual(trimmedTable(table));
      }),
      { numRuns: 300, seed: 12 },
    );
  });

  it('leave out what readers make room for beyond the flows', () => {
    const builder = new FlowTableBuilder(5000);
    const row = builder.addresses.rowOfIpv4(1);
    const key = { zone: 0, protocol: 6, snatAddress: row, remoteAddress: row, remotePort: 443 };
    for (let port = 0; port < 3; port += 1) builder.add(key, { ...newFlowValues(), port });
    const table = builder.build();
    expect(table.flows.port.length).toBeGreaterThan(5000);
    expect(decodeFlowColumns(encodeFlowColumns(table))).toStrictEqual(trimmedTable(table));
  });

  it('never throw on other bytes', () => {
    const bytes = encodeFlowColumns(nodeFactsFixture({ flows: [...flowsFixture(9), ...closingFixture(9)] }).flows);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), fc.nat(bytes.length), (at, byte, cut) => {
        const changed = bytes.slice();
        changed[at] = byte;
        expect(decodeFlowColumns(changed)).toBeTypeOf('object');
        if (cut < bytes.length) expect(decodeFlowColumns(bytes.subarray(0, cut))).toHaveProperty('refused');
      }),
      { numRuns: 500, seed: 13 },
    );
  });
});

describe('the file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-bundle-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is read by tar, and its checksums are those of sha256sum', async () => {
    const bytes = bundleBytes([nodeFactsFixture({ flows: flowsFixture(500) })]);
    writeFileSync(join(folder, 'x.tgz'), bytes);
    execFileSync('tar', ['xzf', 'x.tgz'], { cwd: folder });
    const listed = execFileSync('tar', ['tzf', 'x.tgz'], { cwd: folder, encoding: 'utf8' }).trim().split('\n');
    const { manifest } = await readBundle(bytes);
    // The index first, then what answers for all the rest.
    expect(listed.slice(0, 2)).toEqual(['portolan-bundle/index.txt', 'portolan-bundle/bundle.json']);
    expect(listed.toSorted()).toEqual(
      [...manifest.members.map(({ path }) => path), 'portolan-bundle/bundle.json'].toSorted(),
    );
    for (const { path, sha256, bytes: size } of manifest.members) {
      const [sum] = execFileSync('sha256sum', [path], { cwd: folder, encoding: 'utf8' }).split(' ');
      expect([sum, Number(execFileSync('stat', ['-c', '%s', path], { cwd: folder, encoding: 'utf8' }))]).toEqual([
        sha256,
        size,
      ]);
    }
  });
});
