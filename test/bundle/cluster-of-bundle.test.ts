// A bundle of several nodes, and a tree of files of several, under every command that asks something of a cluster.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { diagnose } from '../../src/core/analysis/diagnose.ts';
import { CLUSTER_FACTS_SCHEMA, type ClusterFacts } from '../../src/core/model/cluster-facts.ts';
import type { ClusterNode } from '../../src/core/model/cluster-node.ts';
import type { NodeFacts } from '../../src/core/model/node-facts.ts';
import { observeFiles } from '../../src/observe/files/observe-files.ts';
import { flowsFixture, nodeFactsFixture } from '../analysis/node-facts-fixture.ts';
import { portolan } from '../cli/run-command.ts';
import { AT, bundleBytes } from './bundle-fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'portolan-cluster-bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));

function save(name: string, bytes: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, bytes);
  return path;
}

const RANGE = { first: 40_000, last: 40_299 };

function nodeOf(node: string, flows: number, snatAddress: string): NodeFacts {
  const addresses = [snatAddress, '172.17.0.1'];
  return { ...nodeFactsFixture({ range: RANGE, flows: flowsFixture(flows, { port: 40_000 }), addresses }), node };
}

const NODES = [
  nodeOf('worker-1', 30, '192.0.2.11'),
  nodeOf('worker-2', 270, '192.0.2.12'),
  nodeOf('worker-3', 10, '192.0.2.13'),
];

function clusterOf(names: readonly string[]): ClusterFacts {
  const nodes = names.map(
    (name): ClusterNode => ({ name, labels: {}, annotations: {}, addresses: [], operatingSystem: 'linux' }),
  );
  return {
    schema: CLUSTER_FACTS_SCHEMA,
    cluster: 'prod',
    at: AT,
    nodes: { seen: true, value: nodes },
    pods: { seen: true, value: [] },
    serviceClaims: { seen: true, value: [] },
    gaps: [],
  };
}

const PATH = save('prod.tgz', bundleBytes(NODES, clusterOf(['worker-1', 'worker-2', 'worker-3', 'worker-4'])));

describe('plan for a bundle of several nodes', () => {
  it('takes the worst port space of all nodes and lays the load out as it was seen', () => {
    const { code, stdout } = portolan(['plan', PATH, '-o', 'json']);
    expect([0, 2]).toContain(code);
    const { situation } = JSON.parse(stdout);
    expect(situation).toMatchObject({ subject: 'node worker-2' });
    // 30, 270 and 10 flows.
    expect(situation.load.flows).toBeCloseTo(310, 0);
    expect(situation.placement).toMatchObject({ nodes: 3, maxNodes: 4 });
    expect(situation.placement.hottestNodeShare).toBeCloseTo(270 / 310, 6);
    expect(stdout).toContain('1 node that could not be read carry');
  });

  it('is about one node where that is named', () => {
    const { situation } = JSON.parse(portolan(['plan', PATH, '--node', 'worker-3', '-o', 'json']).stdout);
    expect(situation).toMatchObject({ subject: 'node worker-3', placement: { nodes: 1 } });
  });
});

describe('who of a bundle of several nodes', () => {
  it('finds the node by the address', () => {
    const { code, stdout } = portolan(['who', '192.0.2.13:40003', PATH, '-o', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ node: 'worker-3', port: 40_003 });
    expect(portolan(['who', '192.0.2.12:40269', PATH]).stdout).toContain('worker-2');
  });

  it('knows no node of another address, and finds nothing where nobody holds the port', () => {
    expect(portolan(['who', '192.0.2.99:40003', PATH])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('none with that address'),
    });
    expect(portolan(['who', '192.0.2.13:40299', PATH]).code).toBe(3);
  });
});

describe('simulate --from a bundle of several nodes', () => {
  it('plays the node with the worst port space and says which', () => {
    const { code, stdout, stderr } = portolan(['simulate', '--from', PATH, '-o', 'json']);
    expect(code).toBe(0);
    expect(stderr).toContain('This is node worker-2, the one with the worst port space of 3.');
    expect(stdout).toContain('The load of node worker-2');
    const named = portolan(['simulate', '--from', PATH, '--node', 'worker-1', '-o', 'json']);
    expect(named.stdout).toContain('The load of node worker-1');
    expect(named.stderr).not.toContain('the worst');
  });
});

