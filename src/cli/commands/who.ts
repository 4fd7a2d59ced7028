// portolan who: which pod is behind NODE_IP:PORT, right now or, where an agent runs, at another time.
import { answerPort, type PortAnswer } from '../../core/analysis/port-answer.ts';
import type { NodeFacts } from '../../core/model/node-facts.ts';
import { shellWord } from '../../core/advice/shell-word.ts';
import { chooseTarget } from '../cluster/choose-target.ts';
import { CLUSTER_FLAG_NAMES, readClusterChoice, readClusterReach } from '../cluster/cluster-flags.ts';
import { inSameCluster } from '../cluster/cluster-command-text.ts';
import { worldOf } from '../cluster/cluster-world.ts';
import type { CommandInput } from '../command-spec.ts';
import { COULD_NOT_MEASURE, FINE } from '../exit-code.ts';
import { dashed } from '../flags/dashed.ts';
import { printDocument } from '../print-document.ts';
import { withProgress } from '../progress-line.ts';
import { MOMENT, momentAt } from '../who/parse-moment.ts';
import { PORT_QUESTION } from '../who/parse-port-question.ts';

/** @returns 0 found, 3 no entry holds the port. */
export async function runWho(input: CommandInput): Promise<number> {
  const request = readRequest(input);
  if (request.at !== undefined)
    return (await import('../who/run-who-at.ts')).runWhoAt(input, { ...request, at: request.at });
  const facts = await withProgress(input, (progress) => readFacts(input, { ...request, progress }));
  const answer = answerPort(facts, request.question);
  await print(answer, input, nextAfter(answer, request));
  return answer.flows.length > 0 ? FINE : COULD_NOT_MEASURE;
}

type WhoRequest = ReturnType<typeof readRequest>;

function readRequest({ flags, surroundings: { variables, platform, wallClock } }: CommandInput) {
  const text = flags.operand('ADDRESS:PORT', PORT_QUESTION.wanted);
  const question = PORT_QUESTION.parse(text);
  if (text !== '' && question === undefined)
    flags.problem(`Cannot read ADDRESS:PORT: ${text}, wanted ${PORT_QUESTION.wanted}`);
  const files = flags.operandsLeft();
  const { target, problems } = chooseTarget({
    hasFiles: files.length > 0,
    nodeFlags: ['netns', 'local'].filter((name) => flags.isGiven(name)).map(dashed),
    clusterFlags: CLUSTER_FLAG_NAMES.filter((name) => flags.isGiven(name)).map(dashed),
    variables,
    platform,
  });
  for (const problem of problems) flags.problem(problem);
  const at = flags.value('at', MOMENT);
  const then = at === undefined ? undefined : momentAt(at, Date.parse(wallClock()));
  if (then !== undefined && target !== 'cluster')
    flags.problem(
      `Cannot read --at: given for ${target === 'files' ? 'files' : 'this node'}, wanted a cluster with agents`,
    );
  if (then !== undefined && then > Date.parse(wallClock()))
    flags.problem('Cannot read --at: a time to come given, wanted one that has passed');
  const netns = flags.text('netns', 'the path of a network namespace, for example /run/netns/blue');
  const request = { target, files, netns, at: then, choice: readClusterChoice(flags), reach: readClusterReach(flags) };
  flags.finish();
  // Never used when missing: finish() throws.
  return { ...request, question: question ?? { address: '', port: 0 } };
}

/** A moment is enough: nobody watches how it goes on. */
const MOMENT_SECONDS = 0.05;

function readFacts(
  input: CommandInput,
  {
    target,
    files,
    netns,
    choice,
    reach,
    question,
    progress,
  }: WhoRequest & { readonly progress: (step: string, share: number) => void },
): Promise<NodeFacts> {
  const { measures, signal, wallClock, streamStdin: readStdin } = input.surroundings;
  const watched = { signal, progress };
  const { node } = choice;
  if (target === 'files') {
    const asked = { paths: files, at: wallClock(), readStdin, ...watched };
    return node === undefined
      ? measures.observeFilesAt(question.address, asked)
      : measures.observeFiles({ ...asked, node });
  }
  if (target === 'node')
    return measures.observeNode({
      windowSeconds: MOMENT_SECONDS,
      ...watched,
      ...(netns === undefined ? {} : { netns }),
    });
  const world = worldOf(input.surroundings);
  const options = { choice, reach, world, windowSeconds: 0, snatOnly: false, ...watched };
  return measures.observeClusterNode({
    ...options,
    ...(choice.node === undefined ? { address: question.address } : { node: choice.node }),
  });
}

function nextAfter({ node }: PortAnswer, { target, choice, files }: WhoRequest): string {
  if (target === 'cluster') return inSameCluster(`portolan diagnose --node ${shellWord(node)}`, choice);
  return target === 'files' ? `portolan diagnose ${files.map(shellWord).join(' ')}` : 'portolan diagnose';
}

async function print(
  answer: PortAnswer,
  { surroundings: { stdout }, style, format }: CommandInput,
  next: string,
): Promise<void> {
  if (format === 'json' || format === 'yaml') {
    const { portAnswerDocument } = await import('../../present/port-answer-document.ts');
    return printDocument(portAnswerDocument(answer), format, stdout);
  }
  const { formatPortAnswer } = await import('../../present/port-answer-table.ts');
  stdout.write(formatPortAnswer(answer, { style, next }));
}
