// Every command of the program: what it is called, what it takes, what it is for. What it does is imported when it runs.
import { GET_COMMAND, PATCH_COMMAND } from './calicoctl/calicoctl-commands.ts';
import { APPLY_COMMAND, STATUS_COMMAND, UNDO_COMMAND, VERIFY_COMMAND } from './change/change-commands.ts';
import { CLUSTER_CHOICE_FLAGS, CLUSTER_REACH_FLAGS, POD_FLAGS } from './cluster/cluster-flags.ts';
import { CHECK_IDS } from '../core/analysis/finding.ts';
import type { CommandSpec, FlagSpec } from './command-spec.ts';
import { SHELLS } from './completion/completion-script.ts';
import { PLAN_COMMAND } from './plan/plan-command.ts';
import { NAT_FLAVOURS } from '../lab/nat-flavour.ts';
import { FAIL_ON } from './exit-code.ts';
import { PREFLIGHT_COMMAND } from './preflight/preflight-command.ts';
import { RANGE_COMMAND } from './range/range-command.ts';
import { RBAC_COMMAND } from './rbac/rbac-command.ts';
import { WHO_COMMAND } from './who/who-command.ts';
import { SIMULATE_COMMAND } from './simulate/simulate-command.ts';

const NETNS: FlagSpec = {
  name: 'netns',
  value: 'PATH',
  description: 'network namespace to read, for example /run/netns/blue',
  fallback: "the program's own",
};

const RANGE: FlagSpec = {
  name: 'range',
  value: 'FIRST:LAST',
  description: "SNAT port range of the lab's node",
  fallback: "the scenario's own",
};

/** Flags that every command takes. */
export const GLOBAL_FLAGS: readonly FlagSpec[] = [
  { name: 'output', short: 'o', value: 'FORMAT', description: 'how to print the result', fallback: 'table' },
  {
    name: 'color',
    value: 'WHEN',
    description: 'colour: auto (on a terminal), always or never',
    fallback: 'auto',
    choices: ['auto', 'always', 'never'],
  },
  { name: 'ascii', description: 'print marks as plain ASCII: x ! + ?' },
  { name: 'no-input', description: 'never ask and never open anything that waits for a person' },
  { name: 'verbose', short: 'v', description: 'say each step on stderr; show where a bug happened' },
  { name: 'version', short: 'V', description: 'print the version' },
  { name: 'help', short: 'h', description: 'show this' },
];

