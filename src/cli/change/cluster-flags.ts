// The flags that say which cluster, and where its journal is.
import { JOURNAL_NAMESPACE } from '../../act/change/journal-store.ts';
import { shellWord } from '../../core/advice/shell-word.ts';
import type { CommandInput } from '../command-spec.ts';
import type { FlagReader } from '../flags/flag-reader.ts';
import { parseDuration } from '../flags/parse-duration.ts';
import type { ClusterRequest } from './cluster-session.ts';

const NAMESPACE = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

export function clusterFlags(flags: FlagReader): ClusterRequest {
  const namespace = flags.value('journalNamespace', {
    parse: (text) => (NAMESPACE.test(text) ? text : undefined),
    wanted: 'the name of a namespace',
  });
  return {
    kubeconfig: flags.text('kubeconfig', 'the path of a kubeconfig'),
    context: flags.text('context', 'the name of a context, as "kubectl config get-contexts" lists them'),
    journalNamespace: namespace ?? JOURNAL_NAMESPACE,
  };
}

/** The same input, for which every command that is printed goes on about the cluster that was named. */
export function aboutCluster(input: CommandInput, { kubeconfig, context }: ClusterRequest): CommandInput {
  const flags = [
    ...(kubeconfig === undefined ? [] : ['--kubeconfig', shellWord(kubeconfig)]),
    ...(context === undefined ? [] : ['--context', shellWord(context)]),
  ];
  if (flags.length === 0) return input;
  return { ...input, style: { ...input.style, clusterFlags: flags.join(' ') } };
}

const TIMEOUT = { shortestSeconds: 1, longestSeconds: 86_400 };
const TIMEOUT_WANTED = 'a duration from 1s to 1d, for example 90s or 5m';
const TIMEOUT_SECONDS = 120;

/** How long one node, or one rollout, may take. */
export function readTimeout(flags: FlagReader): number {
  const parse = (text: string) => parseDuration(text, TIMEOUT);
  return flags.value('timeout', { parse, wanted: TIMEOUT_WANTED }) ?? TIMEOUT_SECONDS;
}

export const ID_WANTED = 'the id of a change, as "portolan status" lists them';

/** `7f3a`; undefined: no id. */
export function parseChangeId(text: string): string | undefined {
  return /^[0-9a-f]{4,16}$/.test(text) ? text : undefined;
}

/** The id given as an operand, undefined when none was. */
export function changeIdOperand(flags: FlagReader): string | undefined {
  const [given] = flags.operandsLeft(1);
  if (given !== undefined && parseChangeId(given) === undefined)
    flags.problem(`Cannot read ID: ${given === '' ? '"" given' : given}, wanted ${ID_WANTED}`);
  return given;
}
