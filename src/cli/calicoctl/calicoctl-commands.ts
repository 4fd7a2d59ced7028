// `portolan get` and `portolan patch` as data: calicoctl's own flags, so that a documented line runs unchanged.
import type { CommandSpec, FlagSpec } from '../command-spec.ts';

const KIND = 'felixconfiguration';

/** calicoctl has these on every command. */
const COMMON: readonly FlagSpec[] = [
  {
    name: 'config',
    short: 'c',
    value: 'FILE',
    description: "calicoctl's settings",
    fallback: '/etc/calico/calicoctl.cfg',
  },
  { name: 'context', value: 'NAME', description: 'context of the kubeconfig', fallback: 'the current one' },
  { name: 'namespace', short: 'n', value: 'NAME', description: 'refused: a FelixConfiguration has no namespace' },
  { name: 'allow-version-mismatch', description: 'taken and ignored: no version is compared' },
  { name: 'log-level', short: 'l', value: 'LEVEL', description: 'taken and ignored: use -v' },
];

export const GET_COMMAND: CommandSpec = {
  name: 'get',
  summary: "Show Calico's FelixConfigurations, as calicoctl get does",
  description:
    'Kinds: felixconfiguration, felixconfigurations, felixconfig, felixconfigs. Differences from calicoctl: docs/reference/calicoctl.md.',
  examples: [
    { command: 'get felixconfiguration', what: 'their names' },
    { command: 'get felixconfiguration default -o yaml', what: 'one of them, whole' },
  ],
  flags: [
    ...COMMON,
    { name: 'export', description: 'of named ones: without what belongs to this cluster' },
    { name: 'all-namespaces', short: 'A', description: 'refused: a FelixConfiguration has no namespace' },
    { name: 'all', short: 'a', description: 'the same' },
  ],
  operand: {
    name: 'KIND [NAME...]',
    description: 'felixconfiguration, and which; all without a name',
    choices: [KIND],
  },
  formats: ['table', 'wide', 'json', 'yaml'],
  readsOutput: true,
  needsLinux: false,
  run: async (input) => (await import('../commands/get.ts')).runGet(input),
};

export const PATCH_COMMAND: CommandSpec = {
  name: 'patch',
  summary: 'Change fields of a FelixConfiguration, as calicoctl patch does',
  description:
    "Writes at the version it read and changes nothing else. Calico's Felix restarts on every node that the object rules. Values that Calico accepts and misreads are refused. Differences from calicoctl: docs/reference/calicoctl.md.",
  examples: [
    {
      command: `patch felixconfiguration default --patch '{"spec":{"natPortRange": "24000:65535"}}'`,
      what: 'give pods more source ports',
    },
    {
      command: `patch felixconfiguration default -p '{"spec":{"natPortRange": "24000:65535"}}' --dry-run server`,
      what: 'what would change; nothing is stored',
    },
  ],
  flags: [
    { name: 'patch', short: 'p', value: 'JSON', description: 'the fields to change; null removes one' },
    { name: 'type', short: 't', value: 'TYPE', description: 'taken and ignored, as by calicoctl' },
    {
      name: 'dry-run',
      value: 'WHERE',
      description: 'client: send nothing; server: let the API server judge; neither stores anything',
      choices: ['client', 'server'],
    },
    { name: 'force', description: 'write also a natPortRange that Calico accepts and misreads' },
    ...COMMON,
  ],
  operand: { name: 'KIND NAME', description: 'felixconfiguration, and which: default, node.worker-3', choices: [KIND] },
  needsLinux: false,
  run: async (input) => (await import('../commands/patch.ts')).runPatch(input),
};
