// portolan who --at: who held a port then.
import { shellWord } from '../../core/advice/shell-word.ts';
import type { PortQuestion } from '../../core/analysis/port-answer.ts';
import type { PortHistory } from '../../core/model/port-history.ts';
import { inSameCluster } from '../cluster/cluster-command-text.ts';
import type { ClusterChoice, ClusterReach } from '../cluster/cluster-choice.ts';
import { worldOf } from '../cluster/cluster-world.ts';
import type { CommandInput } from '../command-spec.ts';
import { COULD_NOT_MEASURE, FINE } from '../exit-code.ts';
import { printDocument } from '../print-document.ts';
import { withProgress } from '../progress-line.ts';

export interface WhoAtRequest {
  readonly question: PortQuestion;
  /** Wall-clock milliseconds. */
  readonly at: number;
  readonly choice: ClusterChoice;
  readonly reach: ClusterReach;
}

/** @returns 0 found, 3 nobody is known to have held the port. */
export async function runWhoAt(input: CommandInput, { question, at, choice, reach }: WhoAtRequest): Promise<number> {
  const { measures, signal } = input.surroundings;
  const { address, port } = question;
  const asked = { choice, reach, world: worldOf(input.surroundings), address, port, atMilliseconds: at, signal };
  const whole = await withProgress(input, (progress) => {
    progress('asking the agent', 0);
    return measures.askPortHistory(asked);
  });
  const history = ofQuestion(whole, question);
  await print(history, { question, choice, input });
  return history.holders.length > 0 ? FINE : COULD_NOT_MEASURE;
}

/** The agent is asked for a port of the node; a node may leave by several addresses. */
function ofQuestion(history: PortHistory, { address, protocol }: PortQuestion): PortHistory {
  const holders = history.holders.filter(
    (holder) => holder.snatAddress === address && (protocol === undefined || holder.protocol === protocol),
  );
  return { ...history, holders };
}

async function print(
  history: PortHistory,
  {
    question,
    choice,
    input: { surroundings, style, format },
  }: { readonly question: PortQuestion; readonly choice: ClusterChoice; readonly input: CommandInput },
): Promise<void> {
  const { stdout } = surroundings;
  if (format === 'json' || format === 'yaml') {
    const { portHistoryDocument } = await import('../../present/port-history-document.ts');
    return printDocument(portHistoryDocument(history, question), format, stdout);
  }
  const { formatPortHistory } = await import('../../present/port-history-table.ts');
  const next = inSameCluster(`portolan diagnose --node ${shellWord(history.node)}`, choice);
  stdout.write(formatPortHistory(history, { question, style, next }));
}
