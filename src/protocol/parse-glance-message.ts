// Reads an agent's glance at its node, whoever wrote it.
import { CHECK_IDS, type Severity } from '../core/analysis/finding.ts';
import type { GlancedSpace, NodeGlance } from '../core/analysis/node-glance.ts';
import { address, amount, count, plain, port, portRange, protocol } from './bundle/plain-readers.ts';
import { GLANCE_MESSAGE_SCHEMA, type GlanceMessage } from './glance-message.ts';
import { isObject, objectLike, oneOf, oneWordOf, optional } from './parse-shape.ts';

const glance = objectLike<NodeGlance>({
  severity: oneWordOf<Severity>({ critical: true, warning: true, info: true, ok: true, unknown: true }),
  check: optional(oneOf(CHECK_IDS)),
  newPerSecond: amount,
  range: optional(portRange),
  worst: optional(
    objectLike<GlancedSpace>({
      protocol,
      remoteAddress: address,
      remotePort: port,
      usedPorts: count,
      capacityPorts: count,
    }),
  ),
});

const message = objectLike<GlanceMessage>({
  schema: oneOf([GLANCE_MESSAGE_SCHEMA]),
  node: plain,
  atMilliseconds: amount,
  lostPackets: count,
  glance,
});

/** The message; a sentence that says what is wrong when it is none. */
export function parseGlanceMessage(text: string): GlanceMessage | string {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  if (!isObject(document) || document['schema'] !== GLANCE_MESSAGE_SCHEMA)
    return `it is of another version, wanted ${GLANCE_MESSAGE_SCHEMA}`;
  const problems: string[] = [];
  const read = message.read(document, { path: '', problems });
  return problems[0] ?? read;
}
