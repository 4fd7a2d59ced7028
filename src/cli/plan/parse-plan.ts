// Reads a saved plan back: the twin of src/present/plan/plan-document.ts. The file may have been edited or made by someone else.
import { MOST_FACTOR, PLAN_SCHEMA, REMEDY_KINDS, type Change, type Plan } from '../../core/advice/plan.ts';
import type { RangeLayerId } from '../../core/analysis/range-chain.ts';
import { NODE_PORT_PLANES } from '../../core/analysis/range-write.ts';
import { HOLD_PATTERNS } from '../../core/alloc/capacity/port-pool.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { familyOf, parseAddress } from '../../core/model/address.ts';
import type { GapId } from '../../core/model/gap.ts';
import type { NatOwner } from '../../core/model/nat-rule.ts';
import type { PortClaimKind } from '../../core/model/port-claim.ts';
import type { PortRange } from '../../core/model/port-range.ts';
import { protocolNumber } from '../../core/model/protocol.ts';
import {
  isObject,
  listOf,
  named,
  numberFrom,
  object,
  oneOf,
  optional,
  type Reader,
  script,
  text,
  valueThat,
  wholeFrom,
  wordOf,
  yesOrNo,
} from '../../protocol/parse-shape.ts';

const PROBLEMS_SHOWN = 10;
const MOST = 1e15;

const chance = numberFrom(0, 1);
const amount = numberFrom(0, MOST);
const port = wholeFrom(0, 65_535);
const sentences = listOf(text);
const ports = object({ first: named('firstPort', port), last: named('lastPort', port) });
const range: Reader<PortRange> = {
  read: (value, place) => {
    const read = ports.read(value, place);
    if (read.first > read.last)
      place.problems.push(
        `${place.path}: ${read.first}-${read.last}, wanted a range whose lastPort is not below its firstPort`,
      );
    return read;
  },
};
const answer = oneOf(['yes', 'no', 'unknown']);
const address = valueThat<string>(
  (value) => typeof value === 'string' && parseAddress(value) !== undefined,
  'an IP address',
);

const protocol: Reader<number> = {
  read: (value, place) => {
    const number = typeof value === 'string' ? (protocolNumber(value) ?? numericProtocol(value)) : undefined;
    if (number === undefined)
      place.problems.push(`${place.path}: ${JSON.stringify(value) ?? 'nothing'}, wanted tcp or udp`);
    return number ?? 0;
  },
};

function numericProtocol(name: string): number | undefined {
  return /^\d{1,3}$/.test(name) && Number(name) < 256 ? Number(name) : undefined;
}

const claimFields = { kind: wordOf<PortClaimKind>(), protocol, address: optional(text), owner: text, source: text };
const claim = {
  read: (value: unknown, place) => ({ ...object(claimFields).read(value, place), ports: range.read(value, place) }),
} satisfies Reader<unknown>;

const effect = object({
  capacityFlows: named('capacityFlowsPerNode', amount),
  capacityPerSecond: named('capacityFlowsPerSecond', optional(amount)),
  dropToday: named('dropProbabilityToday', chance),
  dropAtGoal: named('dropProbabilityAtGoal', chance),
  bearsFactor: named('bearsLoadFactor', numberFrom(0, MOST_FACTOR)),
});

const load = object({
  protocol,
  remoteAddress: address,
  remotePort: port,
  perSecond: named('newFlowsPerSecond', optional(amount)),
  holdSeconds: optional(amount),
  flows: amount,
  liveShare: named('liveShareOfHold', chance),
  pattern: named('holdPattern', oneOf(HOLD_PATTERNS)),
  remoteClosesFirst: named('remoteClosesFirstShare', optional(chance)),
});

const placement = object({
  nodes: wholeFrom(0, MOST),
  pods: optional(wholeFrom(0, MOST)),
  hottestShare: named('hottestNodeShare', chance),
  maxNodes: optional(wholeFrom(0, MOST)),
  surgePods: wholeFrom(0, MOST),
});

const behaviour = object({ search: oneOf(['windows', 'full-scan', 'unknown']), evictsClosing: answer });

const portFields = object({
  ranges: listOf(range),
  isDefault: named('isKernelDefault', yesOrNo),
  owner: wordOf<NatOwner>(),
  snatAddresses: wholeFrom(0, MOST),
  claims: listOf(claim),
  vxlan: optional(yesOrNo),
  nodePortRange: range,
  nodePortPlane: optional(oneOf(NODE_PORT_PLANES)),
  podCidrs: optional(listOf(text)),
  snatTo: optional(listOf(text)),
  spareAddresses: optional(listOf(text)),
});

const labels = valueThat<Readonly<Record<string, string>>>(
  (value) => isObject(value) && Object.values(value).every((label) => typeof label === 'string'),
  'labels',
);

const situation = object({
  subject: text,
  load: { read: (value: unknown, place) => withFamily(load.read(value, place)) } satisfies Reader<unknown>,
  placement,
  ports: {
    read: (value: unknown, place) => ({ ...portFields.read(value, place), behaviour: behaviour.read(value, place) }),
  } satisfies Reader<unknown>,
  timeWaitSeconds: amount,
  workload: optional(object({ namespace: text, name: text, kind: text, matchLabels: optional(labels) })),
  measuredDrop: named('dropProbabilityMeasured', optional(chance)),
  assumptions: sentences,
});

