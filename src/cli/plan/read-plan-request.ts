// Reads the flags of `portolan plan`; everything that is wrong with them, and with them together, is said at once.
import type { WhatIfRequest } from '../../core/advice/plan.ts';
import { chooseTarget, type TargetSigns } from '../cluster/choose-target.ts';
import { readClusterChoice, readClusterReach } from '../cluster/cluster-flags.ts';
import { dashed } from '../flags/dashed.ts';
import type { FlagReader } from '../flags/flag-reader.ts';
import { CHANCE, CIDR, countForm, FACTOR, HOLD, RATE } from './figure-forms.ts';
import { DESTINATION } from './parse-destination.ts';
import { PORT_LIST } from './parse-port-list.ts';
import { KERNEL, MOST_ADDRESSES, MOST_NODES, MOST_PODS, parseWhatIf, RANGE, WHAT_IF_WANTED } from './parse-what-if.ts';
import { NAMESPACE, WORKLOAD } from './parse-workload.ts';
import type { ClusterFigures, LoadFigures, PlanRequest, PlanSource } from './plan-request.ts';

const WINDOW_SECONDS = 2;
const DEFAULT_TARGET = 0.001;
const DEFAULT_LOAD = 2;
const MOST_WHAT_IFS = 10;
const MOST_CONNECTIONS = 100_000_000;
const MOST_SPACE = 256;

/** Flags, camel-cased, that a node answers itself: only for figures. Each has a what-if of the same name. */
const FIGURE_FLAGS = ['hold', 'live', 'natPortRange', 'addresses', 'kernel'];
const LOAD_FLAGS = ['rate', 'connections', ...FIGURE_FLAGS];
const CLUSTER_FLAGS = ['nodes', 'pods', 'maxNodes', 'surge', 'vxlan', 'closes', 'podCidr', 'skipPorts', 'workload'];
const NODE_FLAGS = ['for', 'netns', 'space', 'local'];
/** Which cluster, and how it is reached. */
const REACH_FLAGS = ['kubeconfig', 'context', 'node', 'execPod', 'concurrency', 'timeout'];

/** What beside the flags decides whether a cluster is looked at. */
type Environment = Pick<TargetSigns, 'variables' | 'platform'>;
const NO_CLUSTER: Environment = { variables: {}, platform: 'linux' };

/** Errors: PTL_USAGE with all problems. */
export function readPlanRequest(flags: FlagReader, environment: Environment = NO_CLUSTER): PlanRequest {
  const request = {
    source: readSource(flags, environment),
    goal: {
      targetDrop: flags.value('target', CHANCE) ?? DEFAULT_TARGET,
      loadFactor: flags.value('load', FACTOR) ?? DEFAULT_LOAD,
    },
    whatIfs: readWhatIfs(flags),
    ...given('out', flags.text('out', 'the path of a file, for example plan.json')),
    explain: flags.isSet('explain'),
  };
  flags.finish();
  return request;
}

function readSource(flags: FlagReader, environment: Environment): PlanSource {
  if (flags.isGiven('from')) return readSaved(flags);
  if (flags.isGiven('rate') || flags.isGiven('connections')) return readFigures(flags);
  for (const name of FIGURE_FLAGS.filter((flag) => flags.isGiven(flag)))
    flags.problem(
      `Cannot read ${dashed(name)}: given without --rate or --connections, wanted one of them too, or for a look at this node: --what-if ${name}=...`,
    );
  return readLive(flags, environment);
}

/** A saved plan is printed as it is: whatever would change it is refused. */
function readSaved(flags: FlagReader): PlanSource {
  refuse(flags, {
    names: [
      ...LOAD_FLAGS,
      ...CLUSTER_FLAGS,
      ...NODE_FLAGS,
      ...REACH_FLAGS,
      'destination',
      'namespace',
      'target',
      'load',
      'whatIf',
    ],
    wanted: 'none with --from, which prints a plan as it was saved',
  });
  return { kind: 'saved', path: flags.text('from', 'the path of a saved plan, for example plan.json') ?? '' };
}

function readLive(flags: FlagReader, environment: Environment): PlanSource {
  const destination = flags.value('destination', DESTINATION);
  const space = flags.value('space', countForm(1, MOST_SPACE));
  if (destination !== undefined && space !== undefined)
    flags.problem(`Cannot read --space: ${space}, wanted either --space or --destination`);
  const files = flags.operandsLeft();
  if (files.length > 0)
    refuse(flags, { names: ['for', 'netns'], wanted: 'none with files, which show the moment they were saved' });
  const netns = flags.text('netns', 'the path of a network namespace, for example /run/netns/blue');
  const common = {
    windowSeconds: flags.seconds('for', WINDOW_SECONDS),
    ...given('space', space),
    ...given('destination', destination),
    cluster: readCluster(flags),
  };
  const { target, problems } = chooseTarget({ ...signsOf(flags), hasFiles: files.length > 0, ...environment });
  for (const problem of problems) flags.problem(problem);
  if (target === 'cluster')
    return { kind: 'cluster', ...common, choice: readClusterChoice(flags), reach: readPlanReach(flags) };
  return { kind: 'node', ...common, ...given('netns', netns), ...given('files', files.length > 0 ? files : undefined) };
}