describe('compare two bundles of several nodes', () => {
  const later = save(
    'later.tgz',
    bundleBytes(
      [
        nodeOf('worker-1', 290, '192.0.2.11'),
        nodeOf('worker-2', 20, '192.0.2.12'),
        nodeOf('worker-5', 300, '192.0.2.15'),
      ],
      clusterOf(['worker-1', 'worker-2', 'worker-4', 'worker-5']),
    ),
  );

  it('pairs nodes by name, the worst first, and names those that came and went', () => {
    const { code, stdout } = portolan(['compare', PATH, later]);
    expect(code).toBe(2);
    const lines = stdout.split('\n');
    expect(lines[0]).toBe(`prod: 3 nodes, ${AT} -> ${AT}`);
    expect(lines.filter((line) => /worker-/.test(line)).map((line) => line.match(/[A-Z]{4,} +worker-\d/)?.[0])).toEqual(
      ['WORSE     worker-1', 'BETTER    worker-2', 'APPEARED  worker-5', 'VANISHED  worker-3', undefined, undefined],
    );
    expect(stdout).toMatch(/ 1\s+node got better\./);
    expect(lines.at(-2)).toBe(`Next: portolan compare ${PATH} ${later} --node worker-1`);
    expect(lines.length).toBeLessThan(25);
  });

  it('is not worse than itself', () => {
    const { code, stdout } = portolan(['compare', PATH, PATH, '-o', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ trend: 'same', nodes: [{}, {}, {}], soleNodes: [] });
  });

  it('says of a node that only one look could read that it cannot tell', () => {
    const blind = save('blind.tgz', bundleBytes(NODES.slice(0, 2), clusterOf(['worker-1', 'worker-2', 'worker-3'])));
    const { code, stdout } = portolan(['compare', PATH, blind]);
    expect(code).toBe(3);
    expect(stdout).toContain('NOT READ  worker-3');
    expect(stdout).toContain('Cannot tell: worker-3 was read in one of the two only.');
  });

  it('takes the one of the same name where one file is of one node', () => {
    const one = save('one.tgz', bundleBytes([nodeOf('worker-1', 30, '192.0.2.11')]));
    expect(portolan(['compare', one, later]).stdout).toMatch(/^worker-1 /);
    expect(portolan(['compare', PATH, one]).code).toBe(0);
    const stranger = save('stranger.tgz', bundleBytes([nodeOf('other', 30, '192.0.2.99')]));
    expect(portolan(['compare', stranger, later]).stderr).toContain('Cannot compare node other: it is not in');
    expect(portolan(['compare', PATH, stranger]).stderr).toContain('Cannot compare node other: it is not in');
  });
});

describe('a tree of several nodes', () => {
  const RULES = '*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -p tcp -j MASQUERADE --to-ports 40000-40299\nCOMMIT\n';
  const flow = (address: string, index: number): string =>
    `tcp      6 431999 ESTABLISHED src=10.1.0.7 dst=203.0.113.9 sport=${50_000 + index} dport=443 src=203.0.113.9 dst=${address} sport=443 dport=${40_000 + index} [ASSURED] mark=0 use=1\n`;
  const flows = (address: string, count: number): string =>
    Array.from({ length: count }, (_, index) => flow(address, index)).join('');
  for (const [node, address, count] of [
    ['worker-1', '192.0.2.11', 20],
    ['worker-2', '192.0.2.12', 300],
  ] as const) {
    save(`tree/nodes/${node}/iptables-nft-save.txt`, `# Generated by iptables-nft-save v1.8.9\n${RULES}`);
    save(`tree/nodes/${node}/conntrack.txt`, flows(address, count));
  }
  const tree = join(folder, 'tree');

  it('is shown, planned for and asked as a bundle is', async () => {
    const { code, stdout } = portolan(['diagnose', tree]);
    expect(code).toBe(2);
    expect(stdout).toMatch(/worker-2 .*exhausted[^]*worker-1 /i);
    expect(JSON.parse(portolan(['plan', tree, '-o', 'json']).stdout).situation).toMatchObject({
      subject: 'node worker-2',
      placement: { nodes: 2, hottestNodeShare: 300 / 320 },
    });
    expect(portolan(['who', '192.0.2.11:40005', tree]).stdout).toContain('worker-1');
    expect(portolan(['simulate', '--from', tree]).stderr).toContain('worker-2, the one with the worst');
    const one = await observeFiles({
      paths: [tree],
      at: AT,
      readStdin: () => Promise.reject(new Error('none')),
      node: 'worker-2',
    });
    expect(diagnose(one).severity).toBe('critical');
    expect(portolan(['compare', tree, tree]).stdout).toContain('2 nodes, ');
  });

  it('with a file of no node is refused, rather than given to all of them', () => {
    const stray = save('stray.txt', flows('192.0.2.11', 3));
    expect(portolan(['diagnose', tree, stray]).stderr).toContain('stray.txt for 2 nodes: nothing says of which it is');
    expect(portolan(['diagnose', tree, stray, '--node', 'worker-1']).code).not.toBe(1);
  });
});
