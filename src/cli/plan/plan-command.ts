// `portolan plan` as data: its flags in the order a person needs them.
import { CLUSTER_CHOICE_FLAGS, CLUSTER_REACH_FLAGS } from '../cluster/cluster-flags.ts';
import type { CommandSpec, FlagSpec } from '../command-spec.ts';

const GOAL_FLAGS: readonly FlagSpec[] = [
  { name: 'target', value: 'CHANCE', description: 'how often a new connection may be lost', fallback: '1/1000' },
  { name: 'load', value: 'FACTOR', description: "at how many times today's load", fallback: '2x' },
];

const NODE_FLAGS: readonly FlagSpec[] = [
  { name: 'for', value: 'DURATION', description: 'how long to watch this node', fallback: '2s' },
  {
    name: 'netns',
    value: 'PATH',
    description: 'network namespace to read, for example /run/netns/blue',
    fallback: "the program's own",
  },
  {
    name: 'space',
    value: 'N',
    description: 'plan for row N of "diagnose" instead of the worst; --destination picks one by its address',
  },
];

const CLUSTER_READ_FLAGS: readonly FlagSpec[] = [
  { name: 'local', description: 'this node, also where KUBECONFIG is set or in a pod' },
  ...CLUSTER_CHOICE_FLAGS,
  ...CLUSTER_REACH_FLAGS.filter(({ name }) => name !== 'max-nodes'),
];

const LOAD_FLAGS: readonly FlagSpec[] = [
  { name: 'destination', value: 'ADDRESS:PORT', description: 'where the connections go; /udp behind the port for UDP' },
  { name: 'rate', value: 'RATE', description: 'new connections to it over all nodes, for example 300/s or 18000/min' },
  {
    name: 'hold',
    value: 'DURATION',
    description: 'how long each keeps its port: while it is open, and 120 s (TCP) or 30 s (UDP) after that',
    fallback: '120s, 30s for UDP; with --live that and 120s',
  },
  { name: 'live', value: 'DURATION', description: 'how much of --hold the connection is open' },
  { name: 'connections', value: 'N', description: 'instead of --rate: connections open at once, long-lived' },
  {
    name: 'nat-port-range',
    value: 'FIRST:LAST',
    description: "today's port range, as Calico's natPortRange",
    fallback: '32768:65535',
  },
  { name: 'addresses', value: 'N', description: 'addresses a node leaves with', fallback: '1' },
  { name: 'kernel', value: 'RELEASE', description: 'release of Linux on the nodes, for example 6.1' },
];

const CLUSTER_FLAGS: readonly FlagSpec[] = [
  { name: 'nodes', value: 'N', description: 'nodes that may run the pods', fallback: '1' },
  { name: 'pods', value: 'N', description: 'pods that open these connections' },
  { name: 'max-nodes', value: 'N', description: 'the most nodes the autoscaler may make' },
  { name: 'surge', value: 'N', description: 'extra pods during a rollout (maxSurge)' },
  {
    name: 'workload',
    value: 'KIND/NAME',
    description: 'what opens these connections, for example deployment/checkout: commands name it',
  },
  { name: 'namespace', short: 'n', value: 'NAME', description: 'namespace of --workload; without it: default' },
  { name: 'closes', value: 'SIDE', description: 'who closes first: client or server', choices: ['client', 'server'] },
  { name: 'vxlan', description: 'pod traffic between nodes uses VXLAN: a range then starts above its port' },
  { name: 'no-vxlan', description: 'it does not' },
  { name: 'pod-cidr', value: 'CIDR', description: "the pods' addresses, for the rules of a split range" },
  {
    name: 'skip-ports',
    value: 'PORTS',
    description: 'ports a split range must avoid, for example 30000:32767,8443',
  },
];

const ANSWER_FLAGS: readonly FlagSpec[] = [
  {
    name: 'what-if',
    value: 'KEY=VALUE',
    description:
      'a look at today with something changed, beside today; keys: natPortRange, nodes, pods, rate, hold, live, addresses, kernel; several with commas, repeatable',
    isList: true,
  },
  { name: 'out', value: 'FILE', description: 'save the plan as JSON; replaces nothing but a saved plan' },
  { name: 'from', value: 'FILE', description: 'print a saved plan' },
  { name: 'explain', description: 'unfold each remedy: why, conflicts, what must hold, the exact command, the undo' },
];

export const PLAN_COMMAND: CommandSpec = {
  name: 'plan',
  summary: 'Say what helps against running out of SNAT ports and what each remedy buys, with its command and its risk',
  description:
    'Changes nothing. Without figures it reads this node or a cluster by the rules of "diagnose", or the files it is given; with --rate or --connections it reads nothing and runs anywhere. Exits 2 when no remedy reaches the goal.',
  examples: [
    { command: 'plan', what: 'for the worst port space of this node, or of all nodes of a cluster' },
    {
      command: 'plan --context prod --out plan.json',
      what: 'with the load, pods, labels and settings of that cluster',
    },
    { command: 'plan --explain', what: 'with exact commands, conflicts and how to undo each' },
    {
      command: 'plan --destination 203.0.113.9:443 --rate 300/s --hold 120s --nodes 6 --pods 40',
      what: 'from plain figures, reading nothing',
    },
    {
      command: 'plan --destination 203.0.113.9:443 --connections 31000 --load 1x --target 1/10000',
      what: 'connections that stay open, at a stricter goal',
    },
    {
      command: 'plan --what-if natPortRange=20000:65535 --what-if nodes=3',
      what: 'what a change would do, beside today',
    },
    { command: 'plan --out plan.json', what: 'keep the plan; plan --from plan.json prints it again' },
  ],
  flags: [...GOAL_FLAGS, ...LOAD_FLAGS, ...CLUSTER_FLAGS, ...NODE_FLAGS, ...CLUSTER_READ_FLAGS, ...ANSWER_FLAGS],
  operand: {
    name: '[FILE]...',
    isList: true,
    description: 'saved text of a node (docs/reference/files.md), a folder of them, or - for stdin',
    choices: 'files',
  },
  formats: ['table', 'json', 'yaml', 'markdown'],
  needsLinux: false,
  run: async (input) => (await import('../commands/plan.ts')).runPlan(input),
};
