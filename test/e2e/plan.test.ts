// portolan plan as a person runs it: from figures on any machine, on a node of the lab, saved and read back.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IN_NEW_NETNS, portolanCommand, runPortolan, WITHOUT_CAPABILITIES } from './run-portolan.ts';

interface PlanJson {
  readonly situation: { readonly subject: string; readonly load: { readonly remoteAddress: string } };
  readonly today: { readonly dropProbabilityToday: number };
  readonly remedies: readonly {
    readonly kind: string;
    readonly standing: string;
    readonly rank: number | null;
    readonly command: string | null;
  }[];
  readonly whatIfs: readonly { readonly title: string }[];
  readonly goalReached: boolean;
}

const DESTINATION = ['--destination', '203.0.113.9:443'];

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'portolan-plan-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function planJson(words: readonly string[]): { status: number | null; plan: PlanJson } {
  const { status, stdout, stderr } = runPortolan(['plan', ...words, '-o', 'json'], WITHOUT_CAPABILITIES);
  expect(stderr).toBe('');
  const plan: PlanJson = JSON.parse(stdout);
  return { status, plan };
}

describe('portolan plan from figures, without any right', () => {
  it("the page's first cause: 31,000 connections open at once on one node", () => {
    const { status, plan } = planJson([...DESTINATION, '--connections', '31000', '--pods', '4', '--load', '1x']);
    const [best] = plan.remedies;
    expect(status).toBe(0);
    expect(plan.today.dropProbabilityToday).toBeGreaterThan(0.001);
    expect(best).toMatchObject({ kind: 'spread', standing: 'best', rank: 1 });
    expect(plan.remedies.find(({ kind }) => kind === 'widen')?.command).toContain('calicoctl patch felixconfiguration');
  });

  it("the page's second cause: 30,000 in two minutes, on a kernel that keeps the ports of closed connections", () => {
    const churn = [...DESTINATION, '--rate', '15000/min', '--live', '1s', '--pods', '4', '--load', '1x'];
    const old = planJson([...churn, '--kernel', '6.1']);
    const recent = planJson([...churn, '--kernel', '6.8']);
    expect([old.status, recent.status]).toEqual([0, 0]);
    expect(old.plan.today.dropProbabilityToday).toBeGreaterThan(0.001);
    expect(recent.plan.today.dropProbabilityToday).toBeLessThan(0.001);
    expect(recent.plan.remedies[0]?.kind).toBe('do-nothing');
  });

  it('what no remedy reaches: exit 2, and the nearest that is possible', () => {
    const figures = ['--connections', '200000', '--max-nodes', '1', '--target', '0', '--load', '1x'];
    const { status, stdout } = runPortolan(['plan', ...DESTINATION, ...figures]);
    expect(status).toBe(2);
    expect(stdout).toMatch(/0 is not to be had/);
    expect(stdout).toMatch(/\nNothing here reaches the goal by itself\. Nearest: /);
  });

  it('saves what it prints, and prints it again', () => {
    const path = join(folder, 'plan.json');
    const words = [...DESTINATION, '--rate', '300/s', '--what-if', 'nodes=3', '--out', path];
    const first = runPortolan(['plan', ...words, '-o', 'json']);
    expect(readFileSync(path, 'utf8')).toBe(first.stdout);
    const again = runPortolan(['plan', '--from', path]);
    expect(again.status).toBe(first.status);
    expect(again.stdout).toContain('nodes=3');
    expect(again.stdout).toMatch(/\nNext: portolan plan --from \S+plan\.json --explain\n$/);
  });
});

describe('portolan plan on a node', () => {
  it('has nothing to plan for where nothing is in use: exit 3, and what to type', () => {
    const { status, stdout, stderr } = runPortolan(['plan', '--for', '200ms'], IN_NEW_NETNS);
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toMatch(
      /^Cannot plan: no SNAT port is in use on this node right now, wanted connections to plan for\nhint: /,
    );
  });

  it('plans for the worst port space of the node and changes nothing there', () => {
    const { command, env } = portolanCommand(['lab', 'shell', 'full']);
    const look = (name: string): string =>
      `(nft -s list ruleset; sysctl -a 2>/dev/null | grep -E 'nf_conntrack_(max|tcp|udp|generic)|ip_local' | sort) > ${folder}/${name}`;
    const plan = `portolan plan --for 500ms -o json > ${folder}/plan.json; echo $? > ${folder}/code`;
    const other = `portolan plan --for 200ms --destination 192.0.2.77:1 2> ${folder}/other`;
    const typed = [look('before'), plan, other, look('after'), 'exit'].join('\n');
    const terminal = spawnSync('script', ['-qec', command, '/dev/null'], {
      encoding: 'utf8',
      input: `${typed}\n`,
      timeout: 50_000,
      env: { ...env, SHELL: '/bin/bash' },
    });
    expect(terminal.status, terminal.stdout).not.toBeNull();
    const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
    const made: PlanJson = JSON.parse(read('plan.json'));
    expect(read('code')).toBe(made.goalReached ? '0\n' : '2\n');
    expect(made.situation.subject).toMatch(/^node /);
    expect(made.today.dropProbabilityToday).toBeGreaterThan(0.001);
    expect(made.remedies.find(({ kind }) => kind === 'widen')?.command).toContain('calicoctl patch felixconfiguration');
    expect(read('other')).toContain('192.0.2.77:1 given, and no port space of this node goes there');
    expect(read('before').length).toBeGreaterThan(500);
    expect(read('after')).toBe(read('before'));
  });
});
