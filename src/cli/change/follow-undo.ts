// After an undo: waits until the nodes show again what is configured. The undo itself is over by then: what cannot be seen is said.
import type { ChangeJournal, VerifyLevel } from '../../core/advice/change/change.ts';
import { checkNode, type NodeCheck } from '../../core/advice/change/node-check.ts';
import type { EffectiveNatPortRange } from '../../core/analysis/range-chain.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { NodeWitness } from '../../act/change/node-witness.ts';
import type { Progress } from '../watched.ts';
import { type ClusterSession, openWitness, readRangeView } from './cluster-session.ts';

/** Each look is an exec or two. */
const NODES_AT_ONCE = 4;
const PAUSE_MILLISECONDS = 1000;
/** A Felix that restarts is away for a moment; a node of which so many looks show nothing will not show more. */
const UNSEEN_LOOKS = 3;

export interface FollowOptions {
  readonly session: ClusterSession;
  readonly level: VerifyLevel;
  /** For each node. */
  readonly timeoutSeconds: number;
  readonly progress: Progress;
}

/** `nodes`: what each showed last. `unseen`: why nobody looked. */
export type Followed = { readonly nodes: readonly NodeCheck[] } | { readonly unseen: string };

/** Never rejects for what cannot be read; rejects with the signal's reason. */
export async function followUndo(journal: ChangeJournal, options: FollowOptions): Promise<Followed> {
  const { session, level } = options;
  if (level === 'none') return { unseen: 'as asked (--verify none)' };
  try {
    const chains = await chainsOf(journal, session);
    const witness = await openWitness(session);
    try {
      return { nodes: await followAll(chains, witness, options) };
    } finally {
      witness.close();
    }
  } catch (error) {
    session.signal.throwIfAborted();
    if (!(error instanceof PortolanError)) throw error;
    return { unseen: error.message };
  }
}

/** The nodes that the change was to reach; all where it names none, because nothing was to be verified. */
async function chainsOf(journal: ChangeJournal, session: ClusterSession): Promise<readonly EffectiveNatPortRange[]> {
  const { cluster } = await readRangeView(session);
  const reached = new Set(journal.steps.flatMap((step) => (step.do === 'verify' ? step.nodes : [])));
  return reached.size === 0 ? cluster.nodes : cluster.nodes.filter(({ node }) => reached.has(node));
}

async function followAll(
  chains: readonly EffectiveNatPortRange[],
  witness: NodeWitness,
  options: FollowOptions,
): Promise<readonly NodeCheck[]> {
  const waiting = [...chains];
  const checks = new Map<string, NodeCheck>();
  const worker = async (): Promise<void> => {
    for (let chain = waiting.shift(); chain !== undefined; chain = waiting.shift()) {
      options.progress(`waiting for ${chain.node} to follow`, checks.size / chains.length);
      checks.set(chain.node, await followNode(chain, witness, options));
    }
  };
  await Promise.all(Array.from({ length: Math.min(NODES_AT_ONCE, chains.length) }, worker));
  return chains.flatMap(({ node }) => checks.get(node) ?? []);
}

async function followNode(
  chain: EffectiveNatPortRange,
  witness: NodeWitness,
  { session: { signal, sleep, surroundings }, level, timeoutSeconds }: FollowOptions,
): Promise<NodeCheck> {
  const giveUpAt = surroundings.now() + timeoutSeconds * 1000;
  let unseenLooks = 0;
  for (;;) {
    signal.throwIfAborted();
    const look = await witness.look(chain.node, { wantsRules: level === 'rules', since: undefined, signal });
    const check = checkNode(chain, look, { wanted: undefined, level });
    unseenLooks = check.outcome === 'not-seen' ? unseenLooks + 1 : 0;
    const isOver = check.outcome === 'as-configured' || unseenLooks >= UNSEEN_LOOKS;
    if (isOver || surroundings.now() >= giveUpAt) return check;
    await sleep(PAUSE_MILLISECONDS, signal);
  }
}
