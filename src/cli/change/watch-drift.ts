// Follows the FelixConfigurations and says each change of natPortRange, with who made it as far as the API server notes that.
import type { RangeView } from '../../core/advice/change/plan-range-change.ts';
import type { JsonObject } from '../../core/kube-objects/parse-object.ts';
import { objectOf, textOf } from '../../core/kube-objects/parse-object.ts';
import { watchObjects } from '../../kube/access/watch-objects.ts';
import { felixAccess, felixPath } from '../../kube/calico/felix-objects.ts';
import { lastWriter } from '../../kube/resources/last-writer.ts';
import type { CommandInput } from '../command-spec.ts';
import type { ClusterSession } from './cluster-session.ts';

const DRIFT_OUTPUT_SCHEMA = 'portolan.dev/output/drift/v1';

interface Followed {
  readonly name: string;
  readonly range: string;
  readonly writer: string | undefined;
}

/** Until it is stopped. Errors: PTL_API_FORBIDDEN, PTL_API_ABSENT. */
export async function watchDrift(
  { apiVersion }: RangeView,
  session: ClusterSession,
  input: CommandInput,
): Promise<void> {
  const { client, signal, surroundings } = session;
  const known = new Map<string, Followed>();
  let isFirst = true;
  const request = { path: felixPath(apiVersion), access: felixAccess(apiVersion, 'watch') };
  for await (const event of watchObjects(client, { request, project: followed, world: surroundings, signal })) {
    if (event.kind === 'synced') isFirst = false;
    else if (event.kind === 'lost') surroundings.stderr.write(`warning: not watching for the moment: ${event.why}\n`);
    else {
      const { name } = event.item;
      const before = known.get(name);
      const after = event.kind === 'deleted' ? undefined : event.item;
      if (after === undefined) known.delete(name);
      else known.set(name, after);
      if (!isFirst && (before?.range ?? NONE) !== (after?.range ?? NONE))
        say({ before, after }, surroundings.wallClock(), input);
    }
  }
}

const NONE = '(not set)';

function followed(object: unknown): Followed | undefined {
  const raw: JsonObject = objectOf(object);
  const name = textOf(objectOf(raw['metadata'])['name']);
  if (name === undefined) return undefined;
  const range = objectOf(raw['spec'])['natPortRange'];
  return { name, range: range === undefined ? NONE : JSON.stringify(range), writer: lastWriter(raw, () => true) };
}

function say(
  { before, after }: { readonly before: Followed | undefined; readonly after: Followed | undefined },
  at: string,
  { format, surroundings }: CommandInput,
): void {
  const name = (after ?? before)?.name ?? '';
  const [from, to] = [before?.range ?? NONE, after?.range ?? NONE];
  const writer = after === undefined ? undefined : after.writer;
  if (format === 'json' || format === 'yaml') {
    surroundings.stdout.write(
      `${JSON.stringify({ schema: DRIFT_OUTPUT_SCHEMA, at, object: `FelixConfiguration ${name}`, from, to, writer: writer ?? null })}\n`,
    );
    return;
  }
  const who = after === undefined ? ' (the object was removed)' : writer === undefined ? '' : ` by ${writer}`;
  surroundings.stdout.write(`${at}  FelixConfiguration ${name}  spec.natPortRange: ${from} -> ${to}${who}\n`);
}