/** IPv4 where the address is no text: that is a problem of its own. */
function withFamily<Load extends { readonly remoteAddress: string }>(read: Load) {
  const bytes = typeof read.remoteAddress === 'string' ? parseAddress(read.remoteAddress) : undefined;
  return { ...read, family: bytes === undefined ? (4 as const) : familyOf(bytes) };
}

const CHANGES = {
  'nat-port-range': object({ kind: oneOf(['nat-port-range']), from: optional(range), to: range }),
  spread: object({
    kind: oneOf(['spread']),
    nodes: wholeFrom(0, MOST),
    podsPerNode: amount,
    replicas: optional(wholeFrom(0, MOST)),
    patch: valueThat<object>(isObject, 'an object'),
  }),
  'split-range': object({ kind: oneOf(['split-range']), parts: listOf(range), ruleset: script }),
  'more-addresses': object({
    kind: oneOf(['more-addresses']),
    addresses: wholeFrom(0, MOST),
    ruleset: optional(script),
  }),
  'hold-time': object({ kind: oneOf(['hold-time']), timeWaitSeconds: amount, ruleset: script }),
  'reuse-connections': object({
    kind: oneOf(['reuse-connections']),
    perSecond: named('newFlowsPerSecond', optional(amount)),
    heldAtOnce: amount,
    requestsPerConnection: amount,
  }),
  none: object({ kind: oneOf(['none']) }),
} as const;

const change: Reader<Change> = {
  read: (value, place) => {
    const kind = isObject(value) ? value['kind'] : undefined;
    const shape = typeof kind === 'string' && kind in CHANGES ? CHANGES[kind as keyof typeof CHANGES] : CHANGES.none;
    return shape.read(value, place) as Change;
  },
};

const conflictFields = object({ hurts: yesOrNo, truth: text, chance: named('chancePerNewFlow', chance) });

const remedy = object({
  id: wordOf<string>(),
  kind: oneOf(REMEDY_KINDS),
  standing: oneOf(['best', 'reaches-goal', 'helps', 'not-worth-it', 'not-possible']),
  rank: optional(wholeFrom(1, 1000)),
  title: text,
  change,
  effect,
  risks: sentences,
  conflicts: listOf({
    read: (value: unknown, place) => ({ claim: claim.read(value, place), ...conflictFields.read(value, place) }),
  } satisfies Reader<unknown>),
  preconditions: sentences,
  reasons: sentences,
  command: optional(script),
  undo: optional(script),
});

const plan: Reader<Plan> = object({
  schema: oneOf<typeof PLAN_SCHEMA>([PLAN_SCHEMA]),
  at: text,
  goal: object({ targetDrop: named('dropProbability', chance), loadFactor: amount }),
  situation,
  today: effect,
  remedies: listOf(remedy),
  whatIfs: listOf(object({ title: text, effect, notes: sentences })),
  conclusion: text,
  goalReached: yesOrNo,
  gaps: listOf(object({ id: wordOf<GapId>(), what: text, why: text, weakens: text, remedy: optional(text) })),
  cluster: optional(
    object({
      context: text,
      nodes: listOf(text),
      layers: listOf(object({ layer: wordOf<RangeLayerId>(), place: text, nodes: wholeFrom(0, MOST) })),
    }),
  ),
  next: text,
});

/** The plan in a file's text; `name` is what the file is called in messages. Errors: PTL_PLAN_FILE. */
export function parsePlan(json: string, name: string): Plan {
  const document = parseJson(json, name);
  const schema = isObject(document) ? document['schema'] : undefined;
  if (schema !== PLAN_SCHEMA) throw notAPlan(name, schema);
  const problems: string[] = [];
  const read = plan.read(document, { path: '', problems });
  if (problems.length === 0) return read;
  const more = problems.length > PROBLEMS_SHOWN ? [`and ${problems.length - PROBLEMS_SHOWN} more`] : [];
  throw new PortolanError(
    'PTL_PLAN_FILE',
    [...problems.slice(0, PROBLEMS_SHOWN).map((problem) => `Cannot read ${name}: ${problem}`), ...more].join('\n'),
    { hint: 'it was changed after it was saved: make it again with portolan plan --out' },
  );
}

/** Whether a text is a plan of any version; what is none is never overwritten. */
export function isPlanText(json: string): boolean {
  try {
    const document: unknown = JSON.parse(json);
    return (
      isObject(document) &&
      typeof document['schema'] === 'string' &&
      /^portolan\.dev\/plan\/v\d+$/.test(document['schema'])
    );
  } catch {
    return false;
  }
}

function parseJson(json: string, name: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new PortolanError('PTL_PLAN_FILE', `Cannot read ${name}: not JSON, wanted a plan saved with --out`);
  }
}

function notAPlan(name: string, schema: unknown): PortolanError {
  const isNewer = typeof schema === 'string' && /^portolan\.dev\/plan\/v\d+$/.test(schema);
  const given = isNewer ? schema : `not a plan${typeof schema === 'string' ? ' but another document' : ''}`;
  return new PortolanError('PTL_PLAN_FILE', `Cannot read ${name}: ${given}, wanted ${PLAN_SCHEMA}`, {
    hint: isNewer ? 'a newer portolan saved it: print it with that one' : 'portolan plan --out plan.json saves a plan',
  });
}
