// Runs apply, status, undo and verify as a person does, against an API server, with nodes that follow what is stored there as
// Felix would: what a node's kernel shows is made up, what the API server stores is not.
import type { NodeWitness } from '../../src/act/change/node-witness.ts';
import type { NodeLook } from '../../src/core/advice/change/node-look.ts';
import { parseRange } from '../../src/core/model/port-range.ts';
import { LAZY_MEASURES } from '../../src/cli/lazy-measures.ts';
import { runProgram } from '../../src/cli/run-program.ts';
import type { Surroundings } from '../../src/cli/surroundings.ts';
import type { Said } from '../cli/run-command.ts';
import type { ApiAccess } from './api-access.ts';
import { apiRequest, valueAt } from './api-request.ts';
import { calicoPath } from './calico-kinds.ts';

export interface ChangeRun {
  readonly kubeconfig: string;
  readonly witness: NodeWitness;
  /** Changes of the surroundings, for what a test is about. */
  readonly surroundings?: Partial<Surroundings>;
}

/** Waits a moment only; the clock runs ahead as if the whole time had passed. */
class FakeTime {
  #ahead = 0;
  readonly now = (): number => performance.now() + this.#ahead;
  readonly sleep = async (milliseconds: number, signal: AbortSignal): Promise<void> => {
    this.#ahead += milliseconds;
    await new Promise((resolve) => setTimeout(resolve, 1));
    signal.throwIfAborted();
  };
}

let runs = 0;

export async function change(
  words: readonly string[],
  { kubeconfig, witness, surroundings }: ChangeRun,
): Promise<Said> {
  const said = { stdout: '', stderr: '' };
  const output = (name: keyof typeof said) => ({
    write: (text: string) => void (said[name] += text),
    isTerminal: false,
    columns: undefined,
  });
  const time = new FakeTime();
  runs += 1;
  const seed = runs;
  let draws = 0;
  const code = await runProgram({
    arguments: words,
    startedAs: 'portolan',
    scriptPath: 'portolan.js',
    variables: { HOME: '/nonexistent', KUBECONFIG: kubeconfig },
    platform: process.platform,
    runtime: 'test',
    stdout: output('stdout'),
    stderr: output('stderr'),
    stdinIsTerminal: false,
    takeTerminal: () => Promise.reject(new TypeError('the terminal was asked for')),
    readStdin: () => Promise.resolve(new Uint8Array()),
    readLine: () => Promise.resolve(undefined),
    docsFolder: undefined,
    cpus: 1,
    now: time.now,
    cpuMilliseconds: () => 0,
    wallClock: () => new Date().toISOString(),
    pause: () => Promise.resolve(),
    sleep: time.sleep,
    // Another id in each run.
    random: () => ((seed * 7919 + (draws += 1)) % 65_536) / 65_536,
    isolate: () => Promise.resolve(),
    signal: new AbortController().signal,
    measures: { ...LAZY_MEASURES, openWitness: () => Promise.resolve(witness) },
    ...surroundings,
  });
  return { code, ...said };
}

/** Nodes whose Felix follows the API server at once, but for those a test has broken. */
export class StandInNodes implements NodeWitness {
  readonly #admin: ApiAccess;
  /** What a node shows instead, by name. */
  readonly broken = new Map<string, (look: NodeLook) => NodeLook>();
  /** Called before each look. */
  onLook: (node: string) => Promise<void> = () => Promise.resolve();
  #flow = 0;
  readonly #flows = new Map<string, Map<string, number>>();

  constructor(admin: ApiAccess) {
    this.#admin = admin;
  }

  async look(node: string): Promise<NodeLook> {
    await this.onLook(node);
    const written = (await this.#rangeIn(`node.${node}`)) ?? (await this.#rangeIn('default'));
    const parsed = parseRange(written ?? '');
    const range = parsed.ok ? parsed.range : undefined;
    const flows = this.#flows.get(node) ?? new Map([['old', 2000]]);
    this.#flows.set(node, flows);
    this.#flow += 1;
    flows.set(`flow ${this.#flow}`, range?.first ?? 1024);
    const look: NodeLook = {
      rule: { seen: true, value: { tcp: range, udp: range } },
      felix: {
        seen: true,
        value: {
          isReady: true,
          pod: `kube-system/calico-${node}`,
          said: { seen: true, value: written },
        },
      },
      flows: { seen: true, value: new Map(flows) },
    };
    return this.broken.get(node)?.(look) ?? look;
  }

  close(): void {
    this.broken.clear();
  }

  async #rangeIn(name: string): Promise<string | undefined> {
    const path = `${calicoPath('crd.projectcalico.org', 'FelixConfiguration')}/${name}`;
    const { status, body } = await apiRequest(this.#admin, { path });
    const value = status === 200 ? valueAt(body, 'spec', 'natPortRange') : undefined;
    return typeof value === 'string' ? value : undefined;
  }
}
