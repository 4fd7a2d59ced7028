// portolan collect: read this node as diagnose does, write what was read into one file.
import type { CommandInput } from '../command-spec.ts';
import { checkBundleFile, writeBundleFile } from '../collect/bundle-file.ts';
import { collectLines } from '../collect/collect-lines.ts';
import { type CollectRequest, readCollectRequest, STDOUT } from '../collect/collect-request.ts';
import { keyedHash } from '../collect/redaction-key.ts';
import { COULD_NOT_MEASURE, FINE } from '../exit-code.ts';
import { packageVersion } from '../package-version.ts';
import { withProgress } from '../progress-line.ts';
import { shellWord } from '../../core/advice/shell-word.ts';

/** @returns 0; 3 when no flow could be read. Errors: PTL_USAGE, PTL_BUNDLE, and those of a look at the node. */
export async function runCollect(input: CommandInput): Promise<number> {
  const request = readCollectRequest(input);
  const { measures, signal, wallClock, stdout, stderr, randomBytes } = input.surroundings;
  if (request.out !== undefined && request.out !== STDOUT) checkBundleFile({ path: request.out, force: request.force });
  const redactBy = request.redact ? keyedHash(request.redactKey, { randomBytes }) : undefined;
  const facts = await withProgress(input, (progress) =>
    measures.observeNode({
      windowSeconds: request.windowSeconds,
      signal,
      progress,
      ...(request.netns === undefined ? {} : { netns: request.netns }),
    }),
  );
  const at = wallClock();
  const bundle = await measures.makeBundle([facts], { at, tool: `portolan ${packageVersion()}`, redactBy });
  const path = pathOf(request, { node: bundle.manifest.nodes[0]?.node ?? 'node', at });
  if (path === undefined) for (const piece of bundle.pieces) stdout.write(piece);
  else writeBundleFile({ path, force: request.force }, bundle.pieces);
  const lines = collectLines({ facts, bundle, path: path === undefined ? undefined : shellWord(path) }, input.style);
  (path === undefined ? stderr : stdout).write(`${lines.join('\n')}\n`);
  return facts.flowsSource === undefined ? COULD_NOT_MEASURE : FINE;
}

/** Undefined: stdout. */
function pathOf(
  { out }: CollectRequest,
  { node, at }: { readonly node: string; readonly at: string },
): string | undefined {
  if (out === STDOUT) return undefined;
  const time = at.replace(/\.\d+/, '').replaceAll(/[-:]/g, '');
  return out ?? `portolan-${node.replaceAll(/[^\w.-]/g, '_').slice(0, 100)}-${time}.tgz`;
}
