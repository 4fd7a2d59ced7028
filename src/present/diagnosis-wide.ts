// The diagnosis in the kernel's words: every column, every state, every rule. Lines are as long as they need to be.
import type { Diagnosis, PortSpaceVerdict } from '../core/analysis/diagnosis.ts';
import { formatRange } from '../core/model/port-range.ts';
import { protocolName } from '../core/model/protocol.ts';
import { kernelBehaviourWords } from './behaviour-text.ts';
import { formatClaimInRange } from './claim-text.ts';
import { layoutColumns } from './column-layout.ts';
import { confidenceText, nextLine } from './diagnosis-footer.ts';
import { formatSeconds } from './duration-text.ts';
import { fullName } from './holder-text.ts';
import { formatLeftOut, type SelectedDiagnosis } from './left-out.ts';
import { type Line, paintLines } from './line.ts';
import { formatCount, formatInteger, formatNumber } from './number-text.ts';
import { oneInN } from './one-in-n.ts';
import { sourceShares } from './port-space-text.ts';
import { formatQuantities } from './quantity-text.ts';
import { formatRule } from './rule-text.ts';
import { commandText, type Style } from './style.ts';

const SOURCES_SHOWN = 8;
const NOT_KNOWN = '-';
const COLUMNS = [
  '',
  'VERDICT',
  'PROTO',
  'REMOTE',
  'SNAT-ADDRESS',
  'ZONE',
  'RANGE',
  'USED',
  'LIVE',
  'CLOSING',
  'EVICTABLE',
  'CAPACITY',
  'P(DROP)',
  'P(DROP)-NO-EVICT',
  'NEW/S',
  'FITS/S',
  'HOLD',
  'FULL-IN',
];
const RIGHT = [5, 7, 8, 9, 10, 11, 14, 15, 16, 17];

/** The diagnosis as wide tables and full lists. */
export function formatDiagnosisWide(diagnosis: SelectedDiagnosis, style: Style): string {
  const lines = [
    ...headLines(diagnosis),
    ...tableLines(diagnosis, style),
    ...section('States and sources', diagnosis.portSpaces.map(stateLine)),
    ...section('Findings', findingLines(diagnosis, style)),
    ...section('SNAT rules, in the order the kernel tries them', diagnosis.rules.map(formatRule)),
    ...section(
      'Claims inside the range',
      diagnosis.claims.map((claim) => `${formatClaimInRange(claim)} [${claim.claim.source}]`),
    ),
    ...section('Counters', counterLines(diagnosis)),
    ...section(
      'Gaps',
      diagnosis.gaps.map((gap) => `${gap.id}: ${gap.what} (${gap.why}); weakens ${gap.weakens}`),
    ),
    { text: '' },
    { text: confidenceText(diagnosis) },
    nextLine(diagnosis, style),
  ];
  return paintLines(lines, style.palette);
}

function headLines({ node, addresses, at, behaviour, totals }: Diagnosis): Line[] {
  const rate = totals.newPerSecond === undefined ? '' : `, ${formatNumber(totals.newPerSecond)} NEW/s`;
  return [
    { text: `${node}  ${addresses.join(', ')}  ${at}`, tone: 'strong', tonedCharacters: node.length },
    { text: kernelBehaviourWords(behaviour) },
    { text: `${formatCount(totals.flows, 'flow')} in ${formatCount(totals.portSpaces, 'port space')}${rate}` },
    { text: '' },
  ];
}

function tableLines({ portSpaces, quiet, leftOut = [] }: SelectedDiagnosis, style: Style): Line[] {
  const rows = portSpaces.map((verdict) => wideRow(verdict, style));
  const table = portSpaces.length === 0 ? [] : layoutColumns([COLUMNS, ...rows], { right: RIGHT });
  const lines = table.map((text, index): Line => {
    const verdict = portSpaces[index - 1];
    return verdict === undefined ? { text } : { text, tone: verdict.severity, tonedCharacters: 1 };
  });
  return [
    ...lines,
    ...leftOut.map((item): Line => ({ text: `${style.symbols.unknown} ${formatLeftOut(item)}`, tone: 'unknown' })),
    {
      text: `${formatCount(quiet.count, 'port space')} without a row, highest share ${formatNumber(quiet.highestShare * 100)} %`,
    },
  ];
}

