// cannot-tell: what would prove "fine" or a fault was not visible; names what is missing. Page: docs/checks/cannot-tell.md
import type { Gap, GapId } from '../../model/gap.ts';
import { formatRange, rangeContains } from '../../model/port-range.ts';
import { protocolName } from '../../model/protocol.ts';
import type { NodeContext, SpaceContext } from '../check-context.ts';
import { aboutNode, aboutSpace } from '../compose-finding.ts';
import { OCCUPANCY_GAPS } from '../confidence.ts';
import type { Finding } from '../finding.ts';
import { occupancyNumbers } from '../space-numbers.ts';
import { egressSample } from '../survey-flows.ts';
import { RACE_PROBES, RECYCLE_CHANCE, ROW_SHARE, WARNING_DROP } from '../thresholds.ts';
import { unexplainedLosses } from './race.ts';

/** Without these there is no evidence that ports suffice. */
const BLOCKING: ReadonlySet<GapId> = new Set(['flows', 'flows-incomplete', 'conntrack-absent', 'nat-rules']);

/** The verdict of a port space that looks fine, where something that could prove otherwise was not seen. */
export function checkCannotTell(context: SpaceContext): Finding | undefined {
  const { facts, pressure } = context;
  if (pressure.drop < WARNING_DROP && pressure.dropWithoutEviction >= WARNING_DROP && pressure.evicts === 'unknown')
    return eviction(context);
  const missing = facts.gaps.filter(
    ({ id }) =>
      BLOCKING.has(id) ||
      (id === 'flow-details' && recyclesBlindly(context)) ||
      (id === 'events' && growsBlindly(context)),
  );
  if (missing.length === 0) return undefined;
  return aboutSpace(context, {
    check: 'cannot-tell',
    severity: 'unknown',
    sentence: `${inSight(context)} towards this destination, but not enough was seen to be sure; missing: ${list(missing)}.`,
    numbers: occupancyNumbers(context),
    because: missing.map(reason),
    base: 'low',
    confidenceReason: 'what is missing could change the verdict',
    remedy: remedyFor(missing),
  });
}

/** Nobody calls a port space plentiful of which so much is in use. */
function inSight({ pressure }: SpaceContext): string {
  return pressure.livePorts >= ROW_SHARE * pressure.capacity ? 'Ports are left' : 'Ports look plentiful';
}

/** New flows take closing entries over, and who closed them first, or whether they may be taken over at all, was not read. */
function recyclesBlindly({ pressure }: SpaceContext): boolean {
  return pressure.takeover >= RECYCLE_CHANCE;
}

/** Enough ports are in use for growth to matter (checks/nearing), and nothing tells how fast more are taken. */
function growsBlindly({ facts, pressure }: SpaceContext): boolean {
  return facts.arrivals === undefined && pressure.livePorts >= ROW_SHARE * pressure.capacity;
}

function eviction(context: SpaceContext): Finding {
  const { facts, pressure } = context;
  return aboutSpace(context, {
    check: 'cannot-tell',
    severity: 'unknown',
    sentence:
      'Closed connections fill the ports towards this destination; whether new ones are lost depends on the kernel taking them over, which is not known here.',
    numbers: {
      ...occupancyNumbers(context),
      dropWithoutEviction: {
        value: pressure.dropWithoutEviction,
        unit: 'probability',
        source: 'computed from the port map',
      },
    },
    because: [
      'Linux 6.5 and later take TIME_WAIT entries over, most older kernels do not, and vendors backport: only a trial tells.',
    ],
    base: 'low',
    confidenceReason: 'what is missing could change the verdict',
    weights: OCCUPANCY_GAPS,
    alwaysGaps: ['kernel-behaviour'],
    remedy: facts.gaps.find(({ id }) => id === 'kernel-behaviour')?.remedy ?? 'portolan probe',
  });
}

/** What could not be judged about the node as a whole; empty when enough was seen. */
export function checkNodeCannotTell(context: NodeContext): readonly Finding[] {
  return [...blocked(context), ...unexplained(context)];
}

function blocked({ facts }: NodeContext): Finding[] {
  const missing = facts.gaps.filter(({ id }) => BLOCKING.has(id));
  const unread = facts.flowsSource === undefined && missing.length === 0;
  if (missing.length === 0 && !unread) return [];
  return [
    aboutNode(facts.gaps, {
      check: 'cannot-tell',
      severity: 'unknown',
      sentence: `Whether ports run out on this node cannot be told; missing: ${unread ? 'conntrack entries' : list(missing)}.`,
      because: missing.map(reason),
      base: 'low',
      confidenceReason: 'what is missing could change the verdict',
      weights: Object.fromEntries(missing.map(({ id }) => [id, 'low'])),
      alwaysGaps: unread ? ['flows'] : [],
      remedy: remedyFor(missing),
    }),
  ];
}

