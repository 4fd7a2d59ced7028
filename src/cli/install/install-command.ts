// `portolan install` and `portolan uninstall` as data.
import type { CommandSpec, FlagSpec } from '../command-spec.ts';
import { DRY_RUNS } from './dry-runs.ts';

const PLACE: readonly FlagSpec[] = [
  { name: 'kubeconfig', value: 'FILE', description: 'kubeconfig to use', fallback: 'KUBECONFIG, then ~/.kube/config' },
  { name: 'context', value: 'NAME', description: 'context of the kubeconfig', fallback: 'the current one' },
  { name: 'namespace', short: 'n', value: 'NAME', description: 'namespace of the agents', fallback: 'portolan' },
  {
    name: 'dry-run',
    value: 'HOW',
    description: 'client: ask no cluster and change nothing; with -o yaml or json print the objects',
    fallback: 'none',
    choices: DRY_RUNS,
  },
];

export const INSTALL_COMMAND: CommandSpec = {
  name: 'install',
  summary: 'Put the agent on every node of a cluster, or bring it up to date',
  description:
    "Makes a namespace, an account that may read pods and ask who may ask, and a DaemonSet: in the host's network, without privileges but NET_ADMIN. Objects of the same name that are not Portolan's are never touched. The image, the certificate and what each right is for: docs/reference/install.md.",
  examples: [
    { command: 'install --image registry.example/portolan:0.1.0', what: 'on every node' },
    {
      command: 'install --image registry.example/portolan:0.1.0 --dry-run client -o yaml',
      what: 'print what would be made',
    },
  ],
  flags: [
    ...PLACE,
    { name: 'image', value: 'IMAGE', description: 'image of the agent, with its tag; needed' },
    {
      name: 'publish',
      description:
        'agents also write a condition SNATPortPressure of their node, and Events: gives them those rights, and a policy that limits them',
    },
    { name: 'legacy-iptables', description: 'also read rules of iptables-legacy: gives the agents NET_RAW too' },
  ],
  formats: ['table', 'yaml', 'json'],
  needsLinux: false,
  run: async (input) => (await import('../commands/install.ts')).runInstall(input),
};

export const UNINSTALL_COMMAND: CommandSpec = {
  name: 'uninstall',
  summary: 'Take the agents out of a cluster',
  description:
    "Removes what install made. The namespace stays, because journals of changes and the certificate are in it, and so does what is not Portolan's.",
  examples: [{ command: 'uninstall', what: 'all but the namespace' }],
  flags: PLACE,
  formats: ['table', 'yaml', 'json'],
  needsLinux: false,
  run: async (input) => (await import('../commands/install.ts')).runUninstall(input),
};
