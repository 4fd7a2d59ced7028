// Reads the JSON members of a bundle. They may have been written by anybody.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { ClusterFacts } from '../../core/model/cluster-facts.ts';
import { isObject, listOf, objectLike, oneOf, optional, type Reader, valueThat, yesOrNo } from '../parse-shape.ts';
import {
  BUNDLE_FOLDER,
  BUNDLE_SCHEMA,
  BUNDLE_VERSION,
  REDACTIONS,
  type BundleManifest,
  type BundleMember,
  type ClusterPart,
  type NodePart,
} from './bundle-manifest.ts';
import { clusterFacts } from './cluster-facts-readers.ts';
import { type PlainNodeFacts, plainNodeFacts } from './node-facts-readers.ts';
import { count, moment, plain } from './plain-readers.ts';

const PROBLEMS_SHOWN = 3;

const path = valueThat<string>(
  (value) => typeof value === 'string' && new RegExp(`^${BUNDLE_FOLDER}(?:/[\\w-][\\w.-]{0,99}){1,4}$`).test(value),
  `a path below ${BUNDLE_FOLDER}/`,
);

const member = objectLike<BundleMember>({
  path,
  bytes: count,
  sha256: valueThat<string>((value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value), 'a SHA-256 in hex'),
});

const node = objectLike<NodePart>({
  node: plain,
  at: moment,
  sources: listOf(plain),
  flows: count,
  complete: yesOrNo,
  gaps: count,
  factsPath: path,
  flowsPath: path,
});

const manifest = objectLike<BundleManifest>({
  schema: oneOf([BUNDLE_SCHEMA]),
  tool: plain,
  at: moment,
  redaction: oneOf(REDACTIONS),
  nodes: listOf(node),
  cluster: optional(objectLike<ClusterPart>({ cluster: plain, at: moment, factsPath: path })),
  members: listOf(member),
});

/** `name`: what the bundle is called in messages. Errors: PTL_BUNDLE. */
export function parseManifest(text: string, name: string): BundleManifest {
  const document = parseJson(text, name);
  const schema = isObject(document) ? document['schema'] : undefined;
  const version = typeof schema === 'string' ? /^portolan\.dev\/bundle\/v(\d{1,6})$/.exec(schema)?.[1] : undefined;
  if (version !== undefined && Number(version) > BUNDLE_VERSION)
    throw new PortolanError(
      'PTL_BUNDLE',
      `Cannot read ${name}: a bundle of version ${version}, wanted version ${BUNDLE_VERSION} or older`,
      { hint: 'a newer Portolan wrote it: read it with that one' },
    );
  return readAs(manifest, document, name);
}

/** Errors: PTL_BUNDLE. */
export function parseNodeFacts(text: string, name: string): PlainNodeFacts {
  return readAs(plainNodeFacts, parseJson(text, name), name);
}

/** Errors: PTL_BUNDLE. */
export function parseClusterFacts(text: string, name: string): ClusterFacts {
  return readAs(clusterFacts, parseJson(text, name), name);
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new PortolanError('PTL_BUNDLE', `Cannot read ${name}: it is not JSON, wanted what portolan collect writes`, {
      cause: error,
    });
  }
}

function readAs<Value>(reader: Reader<Value>, document: unknown, name: string): Value {
  const problems: string[] = [];
  const read = reader.read(document, { path: '', problems });
  if (problems.length === 0) return read;
  const more =
    problems.length > PROBLEMS_SHOWN
      ? [`Cannot read ${name}: ${problems.length - PROBLEMS_SHOWN} more like that, wanted none`]
      : [];
  const lines = problems.slice(0, PROBLEMS_SHOWN).map((problem) => `Cannot read ${name}: ${problem}`);
  throw new PortolanError('PTL_BUNDLE', [...lines, ...more].join('\n'), {
    hint: 'it was changed after it was written, or by another program: collect it again',
  });
}