export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'diagnose',
    summary:
      "Read SNAT ports of this node or of a cluster's nodes: whether they run out or collide, who uses them, what helps",
    description:
      'Only reads. On a node, run it in the host network namespace; without CAP_NET_ADMIN it says what it could not see. A cluster is read through its API server with nothing installed (docs/reference/cluster.md): when KUBECONFIG is set, in a pod, or with any flag of a cluster; --local means this node all the same. With files it reads those instead, on any machine: conntrack -L, iptables-save and others, recognised by their content.',
    examples: [
      { command: 'diagnose', what: 'one screen, worst first' },
      {
        command: 'diagnose --context prod',
        what: 'all nodes of a cluster, worst first, with the workloads behind them',
      },
      { command: 'diagnose --node worker-3 --explain', what: 'one node of the cluster in full detail' },
      { command: 'diagnose -n payments -l app=checkout', what: 'port spaces in which these pods hold ports' },
      { command: 'diagnose --explain', what: 'how each line was measured and how sure it is' },
      { command: 'diagnose --for 30s -o markdown', what: 'watch longer, paste the result into an issue' },
      { command: 'diagnose flows.txt rules.txt', what: 'what conntrack -L and iptables-save printed on a node' },
      { command: 'diagnose --fail-on warning -o json', what: 'for a script: exit 2 on warnings too' },
    ],
    flags: [
      { name: 'for', value: 'DURATION', description: 'how long to watch counters and new connections', fallback: '2s' },
      NETNS,
      { name: 'local', description: 'this node, also where KUBECONFIG is set or in a pod' },
      ...CLUSTER_CHOICE_FLAGS,
      ...POD_FLAGS,
      ...CLUSTER_REACH_FLAGS,
      {
        name: 'top',
        value: 'N',
        description: 'how many port spaces get a row; of a cluster, how many nodes',
        fallback: '5, of a cluster 15',
      },
      {
        name: 'only',
        value: 'CHECK',
        description: 'run these checks only (comma-separated or repeated)',
        choices: CHECK_IDS,
        isList: true,
      },
      {
        name: 'skip',
        value: 'CHECK',
        description: 'leave these checks out (comma-separated or repeated)',
        choices: CHECK_IDS,
        isList: true,
      },
      {
        name: 'fail-on',
        value: 'SEVERITY',
        description: 'exit 2 at this severity or above: critical, warning or never',
        fallback: 'critical',
        choices: FAIL_ON,
      },
      { name: 'explain', description: 'unfold each line: because, sources, confidence, what weakens it' },
      {
        name: 'snat-only',
        description: 'let the kernel send SNATed flows only: cheaper, but not every held port is seen',
      },
    ],
    operand: {
      name: '[FILE]...',
      isList: true,
      description: 'saved text of a node (docs/reference/files.md), a folder of them, or - for stdin',
      choices: 'files',
    },
    formats: ['table', 'wide', 'json', 'yaml', 'markdown'],
    needsLinux: false,
    run: async (input) => (await import('./commands/diagnose.ts')).runDiagnose(input),
  },
  WHO_COMMAND,
  PLAN_COMMAND,
  {
    name: 'probe',
    summary: 'Try what this kernel does with ports, in a throwaway namespace',
    description: 'Nothing outside that namespace changes. Answers come from trying, never from the version number.',
    examples: [
      { command: 'probe', what: 'answers and what each means' },
      { command: 'probe -o json', what: 'the same for a program' },
    ],
    flags: [],
    formats: ['table', 'json', 'yaml'],
    needsLinux: true,
    run: async (input) => (await import('./commands/probe.ts')).runProbe(input),
  },
  {
    name: 'rules',
    summary: 'List the installed source-NAT rules in the order the kernel tries them',
    examples: [
      { command: 'rules', what: 'whose rule comes first, with which ports' },
      { command: 'rules -o wide', what: 'with table and chain' },
    ],
    flags: [NETNS],
    formats: ['table', 'wide', 'json', 'yaml'],
    needsLinux: true,
    run: async (input) => (await import('./commands/rules.ts')).runRules(input),
  },
  PREFLIGHT_COMMAND,
  RANGE_COMMAND,
  APPLY_COMMAND,
  STATUS_COMMAND,
  UNDO_COMMAND,
  VERIFY_COMMAND,
  RBAC_COMMAND,
  GET_COMMAND,
  PATCH_COMMAND,
  SIMULATE_COMMAND,
  {
    name: 'demo',
    summary: 'Show ports running out and the repair, on a lab node made of kernel namespaces (30 s)',
    description:
      'Needs no root and no cluster. Everything printed is measured in that run; nothing is left behind. Where no namespaces can be had (a locked-down container, macOS) the same story is computed on a simulated node, and each screen says so.',
    examples: [
      { command: 'demo', what: 'the whole story' },
      { command: 'demo --simulated', what: 'the same on a simulated node, anywhere' },
    ],
    flags: [
      { name: 'simulated', description: 'compute the story on a simulated node, without the kernel' },
      { name: 'real', description: 'insist on the kernel: exit 3 where it refuses namespaces' },
    ],
    needsLinux: false,
    run: async (input) => (await import('./commands/demo.ts')).runDemoCommand(input),
  },
  {
    name: 'lab list',
    summary: 'List the scenarios of the lab',
    examples: [{ command: 'lab list', what: 'names, verdicts and stories' }],
    flags: [],
    formats: ['table', 'json', 'yaml'],
    needsLinux: false,
    run: async (input) => (await import('./commands/lab-list.ts')).runLabList(input),
  },
  {
    name: 'lab run',
    summary: 'Build a scenario of real namespaces, drive it and diagnose its node',
    description:
      'Exits 0 when the verdict is the one the scenario must get, 1 when not. With --range the verdict is not compared: another range may change it.',
    examples: [
      { command: 'lab run healthy', what: 'build it, diagnose it, take it down' },
      { command: 'lab run healthy --range 20000:65535', what: 'the same with another SNAT range' },
    ],
    flags: [RANGE, { name: 'explain', description: 'unfold each line of the diagnosis' }],
    operand: { name: 'NAME', description: 'a scenario of "lab list"', choices: 'scenarios' },
    formats: ['table', 'wide', 'json', 'yaml', 'markdown'],
    needsLinux: true,
    run: async (input) => (await import('./commands/lab-run.ts')).runLabRun(input),
  },
  {
    name: 'lab shell',
    summary: 'Build a scenario and open a shell on its node; leaving the shell takes it down',
    examples: [{ command: 'lab shell healthy', what: 'then try: portolan diagnose' }],
    flags: [RANGE],
    operand: { name: 'NAME', description: 'a scenario of "lab list"', choices: 'scenarios' },
    needsLinux: true,
    run: async (input) => (await import('./commands/lab-shell.ts')).runLabShell(input),
  },
  {
    name: 'exam',
    summary: 'Run every scenario, diagnose it blind and print which verdicts were right',
    examples: [{ command: 'exam --seeds 3', what: 'each scenario three times, differently' }],
    flags: [
      {
        name: 'seeds',
        value: 'N',
        description: 'how many times each scenario runs, each with another seed',
        fallback: '1',
      },
      {
        name: 'flavour',
        value: 'FORM',
        description: 'form of the NAT rules; the iptables forms need that program',
        choices: NAT_FLAVOURS,
        fallback: 'nftables',
      },
    ],
    formats: ['table', 'json', 'yaml'],
    needsLinux: true,
    run: async (input) => (await import('./commands/exam.ts')).runExamCommand(input),
  },
  {
    name: 'completion',
    summary: 'Print the completion script of a shell',
    description: 'As a kubectl plugin nothing needs to be sourced: kubectl finds kubectl_complete-snat on the PATH.',
    examples: [
      { command: 'completion bash > /etc/bash_completion.d/portolan', what: 'for bash' },
      { command: 'completion zsh > "${fpath[1]}/_portolan"', what: 'for zsh' },
      { command: 'completion fish > ~/.config/fish/completions/portolan.fish', what: 'for fish' },
    ],
    flags: [],
    operand: { name: 'SHELL', description: 'bash, zsh or fish', choices: SHELLS },
    needsLinux: false,
    run: async (input) => (await import('./commands/completion.ts')).runCompletion(input),
  },
  {
    name: 'version',
    summary: 'Print the version',
    examples: [{ command: 'version -o json', what: 'with runtime and platform' }],
    flags: [],
    formats: ['table', 'json', 'yaml'],
    needsLinux: false,
    run: async (input) => (await import('./commands/version.ts')).runVersion(input),
  },
];

/** Commands whose names have a second word, by their first. */
export const GROUPS: readonly { readonly name: string; readonly summary: string }[] = [
  { name: 'lab', summary: 'Scenarios on real kernel namespaces: list, run, shell' },
];

/** Environment variables that are read. */
export const ENVIRONMENT: readonly { readonly name: string; readonly meaning: string }[] = [
  { name: 'KUBECONFIG', meaning: 'kubeconfig files for commands about a cluster; --kubeconfig wins over it' },
  { name: 'NO_COLOR', meaning: 'no colour when set to anything; --color always wins over it' },
  {
    name: 'LC_ALL, LC_CTYPE, LANG',
    meaning: 'the first that is set: plain ASCII marks when it names no UTF-8 locale',
  },
  { name: 'TERM', meaning: '`dumb`: no colour, plain ASCII marks, no progress line' },
];