function wideRow(verdict: PortSpaceVerdict, style: Style): string[] {
  const { portSpace, effective } = verdict;
  const host = portSpace.remoteAddress.includes(':') ? `[${portSpace.remoteAddress}]` : portSpace.remoteAddress;
  const integers = [
    verdict.usedPorts,
    verdict.livePorts,
    verdict.closingPorts,
    verdict.evictablePorts,
    verdict.capacityPorts,
  ];
  return [
    style.symbols[verdict.severity],
    verdict.findings[0]?.check ?? 'fine',
    protocolName(portSpace.protocol),
    portSpace.remotePort === 0 ? host : `${host}:${portSpace.remotePort}`,
    portSpace.snatAddress,
    String(portSpace.zone),
    `${formatRange(effective.range)}${effective.isDefault ? '(default)' : ''}`,
    ...integers.map(formatInteger),
    probability(verdict.dropProbability),
    probability(verdict.dropProbabilityWithoutEviction),
    optional(verdict.newPerSecond, formatNumber),
    optional(verdict.sustainablePerSecond, formatNumber),
    optional(verdict.holdSeconds, formatSeconds),
    optional(verdict.fullInSeconds, formatSeconds),
  ];
}

function probability(value: number): string {
  return value === 0 ? '0' : `${value.toExponential(1)} (${oneInN(value)})`;
}

function optional(value: number | undefined, format: (value: number) => string): string {
  return value === undefined ? NOT_KNOWN : format(value);
}

function stateLine(verdict: PortSpaceVerdict): string {
  const { portSpace, states, release, sources } = verdict;
  const counts = Object.entries(states).map(([state, count]) => `${state} ${formatInteger(count)}`);
  const free =
    release === undefined
      ? ''
      : `; ${formatInteger(release.ports)} expire in ${formatSeconds(release.firstSeconds)} / ${formatSeconds(release.medianSeconds)} / ${formatSeconds(release.lastSeconds)} (first/median/last)`;
  const who = sources.length === 0 ? '' : `; sources: ${sourceShares(sources, SOURCES_SHOWN)}`;
  const holders =
    verdict.holders === undefined
      ? ''
      : `; holders: ${verdict.holders.map((share) => `${fullName(share)} ${formatInteger(share.ports)}`).join(', ')}`;
  return `${protocolName(portSpace.protocol)} ${portSpace.remoteAddress} ${portSpace.remotePort}: ${counts.join(', ')}${free}${who}${holders}`;
}

function findingLines({ portSpaces, findings }: Diagnosis, style: Style): string[] {
  const all = [...findings, ...portSpaces.flatMap((space) => space.findings)];
  return all.map((finding) => {
    const numbers = formatQuantities(finding);
    const helps = finding.remedy === undefined ? '' : `; what helps: ${commandText(finding.remedy, style)}`;
    return `${style.symbols[finding.severity]} ${finding.check} (confidence ${finding.confidence}): ${finding.sentence}${numbers === '' ? '' : ` [${numbers}]`}${helps}`;
  });
}

function counterLines({ counters, table }: Diagnosis): string[] {
  const use =
    table === undefined
      ? []
      : [`nf_conntrack_count ${formatInteger(table.count)} of nf_conntrack_max ${formatInteger(table.max)}`];
  if (counters === undefined) return use;
  const { seconds, found, invalid, insertFailed, drop, earlyDrop, chainTooLong, clashResolve } = counters;
  const values = {
    found,
    invalid,
    insert_failed: insertFailed,
    drop,
    early_drop: earlyDrop,
    chaintoolong: chainTooLong,
    clash_resolve: clashResolve,
  };
  const text = Object.entries(values).map(
    ([name, value]) => `${name} ${value === undefined ? NOT_KNOWN : `+${formatInteger(value)}`}`,
  );
  return [...use, `in ${formatSeconds(seconds)}: ${text.join(', ')}`];
}

function section(title: string, items: readonly string[]): Line[] {
  return items.length === 0
    ? []
    : [{ text: '' }, { text: `${title}:`, tone: 'strong' }, ...items.map((text) => ({ text: `  ${text}` }))];
}
