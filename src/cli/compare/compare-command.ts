// `portolan compare` as data.
import type { CommandSpec } from '../command-spec.ts';

export const COMPARE_COMMAND: CommandSpec = {
  name: 'compare',
  summary: 'Say what got better or worse between two looks at a node or a cluster',
  description:
    'Each look is a bundle of "collect", or a file, archive or folder of what was saved on the node (docs/reference/files.md). Of several nodes each is compared with the one of its name. Exits 2 when something got worse, 3 when that cannot be told.',
  examples: [
    { command: 'compare before.tgz after.tgz', what: 'did the new range help' },
    { command: 'compare before.tgz after.tgz -o markdown', what: 'paste the result into an issue' },
    { command: 'compare monday/ tuesday/', what: 'two folders with conntrack -L and iptables-save' },
  ],
  flags: [
    { name: 'node', value: 'NAME', description: 'one node of several, in full' },
    { name: 'top', value: 'N', description: 'how many port spaces, or nodes, get a row', fallback: '10' },
  ],
  operand: { name: 'BEFORE AFTER', description: 'two bundles, files, archives or folders', choices: 'files' },
  formats: ['table', 'json', 'yaml', 'markdown'],
  needsLinux: false,
  run: async (input) => (await import('../commands/compare.ts')).runCompare(input),
};
