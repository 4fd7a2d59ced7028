// Every scenario of the exam twice: diagnosed live, and at the same moment from the text of `conntrack -L` and iptables-save.
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectationsOn } from '../../src/cli/lab/judge-diagnosis.ts';
import { diagnose } from '../../src/core/analysis/diagnose.ts';
import type { Diagnosis } from '../../src/core/analysis/diagnosis.ts';
import type { NodeFacts } from '../../src/core/model/node-facts.ts';
import type { KernelBehaviour } from '../../src/core/model/kernel-behaviour.ts';
import { probeKernel } from '../../src/kernel/probe/probe-kernel.ts';
import { enterNetns } from '../../src/kernel/netns/network-namespace.ts';
import type { NatFlavour } from '../../src/lab/nat-flavour.ts';
import { openScenario } from '../../src/lab/open-scenario.ts';
import type { Scenario } from '../../src/lab/scenario.ts';
import { SCENARIOS } from '../../src/lab/scenarios/registry.ts';
import { observeNode } from '../../src/observe/observe-node.ts';
import { observeFiles } from '../../src/observe/files/observe-files.ts';
import { oracle } from '../lab/run-isolated.ts';
import { diagnoseWorlds } from './scenario-worlds.ts';

/** What both readings say of the port space or node that the scenario stages something for: check ids, the verdict first. */
export interface ComparedScenario {
  readonly scenario: string;
  readonly expected: readonly string[];
  readonly live: readonly string[];
  /** From `conntrack -L` and iptables-save alone. */
  readonly twoFiles: readonly string[];
  /** With `nft list ruleset`, as text and as JSON, `ss -tulnp` and `sysctl -a` besides. */
  readonly moreFiles: readonly string[];
  readonly jsonFiles: readonly string[];
  /** With `conntrack -S` from before and after the live window besides. */
  readonly allFiles: readonly string[];
  /** From the same two files and each of two states of what they do not hold; none where two files are enough. */
  readonly worlds: readonly (readonly string[])[];
}

export const withIptablesNft = (): Promise<ComparedScenario[]> => compareAll('iptables-nft');
export const withIptablesLegacy = (): Promise<ComparedScenario[]> => compareAll('iptables-legacy');

async function compareAll(flavour: NatFlavour): Promise<ComparedScenario[]> {
  const behaviour = await probeKernel();
  const compared: ComparedScenario[] = [];
  for (const scenario of SCENARIOS.filter(({ cpus = 1 }) => cpus <= 2))
    compared.push(await compare(scenario, { flavour, behaviour }));
  return compared;
}

const noStdin = (): Promise<never> => Promise.reject(new Error('no file is stdin'));

interface CompareOptions {
  readonly flavour: NatFlavour;
  readonly behaviour: KernelBehaviour;
}

async function compare(scenario: Scenario, { flavour, behaviour }: CompareOptions): Promise<ComparedScenario> {
  const running = await openScenario(scenario.name, { seed: 1, flavour });
  const folder = mkdtempSync(join(tmpdir(), 'portolan-texts-'));
  try {
    running.start();
    saveCounters(running.netns, join(folder, 'before.txt'));
    const seen = await observeNode({ netns: running.netns, windowSeconds: 2, behaviour });
    saveCounters(running.netns, join(folder, 'after.txt'));
    saveTexts(running.netns, { folder, flavour });
    await running.stop();
    const recorded = (facts: NodeFacts): NodeFacts => running.scenario.record?.(facts) ?? facts;
    const live = diagnose(recorded(seen));
    const fromFiles = async (names: readonly string[]): Promise<Diagnosis> => {
      const paths = names.map((name) => join(folder, name));
      const facts = await observeFiles({ paths, at: live.at, readStdin: noStdin });
      // What a scenario puts into the facts itself stands for what the table of a whole machine would say.
      return diagnose(facts.table === undefined ? facts : recorded(facts));
    };
    const expected = expectationsOn(scenario, behaviour);
    const checksOf = (diagnosis: Diagnosis): string[] => [
      ...new Set(expected.flatMap(({ subject }) => checksAt(diagnosis, subject))),
    ];
    return {
      scenario: scenario.name,
      expected: expected.map(({ check }) => check),
      live: checksOf(live),
      twoFiles: checksOf(await fromFiles(TWO)),
      moreFiles: checksOf(await fromFiles([...TWO, 'nft.txt', 'ss.txt', 'sysctl.txt'])),
      jsonFiles: checksOf(await fromFiles([...TWO, 'nft.json', 'ss.txt', 'sysctl.txt'])),
      allFiles: checksOf(await fromFiles([...TWO, 'nft.txt', 'ss.txt', 'sysctl.txt', 'before.txt', 'after.txt'])),
      worlds: (await diagnoseWorlds(scenario.name, { folder, live: seen })).map(checksOf),
    };
  } finally {
    rmSync(folder, { recursive: true });
    await running.close();
  }
}

const TWO = ['flows.txt', 'rules.txt'];

function saveTexts(
  netns: number,
  { folder, flavour }: { readonly folder: string; readonly flavour: NatFlavour },
): void {
  shellIn(netns, [
    'set -e',
    `cd ${folder}`,
    // Straight into files: the output of a large table fits no buffer.
    'conntrack -L > flows.txt',
    `${flavour}-save > rules.txt`,
    'nft -j list ruleset > nft.json',
    // Of no rules nft prints nothing at all, unless it prints JSON.
    'nft list ruleset > nft.txt',
    '[ -s nft.txt ] || cp nft.json nft.txt',
    'ss -tulnp > ss.txt',
    'sysctl -a > sysctl.txt 2>/dev/null || true',
  ]);
}

function saveCounters(netns: number, file: string): void {
  shellIn(netns, [`(date +%s.%N; conntrack -S) > ${file}`]);
}

function shellIn(netns: number, lines: readonly string[]): void {
  const own = openSync('/proc/thread-self/ns/net', 'r');
  enterNetns(netns);
  try {
    oracle('sh', '-c', lines.join('\n'));
  } finally {
    enterNetns(own);
    closeSync(own);
  }
}

/** Check and severity of all findings there; of a node of which nothing is said, what the first of its port spaces says. */
function checksAt(diagnosis: Diagnosis, subject: Scenario['expect'][number]['subject']): string[] {
  const ofNode = diagnosis.findings.length > 0 ? diagnosis.findings : (diagnosis.portSpaces[0]?.findings ?? []);
  const findings =
    subject === 'node'
      ? ofNode
      : diagnosis.portSpaces
          .filter(
            ({ portSpace }) =>
              portSpace.protocol === subject.protocol &&
              portSpace.remoteAddress === subject.remoteAddress &&
              portSpace.remotePort === subject.remotePort,
          )
          .flatMap((space) => space.findings);
  return findings.map(({ check, severity }) => `${check} (${severity})`);
}
