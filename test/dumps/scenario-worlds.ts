// Two nodes that give the very same `conntrack -L` and iptables-save and are not in the same state: proof that no reader of these two
// files can know which it is. What else the nodes show is read by the product itself, from further files or from a bundle.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diagnose } from '../../src/core/analysis/diagnose.ts';
import type { Diagnosis } from '../../src/core/analysis/diagnosis.ts';
import type { FlowArrivals } from '../../src/core/model/churn.ts';
import { FIXED_TIMEOUT, REMOTE_CLOSED_FIRST } from '../../src/core/model/flow-status.ts';
import { FlowTable } from '../../src/core/model/flow-table.ts';
import type { GapId } from '../../src/core/model/gap.ts';
import type { NodeFacts } from '../../src/core/model/node-facts.ts';
import { CLOSE, TIME_WAIT } from '../../src/core/model/tcp-state.ts';
import { observeFiles } from '../../src/observe/files/observe-files.ts';
import { bundleBytes } from '../bundle/bundle-fixture.ts';

export interface SeenScenario {
  /** With flows.txt, rules.txt, nft.json, ss.txt and sysctl.txt of the node. */
  readonly folder: string;
  readonly live: NodeFacts;
}

/** One state of the node: names of files in place of the usual ones, and what only a bundle can say. */
interface World {
  readonly nft?: string;
  readonly sysctl?: string;
  readonly counters?: string;
  readonly bundled?: Partial<Pick<NodeFacts, 'behaviour' | 'arrivals'>> & {
    /** Set on every closing entry, which `conntrack -L` prints the same with and without. */
    readonly closingStatus?: number;
  };
}

type TwoWorlds = (seen: SeenScenario) => readonly [World, World];

const LOSING = { counters: 'losing.txt' };
/** As many entries as `conntrack -L` lists: nearly all that a small limit allows, nothing beside a large one. */
const FULL: TwoWorlds = ({ folder }) => [withLimit(folder, 'large'), withLimit(folder, 'small')];
const NO_ARRIVALS: FlowArrivals = { seconds: 2, portSpaces: [], total: 0, ended: 0, lossy: false };

/** What decides, for each scenario that two files cannot tell: the world that was staged, then another one. */
export const WORLDS: Readonly<Record<string, TwoWorlds>> = {
  healthy: FULL,
  'many-destinations': FULL,
  'no-range': FULL,
  'nodeport-equals-snat-port': FULL,
  'host-listener-equals-snat-port': FULL,
  'confirm-race': () => [LOSING, {}],
  'table-nearly-full': ({ folder }) => [withLimit(folder, 'small'), withLimit(folder, 'large')],
  'nodeport-same-remote-tuple': ({ folder }) => {
    const ruleset: { readonly nftables: readonly object[] } = JSON.parse(
      readFileSync(join(folder, 'nft.json'), 'utf8'),
    );
    const without = ruleset.nftables.filter((each) => !JSON.stringify(each).includes('30060'));
    writeFileSync(join(folder, 'other-nft.json'), JSON.stringify({ nftables: without }));
    return [{}, { nft: 'other-nft.json' }];
  },
  'untracked-vxlan-port': () => [{}, { nft: 'no-nft.json' }],
  'rules-in-wrong-order': () => [{}, { nft: 'no-nft.json' }],
  filling: ({ live }) => [{ bundled: { arrivals: live.arrivals } }, { bundled: { arrivals: NO_ARRIVALS } }],
  'time-wait-evicting': ({ live }) => evicting(live, ['yes', 'no']),
  'time-wait-old-kernel': ({ live }) => {
    const { behaviour, arrivals } = live;
    const known = { behaviour: { ...behaviour, evictsClosing: 'yes' as const }, arrivals };
    return [{ bundled: { ...known, closingStatus: FIXED_TIMEOUT } }, { bundled: known }];
  },
  paws: ({ live: { behaviour, arrivals } }) => {
    const known = { behaviour: { ...behaviour, evictsClosing: 'yes' as const }, arrivals };
    return [{ bundled: { ...known, closingStatus: REMOTE_CLOSED_FIRST } }, { bundled: known }];
  },
};