/** `--max-nodes` of a plan is another one: all nodes are read. */
function readPlanReach(flags: FlagReader) {
  const { maxNodes: _, ...reach } = readClusterReach(flags);
  return reach;
}

function signsOf(flags: FlagReader) {
  return {
    nodeFlags: ['netns', 'local'].filter((name) => flags.isGiven(name)).map(dashed),
    clusterFlags: REACH_FLAGS.filter((name) => flags.isGiven(name)).map(dashed),
  };
}

function readFigures(flags: FlagReader): PlanSource {
  refuse(flags, {
    names: [...NODE_FLAGS, ...REACH_FLAGS],
    wanted: 'none with figures of the load: then no node is read',
  });
  const destination = flags.value('destination', DESTINATION);
  if (!flags.isGiven('destination'))
    flags.problem(`Cannot read --destination: nothing given, wanted ${DESTINATION.wanted}`);
  return {
    kind: 'figures',
    // Never used when missing: finish() throws.
    destination: destination ?? { protocol: 0, family: 4, remoteAddress: '', remotePort: 0 },
    load: readLoad(flags),
    cluster: readCluster(flags),
  };
}

function readLoad(flags: FlagReader): LoadFigures {
  const load: LoadFigures = {
    ...given('perSecond', flags.value('rate', RATE)),
    ...given('holdSeconds', flags.value('hold', HOLD)),
    ...given('liveSeconds', flags.value('live', HOLD)),
    ...given('connections', flags.value('connections', countForm(1, MOST_CONNECTIONS))),
    ...given('range', flags.value('natPortRange', RANGE)),
    ...given('addresses', flags.value('addresses', countForm(1, MOST_ADDRESSES))),
    ...given('behaviour', flags.value('kernel', KERNEL)),
  };
  checkLoad(flags, load);
  return load;
}

function checkLoad(flags: FlagReader, { holdSeconds, liveSeconds }: LoadFigures): void {
  const [hasRate, hasConnections] = [flags.isGiven('rate'), flags.isGiven('connections')];
  if (hasRate && hasConnections)
    flags.problem(
      'Cannot read --connections: given with --rate, wanted either: new ones a second, or those open at once',
    );
  if (!hasRate && flags.isGiven('live')) flags.problem('Cannot read --live: given without --rate, wanted both');
  if (liveSeconds !== undefined && holdSeconds !== undefined && liveSeconds > holdSeconds)
    flags.problem(`Cannot read --live: ${liveSeconds}s, wanted at most --hold, which is ${holdSeconds}s`);
}

function readCluster(flags: FlagReader): ClusterFigures {
  const closes = flags.isGiven('closes') ? flags.choice('closes', ['client', 'server'], 'client') : undefined;
  const cluster: ClusterFigures = {
    ...given('nodes', flags.value('nodes', countForm(1, MOST_NODES))),
    ...given('pods', flags.value('pods', countForm(1, MOST_PODS))),
    ...given('maxNodes', flags.value('maxNodes', countForm(1, MOST_NODES))),
    ...given('surgePods', flags.value('surge', countForm(0, MOST_PODS))),
    ...given('vxlan', flags.either('vxlan')),
    ...given('remoteClosesFirst', closes === undefined ? undefined : closes === 'server' ? 1 : 0),
    ...given('podCidr', flags.value('podCidr', CIDR)),
    ...given('skipPorts', flags.value('skipPorts', PORT_LIST)),
    ...given('workload', readWorkload(flags)),
  };
  const { nodes, maxNodes } = cluster;
  if (nodes !== undefined && maxNodes !== undefined && maxNodes < nodes)
    flags.problem(`Cannot read --max-nodes: ${maxNodes}, wanted at least --nodes, which is ${nodes}`);
  return cluster;
}

function readWorkload(flags: FlagReader): ClusterFigures['workload'] {
  const workload = flags.value('workload', WORKLOAD);
  const namespace = flags.value('namespace', NAMESPACE);
  if (flags.isGiven('namespace') && !flags.isGiven('workload'))
    flags.problem(
      'Cannot read --namespace: given without --workload, wanted both, for example --workload deployment/checkout',
    );
  return workload === undefined ? undefined : { namespace: namespace ?? 'default', ...workload };
}

function readWhatIfs(flags: FlagReader): WhatIfRequest[] {
  const texts = flags.texts('whatIf', WHAT_IF_WANTED);
  if (texts.length > MOST_WHAT_IFS)
    flags.problem(`Cannot read --what-if: ${texts.length} of them, wanted at most ${MOST_WHAT_IFS}`);
  return texts.flatMap((text) => {
    const read = parseWhatIf(text);
    if ('title' in read) return [read];
    for (const problem of read) flags.problem(problem);
    return [];
  });
}

function refuse(flags: FlagReader, { names, wanted }: { names: readonly string[]; wanted: string }): void {
  for (const name of names.filter((flag) => flags.isGiven(flag)))
    flags.problem(`Cannot read ${dashed(name)}: given, wanted ${wanted}`);
}

/** The key only where there is a value: absent is not undefined (exactOptionalPropertyTypes). */
function given<Name extends string, Value>(name: Name, value: Value | undefined): { readonly [name in Name]?: Value };
function given(name: string, value: unknown): object {
  return value === undefined ? {} : { [name]: value };
}
