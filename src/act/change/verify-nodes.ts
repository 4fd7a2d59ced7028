// Looks at nodes until each shows its new range or its time is over. Two looks at the flows, a while apart, tell new ones from
// those that are older than the change.
import type { NodeResult, VerifyLevel } from '../../core/advice/change/change.ts';
import { type LookJudgement, type NodeLook, isBlind, judgeLook } from '../../core/advice/change/node-look.ts';
import type { PortRange } from '../../core/model/port-range.ts';
import type { NodeWitness } from './node-witness.ts';

/** Between two looks at one node. */
const PAUSE_MILLISECONDS = 1000;
/** Each look is an exec or two through the API server. */
const NODES_AT_ONCE = 4;
/** A Felix that restarts is away for a moment; a node that shows nothing at all for so many looks will not show more. */
const BLIND_LOOKS = 3;

export interface VerifyWorld {
  readonly witness: NodeWitness;
  readonly signal: AbortSignal;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Called between looks: a sign of life. */
  readonly tick: () => Promise<void>;
  readonly onResult: (result: NodeResult) => void;
}

export interface VerifyQuestion {
  /** Undefined: Felix must be ready, whatever its range. */
  readonly range: PortRange | undefined;
  readonly level: VerifyLevel;
  readonly timeoutSeconds: number;
  /** When the change began, ISO 8601. */
  readonly since: string | undefined;
}

/** In the order of `nodes`. Errors: those of the witness; rejects with the signal's reason. */
export async function verifyNodes(
  nodes: readonly string[],
  question: VerifyQuestion,
  world: VerifyWorld,
): Promise<readonly NodeResult[]> {
  const results = new Map<string, NodeResult>();
  const waiting = [...nodes];
  const worker = async (): Promise<void> => {
    for (let node = waiting.shift(); node !== undefined; node = waiting.shift()) {
      const result = await verifyNode(node, question, world);
      results.set(node, result);
      world.onResult(result);
    }
  };
  await Promise.all(Array.from({ length: Math.min(NODES_AT_ONCE, nodes.length) }, worker));
  return nodes.flatMap((node) => results.get(node) ?? []);
}

async function verifyNode(node: string, question: VerifyQuestion, world: VerifyWorld): Promise<NodeResult> {
  const startedAt = world.now();
  const seconds = (): number => (world.now() - startedAt) / 1000;
  let former: NodeLook | undefined;
  let blindLooks = 0;
  for (;;) {
    world.signal.throwIfAborted();
    const { level, since } = question;
    const look = await world.witness.look(node, { wantsRules: level === 'rules', since, signal: world.signal });
    const judgement = judgeLook(look, { ...question, former });
    if (judgement.missing === undefined) return resultOf(node, { judgement, question, seconds: seconds() });
    blindLooks = isBlind(look, question.level) ? blindLooks + 1 : 0;
    if (blindLooks >= BLIND_LOOKS) return failure(node, { judgement, seconds: seconds(), why: judgement.missing });
    if (seconds() >= question.timeoutSeconds)
      return failure(node, {
        judgement,
        seconds: seconds(),
        why: `not within ${question.timeoutSeconds} s: ${judgement.missing}`,
      });
    former = judgement.rule === 'yes' ? look : undefined;
    await world.tick();
    await world.sleep(PAUSE_MILLISECONDS, world.signal);
  }
}

interface Judged {
  readonly judgement: LookJudgement;
  readonly question: VerifyQuestion;
  readonly seconds: number;
}

function resultOf(node: string, { judgement, question, seconds }: Judged): NodeResult {
  const outcome = judgement.rule === 'yes' || question.range === undefined ? 'verified' : 'felix-only';
  return { node, outcome, evidence: judgement.evidence, seconds, ...countsOf(judgement) };
}

function failure(
  node: string,
  { judgement, seconds, why }: { readonly judgement: LookJudgement; readonly seconds: number; readonly why: string },
): NodeResult {
  return { node, outcome: 'failed', evidence: why, seconds, ...countsOf(judgement) };
}

function countsOf({ newFlows, oldFlows }: LookJudgement) {
  return {
    ...(newFlows === undefined ? {} : { flowsInside: newFlows.inside, flowsSeen: newFlows.seen }),
    ...(oldFlows === undefined ? {} : { oldFlows }),
  };
}
