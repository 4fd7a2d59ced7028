// The line of `portolan apply`, read and checked: what is to be changed, how carefully, and who says yes.
import { VERIFY_LEVELS, type VerifyLevel } from '../../core/advice/change/change.ts';
import { readAgentChoice } from '../cluster/cluster-flags.ts';
import type { FlagReader } from '../flags/flag-reader.ts';
import { clusterFlags, ID_WANTED, parseChangeId, readTimeout } from './cluster-flags.ts';
import type { ClusterRequest } from './cluster-session.ts';

export interface RangeSource {
  readonly kind: 'range';
  /** FIRST:LAST as typed. */
  readonly range: string;
  readonly nodes: readonly string[];
  /** Labels of nodes, as kubectl takes them. */
  readonly selector: string | undefined;
  readonly configuration: string | undefined;
}

export type ApplySource =
  | RangeSource
  | { readonly kind: 'repair'; readonly range: string | undefined }
  | { readonly kind: 'plan'; readonly path: string; readonly rank: number }
  | { readonly kind: 'resume'; readonly id: string };

export interface ApplyRequest extends ClusterRequest {
  readonly source: ApplySource;
  readonly canary: string | undefined;
  /** 0: no batches. */
  readonly batchSize: number;
  readonly verify: VerifyLevel;
  readonly timeoutSeconds: number;
  readonly accepted: readonly string[];
  readonly dryRun: 'none' | 'client' | 'server';
  readonly isConfirmed: boolean;
  readonly takesOver: boolean;
}

const MOST_BATCH = 1000;

/** Errors: PTL_USAGE. */
export function readApplyRequest(flags: FlagReader): ApplyRequest {
  const request: ApplyRequest = {
    source: sourceOf(flags),
    canary: flags.text('canary', 'the name of a node'),
    batchSize:
      flags.value('batchSize', { parse: batchSize, wanted: `a number from 1 to ${MOST_BATCH}, or none` }) ?? 10,
    verify: flags.choice('verify', VERIFY_LEVELS, 'rules'),
    timeoutSeconds: readTimeout(flags),
    accepted: flags.texts('acceptConflict', 'the name of a conflict, as the preview prints it'),
    dryRun: flags.choice('dryRun', ['none', 'client', 'server'], 'none'),
    isConfirmed: flags.isSet('yes'),
    takesOver: flags.isSet('takeOver'),
    choice: readAgentChoice(flags),
    ...clusterFlags(flags),
  };
  flags.finish();
  return request;
}

function batchSize(text: string): number | undefined {
  if (text === 'none') return 0;
  const size = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return size >= 1 && size <= MOST_BATCH ? size : undefined;
}

function sourceOf(flags: FlagReader): ApplySource {
  const range = flags.text('natPortRange', 'FIRST:LAST, for example 4790:65535');
  const id = flags.value('resume', { parse: parseChangeId, wanted: ID_WANTED });
  const nodes = flags.texts('node', 'the name of a node');
  const selector = flags.text('selector', 'labels, for example pool=egress');
  const configuration = flags.text('configuration', 'the name of a FelixConfiguration');
  const [plan] = flags.operandsLeft(1);
  const isRepair = flags.isSet('repair');
  const given = [plan, flags.isGiven('resume') ? '--resume' : undefined, isRepair ? '--repair' : undefined];
  const sources = given.filter((each) => each !== undefined);
  if (sources.length > 1 || (range !== undefined && sources.length === 1 && !isRepair))
    flags.problem(
      `Cannot apply ${[...sources, ...(range === undefined ? [] : ['--nat-port-range'])].join(' and ')}: wanted one of them`,
    );
  const places = [nodes.length > 0 || selector !== undefined, configuration !== undefined].filter(Boolean).length;
  if (places > 1) flags.problem('Cannot read --configuration: nodes are given too, wanted one or the other');
  if (id !== undefined) return { kind: 'resume', id };
  if (isRepair) return { kind: 'repair', range };
  if (plan !== undefined) return planSource(plan, flags);
  if (range === undefined && !flags.isGiven('resume') && !flags.isGiven('natPortRange'))
    flags.problem('Cannot tell what to apply: nothing given, wanted --nat-port-range FIRST:LAST or a saved plan');
  return { kind: 'range', range: range ?? '', nodes, selector, configuration };
}

/** `plan.json#2`. */
function planSource(given: string, flags: FlagReader): ApplySource {
  const match = /^(.*?)(?:#(\d{1,3}))?$/s.exec(given);
  const [, path = '', rank = '1'] = match ?? [];
  if (path === '' || Number(rank) < 1)
    flags.problem(
      `Cannot read PLAN: ${given === '' ? '"" given' : given}, wanted the path of a saved plan, with #N for its remedy N`,
    );
  return { kind: 'plan', path, rank: Number(rank) };
}
