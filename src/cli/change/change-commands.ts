// `portolan apply`, `status`, `undo` and `verify` as data.
import { AGENT_FLAGS } from '../cluster/cluster-flags.ts';
import { VERIFY_LEVELS } from '../../core/advice/change/change.ts';
import type { CommandSpec, FlagSpec } from '../command-spec.ts';

const CLUSTER: readonly FlagSpec[] = [
  { name: 'kubeconfig', value: 'FILE', description: 'kubeconfig to use', fallback: 'KUBECONFIG, then ~/.kube/config' },
  { name: 'context', value: 'NAME', description: 'context of the kubeconfig', fallback: 'the current one' },
];

const JOURNAL: FlagSpec = {
  name: 'journal-namespace',
  value: 'NAME',
  description: 'namespace of the journal',
  fallback: 'portolan',
};

const YES: FlagSpec = { name: 'yes', short: 'y', description: 'do not ask; for scripts' };

const TAKE_OVER: FlagSpec = {
  name: 'take-over',
  description: 'the program that drove the change is gone for sure: do not watch for a sign of life first',
};

const VERIFY: FlagSpec = {
  name: 'verify',
  value: 'LEVEL',
  description:
    "what each node must show: rules (the kernel's rules, new flows, Felix), ready (Felix alone) or none (nothing is looked at)",
  fallback: 'rules',
  choices: VERIFY_LEVELS,
};

export const APPLY_COMMAND: CommandSpec = {
  name: 'apply',
  summary: 'Change the SNAT port range of a cluster, or spread a workload: step by step, verified, undoable',
  description:
    'Shows what will change and asks. Writes a journal, tries one node first, verifies each node, takes everything back when one fails. Stopped at any point, "portolan status" says how to go on. How it works, the journal, undoing by hand: docs/reference/apply.md. Exits 0 when all was verified as asked, 1 when nothing is changed, 3 when it is done but could not all be seen.',
  examples: [
    {
      command: 'apply --nat-port-range 4790:65535 --dry-run server',
      what: 'what would change, judged by the API server',
    },
    { command: 'apply --nat-port-range 4790:65535', what: 'one node, then batches, then all' },
    { command: 'apply plan.json#2', what: 'the second remedy of a saved plan' },
    { command: 'apply --nat-port-range 4790:65535 --node worker-3', what: 'one node only' },
    { command: 'apply --resume 7f3a', what: 'go on with a change that was interrupted' },
  ],
  flags: [
    { name: 'nat-port-range', value: 'FIRST:LAST', description: 'the range that pods get their SNAT ports from' },
    { name: 'node', value: 'NAME', description: 'change these nodes only, each by an object of its own', isList: true },
    { name: 'selector', short: 'l', value: 'LABELS', description: 'the same for nodes with these labels' },
    {
      name: 'configuration',
      value: 'NAME',
      description: 'write this FelixConfiguration with a nodeSelector instead of default',
    },
    {
      name: 'repair',
      description: 'repair stored values that no Felix can read; without --nat-port-range they are removed',
    },
    { name: 'canary', value: 'NODE', description: 'the node to try first', fallback: 'the first by name' },
    {
      name: 'batch-size',
      value: 'N',
      description: 'nodes per batch after the canary; none: all others at once',
      fallback: '10',
    },
    VERIFY,
    { name: 'timeout', value: 'DURATION', description: 'how long one node or rollout may take', fallback: '2m' },
    {
      name: 'accept-conflict',
      value: 'NAME',
      description: 'go on although this load balancer (NAMESPACE/SERVICE) loses connections to it',
      isList: true,
    },
    {
      name: 'dry-run',
      value: 'WHERE',
      description: 'client: send nothing; server: let the API server judge; neither stores anything',
      choices: ['client', 'server'],
    },
    YES,
    { name: 'resume', value: 'ID', description: 'go on with an unfinished change' },
    TAKE_OVER,
    JOURNAL,
    ...AGENT_FLAGS,
    ...CLUSTER,
  ],
  operand: {
    name: '[PLAN#N]',
    description: 'a saved plan and the number of its remedy; #1 without one',
    choices: 'files',
  },
  formats: ['table', 'json', 'yaml'],
  needsLinux: false,
  run: async (input) => (await import('../commands/apply.ts')).runApply(input),
};

export const STATUS_COMMAND: CommandSpec = {
  name: 'status',
  summary: 'Show the change of the cluster that is under way or was interrupted, and how to go on',
  description: 'Only reads. Exits 2 while a change is not finished.',
  examples: [
    { command: 'status', what: 'the unfinished change, and those before it' },
    { command: 'status 7f3a -o json', what: 'one change whole, for a program' },
  ],
  flags: [JOURNAL, ...CLUSTER],
  operand: { name: '[ID]', description: 'one change' },
  formats: ['table', 'json', 'yaml'],
  needsLinux: false,
  run: async (input) => (await import('../commands/status.ts')).runStatus(input),
};

export const UNDO_COMMAND: CommandSpec = {
  name: 'undo',
  summary: 'Take a change of the cluster back: exactly what was there before',
  description:
    'Works from any point of a change and after its end. What someone else has written since stays, and is named. Then waits until the nodes of the change show it. Exits 0 when they do, 1 when something stayed, 3 when not every node could be seen.',
  examples: [
    { command: 'undo', what: 'the latest change' },
    { command: 'undo 7f3a --dry-run', what: 'what would be taken back' },
  ],
  flags: [
    { name: 'dry-run', description: 'say it, do nothing' },
    { ...VERIFY, fallback: 'as the change itself' },
    { name: 'timeout', value: 'DURATION', description: 'how long each node is waited for', fallback: '2m' },
    YES,
    TAKE_OVER,
    JOURNAL,
    ...AGENT_FLAGS,
    ...CLUSTER,
  ],
  operand: { name: '[ID]', description: 'which change; the latest without one' },
  formats: ['table', 'json', 'yaml'],
  needsLinux: false,
  run: async (input) => (await import('../commands/undo.ts')).runUndo(input),
};

export const VERIFY_COMMAND: CommandSpec = {
  name: 'verify',
  summary: 'Check that each node of a cluster uses the SNAT port range that it is configured to',
  description:
    'Only reads. Exits 0 when every node does, 2 when one differs, 3 when it cannot be told. With --watch it goes on and says who changes a FelixConfiguration.',
  examples: [
    { command: 'verify', what: 'each node against its own configuration' },
    { command: 'verify --nat-port-range 4790:65535', what: 'each node against this range; for CI' },
    { command: 'verify --watch', what: 'report drift as it happens' },
  ],
  flags: [
    { name: 'nat-port-range', value: 'FIRST:LAST', description: 'the range that every node must have' },
    { name: 'node', value: 'NAME', description: 'these nodes only', isList: true },
    { ...VERIFY, choices: ['rules', 'ready'], description: 'what is looked at: rules, or ready (Felix alone)' },
    { name: 'watch', short: 'w', description: 'go on until Ctrl-C, and report each change of a FelixConfiguration' },
    ...AGENT_FLAGS,
    ...CLUSTER,
  ],
  formats: ['table', 'json', 'yaml'],
  needsLinux: false,
  run: async (input) => (await import('../commands/verify.ts')).runVerify(input),
};
