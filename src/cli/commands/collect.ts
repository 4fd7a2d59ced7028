// portolan collect: read this node or a cluster as diagnose does, write what was read into one file.
import { shellWord } from '../../core/advice/shell-word.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { Gap } from '../../core/model/gap.ts';
import type { WrittenBundle } from '../../dumps/bundle/bundle-writer.ts';
import { worldOf } from '../cluster/cluster-world.ts';
import { checkBundleFile, writeBundleFile } from '../collect/bundle-file.ts';
import type { MakeBundleOptions } from '../collect/bundle-maker.ts';
import { collectLines } from '../collect/collect-lines.ts';
import { type CollectRequest, readCollectRequest, STDOUT } from '../collect/collect-request.ts';
import { keyedHash } from '../collect/redaction-key.ts';
import type { CommandInput } from '../command-spec.ts';
import { COULD_NOT_MEASURE, FINE } from '../exit-code.ts';
import { packageVersion } from '../package-version.ts';
import { withProgress } from '../progress-line.ts';

interface Read {
  readonly bundle: WrittenBundle;
  readonly gaps: readonly Gap[];
  readonly leftOut: number;
}

/** @returns 0; 3 when no flow of any node could be read. Errors: PTL_USAGE, PTL_BUNDLE, and those of a look. */
export async function runCollect(input: CommandInput): Promise<number> {
  const request = readCollectRequest(input);
  const { wallClock, stdout, stderr, randomBytes } = input.surroundings;
  if (request.out !== undefined && request.out !== STDOUT) checkBundleFile({ path: request.out, force: request.force });
  const redactBy = request.redact ? keyedHash(request.redactKey, { randomBytes }) : undefined;
  const options = { at: wallClock(), tool: `portolan ${packageVersion()}`, redactBy };
  const read = await (request.isCluster ? readCluster(input, request, options) : readNode(input, request, options));
  const path = pathOf(request, read.bundle);
  if (path === undefined) for (const piece of read.bundle.pieces) stdout.write(piece);
  else writeBundleFile({ path, force: request.force }, read.bundle.pieces);
  const lines = collectLines({ ...read, path: path === undefined ? undefined : shellWord(path) }, input.style);
  (path === undefined ? stderr : stdout).write(`${lines.join('\n')}\n`);
  const hasFlows = read.bundle.manifest.nodes.some(({ sources }) =>
    sources.some((source) => source.startsWith('flows')),
  );
  return hasFlows ? FINE : COULD_NOT_MEASURE;
}

/** Errors: PTL_NOT_LINUX. */
async function readNode(
  input: CommandInput,
  { windowSeconds, netns }: CollectRequest,
  options: MakeBundleOptions,
): Promise<Read> {
  const { measures, platform, signal } = input.surroundings;
  if (platform !== 'linux')
    throw new PortolanError('PTL_NOT_LINUX', `Cannot read this node: this is ${platform}, wanted Linux`, {
      hint: 'collect a cluster: portolan collect --context NAME',
    });
  const facts = await withProgress(input, (progress) =>
    measures.observeNode({ windowSeconds, signal, progress, ...(netns === undefined ? {} : { netns }) }),
  );
  return { bundle: await measures.makeBundle(facts, options), gaps: facts.gaps, leftOut: 0 };
}

function readCluster(
  input: CommandInput,
  { choice, reach, windowSeconds }: CollectRequest,
  bundle: MakeBundleOptions,
): Promise<Read> {
  const { measures, signal } = input.surroundings;
  const world = worldOf(input.surroundings);
  return withProgress(input, (progress) =>
    measures.collectCluster({ choice, reach, world, windowSeconds, snatOnly: false, bundle, signal, progress }),
  );
}

/** Undefined: stdout. */
function pathOf({ out }: CollectRequest, { manifest }: WrittenBundle): string | undefined {
  if (out === STDOUT) return undefined;
  const { at, cluster, nodes } = manifest;
  const time = at.replace(/\.\d+/, '').replaceAll(/[-:]/g, '');
  const name = cluster?.cluster ?? nodes[0]?.node ?? 'node';
  return out ?? `portolan-${name.replaceAll(/[^\w.-]/g, '_').slice(0, 100)}-${time}.tgz`;
}
