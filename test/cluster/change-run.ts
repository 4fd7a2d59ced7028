// Runs apply, status, undo and verify as a person does, against an API server, with nodes that follow what is stored there as
// Felix would: what a node's kernel shows is made up, what the API server stores is not.
import type { NodeWitness } from '../../src/act/change/node-witness.ts';
import type { NodeLook } from '../../src/core/advice/change/node-look.ts';
import { parseRange } from '../../src/core/model/port-range.ts';
import { LAZY_MEASURES } from '../../src/cli/lazy-measures.ts';
import type { Surroundings } from '../../src/cli/surroundings.ts';
import type { Said } from '../cli/run-command.ts';
import { runInProcess } from '../cli/run-in-process.ts';
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

export function change(words: readonly string[], { kubeconfig, witness, surroundings }: ChangeRun): Promise<Said> {
  const time = new FakeTime();
  runs += 1;
  const seed = runs;
  let draws = 0;
  return runInProcess(words, {
    variables: { HOME: '/nonexistent', KUBECONFIG: kubeconfig },
    now: time.now,
    sleep: time.sleep,
    // Another id in each run.
    random: () => ((seed * 7919 + (draws += 1)) % 65_536) / 65_536,
    measures: { ...LAZY_MEASURES, openWitness: () => Promise.resolve(witness) },
    ...surroundings,
  });
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
      rule: { seen: true, value: { tcp: range, udp: range, nodePortPlane: 'unknown' } },
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
