// The import table of the house: which folder may import which. ARCHITECTURE.md shows it, check-layers.ts enforces it.

const MODEL = ['core/model', 'core/errors'];
const KERNEL_BASE = [...MODEL, 'kernel/netlink', 'kernel/netns'];
const PROGRAM = ['core', 'present', 'protocol', 'sim', 'kernel', 'kube', 'dumps', 'observe', 'act', 'lab'];

/**
 * Folder below src/ to the folders it may import besides itself. The longest folder that holds a file rules it; a name
 * stands for all below it. A folder without a row is itself a violation.
 */
export const LAYERS: Readonly<Record<string, readonly string[]>> = {
  'core/model': MODEL,
  'core/errors': MODEL,
  'core/conntrack-text': MODEL,
  'core/kube-objects': MODEL,
  'core/alloc': MODEL,
  'core/ledger': MODEL,
  'core/nat-rules': MODEL,
  'core/redact': MODEL,
  'core/analysis': [...MODEL, 'core/alloc'],
  'core/advice': [...MODEL, 'core/alloc', 'core/analysis'],
  present: ['core', 'sim'],
  protocol: ['core'],
  sim: ['core'],
  'kernel/netlink': MODEL,
  'kernel/netns': [...MODEL, 'kernel/netlink'],
  'kernel/conntrack': KERNEL_BASE,
  'kernel/conntrack-write': KERNEL_BASE,
  'kernel/nat-rules': [...KERNEL_BASE, 'core/nat-rules'],
  'kernel/nftables': KERNEL_BASE,
  'kernel/procfs': [...KERNEL_BASE, 'core/conntrack-text'],
  'kernel/raw-packets': KERNEL_BASE,
  'kernel/route': KERNEL_BASE,
  'kernel/sock-diag': KERNEL_BASE,
  // Tries the kernel out in a namespace it builds: the one reader that also writes.
  'kernel/probe': ['core/model', 'core/errors', 'kernel'],
  kube: [...MODEL, 'core/kube-objects'],
  // Its bundles are messages of ours.
  dumps: [...MODEL, 'core/conntrack-text', 'core/kube-objects', 'core/nat-rules', 'protocol'],
  observe: [...MODEL, 'core/kube-objects', 'core/nat-rules', 'kernel', 'kube', 'dumps', 'protocol'],
  act: [...MODEL, 'core/kube-objects', 'core/analysis', 'core/advice', 'kube', 'kernel', 'protocol'],
  lab: ['core', 'sim', 'kernel', 'observe', 'act'],
  agent: PROGRAM,
  server: PROGRAM,
  web: ['core', 'present', 'protocol'],
  // `portolan agent` is a command like the others.
  cli: [...PROGRAM, 'agent'],
};

/** Folders without Node, clock or chance: they run unchanged in a browser. */
export const PURE: readonly string[] = ['core', 'present', 'protocol', 'sim'];

/** Package to the folders that may import it. What is not here is imported nowhere in src/. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  koffi: ['kernel/netlink'],
  '@kubernetes/client-node': ['kube'],
  yaml: ['present', 'kube', 'dumps', 'cli'],
  valibot: ['kube', 'dumps', 'protocol', 'cli'],
  commander: ['cli'],
  '@commander-js/extra-typings': ['cli'],
  '@bomb.sh/tab': ['cli'],
};

/**
 * Files that may use clocks, timers, chance and the environment; all others get them passed. Programs wire them (main.ts,
 * and the part of the command line that every command starts from). The lab and the probe run experiments in real time.
 */
export const WORLDLY: readonly RegExp[] = [
  /(^|\/)main\.ts$/,
  /^src\/cli\/start-program\.ts$/,
  /^src\/lab\//,
  /^src\/kernel\/probe\//,
];

/** Files that turn bytes, text or messages of another thread into types: only there may `as` say what a value is. */
export const DECODERS: readonly RegExp[] = [
  /\/(decode|parse)-[^/]+\.ts$/,
  /-(decoder|json|message|messages|worker|thread)\.ts$/,
  // Hands the answers of host threads back with the type of the task they answer.
  /^src\/lab\/host\.ts$/,
];
