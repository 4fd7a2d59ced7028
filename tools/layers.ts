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
  'core/alloc': MODEL,
  'core/analysis': [...MODEL, 'core/alloc'],
  'core/advice': [...MODEL, 'core/alloc', 'core/analysis'],
  present: ['core'],
  protocol: ['core'],
  sim: ['core'],
  'kernel/netlink': MODEL,
  'kernel/netns': [...MODEL, 'kernel/netlink'],
  'kernel/conntrack': KERNEL_BASE,
  'kernel/nat-rules': KERNEL_BASE,
  'kernel/nftables': KERNEL_BASE,
  'kernel/procfs': KERNEL_BASE,
  'kernel/route': KERNEL_BASE,
  'kernel/sock-diag': KERNEL_BASE,
  'kernel/probe': [...KERNEL_BASE, 'kernel/route', 'kernel/nftables', 'kernel/conntrack'],
  kube: MODEL,
  dumps: MODEL,
  observe: [...MODEL, 'kernel', 'kube', 'dumps'],
  act: [...MODEL, 'core/advice', 'kube', 'kernel', 'protocol'],
  lab: ['core', 'sim', 'kernel', 'observe', 'act'],
  agent: PROGRAM,
  server: PROGRAM,
  web: ['core', 'present', 'protocol'],
  cli: PROGRAM,
};

/** Folders without Node, clock or chance: they run unchanged in a browser. */
export const PURE: readonly string[] = ['core', 'present', 'protocol', 'sim'];

/** Package to the folders that may import it. What is not here is imported nowhere in src/. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  koffi: ['kernel/netlink'],
  yaml: ['present', 'kube', 'dumps', 'cli'],
  valibot: ['kube', 'dumps', 'protocol', 'cli'],
  commander: ['cli'],
  '@commander-js/extra-typings': ['cli'],
  '@bomb.sh/tab': ['cli'],
};

/**
 * Folders and files that may use clocks, timers, chance and the environment. Programs wire them in main.ts; the lab is a
 * program whose traffic runs in real time. All others get them passed.
 */
export const WORLDLY: readonly RegExp[] = [/(^|\/)main\.ts$/, /^src\/lab\//];

/** Files that turn bytes, text or messages into types: only there may `as` say what a value is. */
export const DECODERS: readonly RegExp[] = [/\/(decode|parse)-[^/]+\.ts$/, /-(decoder|json|message|messages)\.ts$/];
