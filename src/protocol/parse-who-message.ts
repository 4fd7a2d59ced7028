// Reads the agent's answer of who held a port, whoever wrote it.
import type { PastHolder, PastPod } from '../core/model/port-history.ts';
import { address, amount, plain, port, protocol, zone } from './bundle/plain-readers.ts';
import { workload } from './bundle/pod-readers.ts';
import { isObject, listOf, objectLike, oneOf, optional, yesOrNo } from './parse-shape.ts';
import { WHO_MESSAGE_SCHEMA, type WhoMessage } from './who-message.ts';

const pod = objectLike<PastPod>({ namespace: plain, name: plain, workload, startedAt: optional(plain) });

const holder = objectLike<PastHolder>({
  protocol,
  zone,
  snatAddress: address,
  port,
  remoteAddress: address,
  remotePort: port,
  source: address,
  sourcePort: port,
  fromMilliseconds: amount,
  toMilliseconds: optional(amount),
  beganExactly: yesOrNo,
  endedExactly: yesOrNo,
  pod: optional(pod),
});

const message = objectLike<WhoMessage>({
  schema: oneOf([WHO_MESSAGE_SCHEMA]),
  node: plain,
  port,
  atMilliseconds: amount,
  watchedSinceMilliseconds: amount,
  reachesBackToMilliseconds: amount,
  podsAgeSeconds: optional(amount),
  holders: listOf(holder),
});

/** The message; a sentence that says what is wrong when it is none. */
export function parseWhoMessage(text: string): WhoMessage | string {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  if (!isObject(document) || document['schema'] !== WHO_MESSAGE_SCHEMA)
    return `it is of another version, wanted ${WHO_MESSAGE_SCHEMA}`;
  const problems: string[] = [];
  const read = message.read(document, { path: '', problems });
  return problems[0] ?? read;
}