function withLimit(folder: string, size: 'small' | 'large'): World {
  const entries = readFileSync(join(folder, 'flows.txt'), 'utf8').split('\n').length - 1;
  const limit = size === 'small' ? Math.ceil(entries / 0.94) : 2_097_152;
  const text = readFileSync(join(folder, 'sysctl.txt'), 'utf8')
    .replace(/^(net\.netfilter\.nf_conntrack_count = ).*$/m, `$1${entries}`)
    .replace(/^(net\.(?:netfilter\.nf|nf)_conntrack_max = ).*$/gm, `$1${limit}`);
  const name = `${size}-limit.txt`;
  writeFileSync(join(folder, name), text);
  return { sysctl: name };
}

function evicting({ behaviour, arrivals }: NodeFacts, answers: readonly ['yes' | 'no', 'yes' | 'no']) {
  const [one, other] = answers.map(
    (evictsClosing): World => ({
      bundled: { behaviour: { ...behaviour, evictsClosing }, arrivals },
    }),
  );
  return [one ?? {}, other ?? {}] as const;
}

const counters = ({ lost }: { readonly lost: number }): string =>
  `cpu=0 found=0 invalid=0 insert=0 insert_failed=${lost} drop=${lost} early_drop=0 error=0 search_restart=0 clash_resolve=0 chaintoolong=0\n`;

/** What `conntrack -S` says before and after a minute. */
function minute(after: { readonly lost: number }): string {
  return `1700000000\n${counters({ lost: 0 })}1700000060\n${counters(after)}`;
}

/** The diagnosis of each world; the two files are the same in both. */
export async function diagnoseWorlds(scenario: string, seen: SeenScenario): Promise<readonly Diagnosis[]> {
  const { folder } = seen;
  const worlds = WORLDS[scenario]?.(seen) ?? [];
  writeFileSync(join(folder, 'quiet.txt'), minute({ lost: 0 }));
  writeFileSync(join(folder, 'losing.txt'), minute({ lost: 6000 }));
  writeFileSync(
    join(folder, 'no-nft.json'),
    '{"nftables": [{"metainfo": {"version": "1.0.6", "json_schema_version": 1}}]}',
  );
  const diagnoses: Diagnosis[] = [];
  for (const world of worlds) diagnoses.push(diagnose(await factsIn(world, seen)));
  return diagnoses;
}

async function factsIn(
  { nft = 'nft.json', sysctl = 'sysctl.txt', counters: losses = 'quiet.txt', bundled }: World,
  { folder }: SeenScenario,
): Promise<NodeFacts> {
  const facts = await read(folder, ['flows.txt', 'rules.txt', 'ss.txt', nft, sysctl, losses]);
  if (bundled === undefined) return facts;
  writeFileSync(join(folder, 'world.tgz'), bundleBytes([withBundled(facts, bundled)]));
  return read(folder, ['world.tgz']);
}

function read(folder: string, names: readonly string[]): Promise<NodeFacts> {
  return observeFiles({
    paths: names.map((name) => join(folder, name)),
    at: '2026-11-22T15:00:00.000Z',
    readStdin: () => Promise.reject(new Error('no file is stdin')),
  });
}

const BUNDLED_GAPS: ReadonlySet<GapId> = new Set(['events', 'kernel-behaviour', 'flow-details']);

function withBundled(facts: NodeFacts, { closingStatus = 0, ...known }: NonNullable<World['bundled']>): NodeFacts {
  return {
    ...facts,
    ...known,
    flows: withClosingStatus(facts.flows, closingStatus),
    gaps: facts.gaps.filter(({ id }) => !BUNDLED_GAPS.has(id)),
  };
}

function withClosingStatus({ flows, ...table }: FlowTable, bits: number): FlowTable {
  const status = flows.status.map((before, row) => {
    const state = flows.tcpState[row];
    return state === TIME_WAIT || state === CLOSE ? before | bits : before;
  });
  return new FlowTable({ ...table, flows: { ...flows, status } });
}