/** Losses that look like failed searches while no full port space is visible. */
function unexplained(context: NodeContext): Finding[] {
  const { counters, gaps } = context.facts;
  const lost = unexplainedLosses(context);
  if (counters === undefined || lost === 0 || counters.found / lost < RACE_PROBES) return [];
  return [
    aboutNode(gaps, {
      check: 'cannot-tell',
      severity: 'unknown',
      sentence:
        'Packets are being lost to failed port searches, but none of the port spaces seen is full: the full one was not visible.',
      numbers: {
        lostPerSecond: {
          value: lost / Math.max(counters.seconds, 0.001),
          unit: '1/s',
          source: 'insert_failed less chaintoolong',
        },
        probesPerLoss: { value: counters.found / lost, unit: 'probes', source: 'found over insert_failed' },
      },
      because: [
        'Each loss met as many occupied candidates as a whole search; a port space can fill and empty between the dump and the counters.',
      ],
      base: 'low',
      confidenceReason: 'what is missing could change the verdict',
      alwaysGaps: ['flows-incomplete'],
      remedy: 'portolan diagnose --explain',
    }),
  ];
}

/** What a node's verdict would be `fine` without, although whole checks had nothing to look at; undefined when none was idle. */
export function checkNodeUnasked(context: NodeContext): Finding | undefined {
  const { facts } = context;
  const idle = facts.gaps.filter((gap) => leavesCheckIdle(gap, facts));
  if (idle.length === 0) return undefined;
  return aboutNode(facts.gaps, {
    check: 'cannot-tell',
    severity: 'unknown',
    sentence: `Ports suffice in what was read. What would not show in it: ${faultsOf(idle)}.`,
    because: [...(idle.some(({ id }) => id === 'nat-rules-backend') ? strayPorts(context) : []), ...idle.map(reason)],
    base: 'low',
    confidenceReason: 'what is missing could change the verdict',
    alwaysGaps: [...new Set(idle.map(({ id }) => id))],
    remedy: remedyFor(idle),
  });
}

/** As effective-range.ts: a rule that ignores the usual range puts about half of its flows outside. */
const MANY_OUTSIDE = 0.25;
const ENOUGH_PORTS = 20;

/** Flows outside the range of the rules that were read: of another rule, or older than the range. */
function strayPorts({ ranges, survey }: NodeContext): readonly string[] {
  return ranges.flatMap(({ protocol, family, effective: { range, isDefault } }) => {
    const { ports } = egressSample(survey, { protocol, family });
    const outside = ports.filter((port) => !rangeContains(range, port)).length;
    if (isDefault || ports.length < ENOUGH_PORTS || outside < MANY_OUTSIDE * ports.length) return [];
    return [
      `${outside} of ${ports.length} ${protocolName(protocol)} flows looked at use a port outside ${formatRange(range)}: a rule that was not read takes them first, or they are older than the range.`,
    ];
  });
}

/** Lost packets and races, a full table, conflicts with sockets, conflicts and order of rules elsewhere. */
function leavesCheckIdle({ id }: Gap, { counters, table, claims }: NodeContext['facts']): boolean {
  if (id === 'counters') return counters === undefined;
  if (id === 'sysctls') return table === undefined;
  if (id === 'listeners') return !claims.some(({ kind }) => kind === 'listener');
  return id === 'nat-rules-backend';
}

/** What the idle checks would have found, in a person's words. */
const FAULTS: Readonly<Partial<Record<GapId, string>>> = {
  counters: 'packets that are lost',
  sysctls: 'a full conntrack table',
  listeners: 'conflicts with listening sockets',
};

function faultsOf(idle: readonly Gap[]): string {
  return [...new Set(idle.map(({ id, what }) => FAULTS[id] ?? what))].join(', ');
}

function list(gaps: readonly Gap[]): string {
  return [...new Set(gaps.map(({ what }) => what))].join(', ');
}

function reason(gap: Gap): string {
  return `${gap.what}: ${gap.why}. It weakens: ${gap.weakens}.`;
}

/** Commands that save a file each are worth typing together; of others the first. */
function remedyFor(gaps: readonly Gap[]): string | undefined {
  const remedies = [...new Set(gaps.flatMap(({ remedy }) => remedy ?? []))];
  const saving = remedies.filter((remedy) => remedy.includes(' > '));
  return saving.length > 1 ? saving.join('; ') : remedies[0];
}
