// Commands that go on about a cluster: the node and the cluster that were asked for stay in them.
import type { ClusterChoice } from './cluster-choice.ts';
import { shellWord } from '../../core/advice/shell-word.ts';

/** `portolan plan` -> `portolan plan --context prod`; a command of another program stays as it is. */
export function inSameCluster(command: string, { kubeconfig, context }: ClusterChoice): string {
  if (!command.startsWith('portolan ')) return command;
  const flags = [
    ...(kubeconfig === undefined ? [] : ['--kubeconfig', shellWord(kubeconfig)]),
    ...(context === undefined ? [] : ['--context', shellWord(context)]),
  ];
  return [command, ...flags].join(' ');
}

/** The same about one node: `portolan plan` -> `portolan plan --node worker-3`. */
export function onSameNode(command: string, { node, ...choice }: ClusterChoice): string {
  const [, verb, rest = ''] = /^portolan (diagnose|plan)(.*)$/.exec(command) ?? [];
  if (verb === undefined || node === undefined) return command;
  return inSameCluster(`portolan ${verb} --node ${shellWord(node)}${rest}`, choice);
}
