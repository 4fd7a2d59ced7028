// `portolan collect` as data.
import { CLUSTER_CHOICE_FLAGS, CLUSTER_REACH_FLAGS } from '../cluster/cluster-flags.ts';
import type { CommandSpec } from '../command-spec.ts';

export const COLLECT_COMMAND: CommandSpec = {
  name: 'collect',
  summary:
    'Write what "diagnose" reads of this node or of a cluster into one file, to be diagnosed, planned for and compared elsewhere',
  description:
    'Only reads. Whether that is this node or a cluster is decided as by "diagnose": a cluster when KUBECONFIG is set, in a pod, or with any flag of a cluster; --local means this node. The file holds facts alone: connections, NAT rules, claimed ports, counters, settings; no environment, no command line, no Secret. What it holds and how: docs/reference/bundle.md.',
  examples: [
    { command: 'collect', what: 'portolan-NODE-TIME.tgz in this folder; then: diagnose it anywhere' },
    { command: 'collect --redact', what: 'other names and addresses in place of the real ones, to be sent away' },
    { command: 'collect --context prod', what: 'all nodes of a cluster and what its API server says' },
    { command: 'collect --for 30s -o before.tgz', what: 'watch longer, name the file' },
    { command: 'collect -o - | ssh desk portolan diagnose -', what: 'write no file here' },
  ],
  flags: [
    {
      name: 'output',
      short: 'o',
      value: 'FILE',
      description: 'the file to write, - for stdout',
      fallback: 'portolan-NODE-TIME.tgz',
    },
    { name: 'force', description: 'replace a file of that name' },
    { name: 'for', value: 'DURATION', description: 'how long to watch counters and new connections', fallback: '2s' },
    {
      name: 'netns',
      value: 'PATH',
      description: 'network namespace to read, for example /run/netns/blue',
      fallback: "the program's own",
    },
    { name: 'local', description: 'this node, also where KUBECONFIG is set or in a pod' },
    ...CLUSTER_CHOICE_FLAGS,
    ...CLUSTER_REACH_FLAGS,
    {
      name: 'redact',
      description:
        'put other names and addresses in place of the real ones, the same throughout; verdicts stay as they are',
    },
    {
      name: 'redact-key',
      value: 'FILE',
      description:
        'as --redact, and the same over all bundles made with this key; the file is made where there is none',
      fallback: 'a random key that is kept nowhere',
    },
  ],
  readsOutput: true,
  needsLinux: false,
  run: async (input) => (await import('../commands/collect.ts')).runCollect(input),
};
