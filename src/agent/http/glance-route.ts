// /glance: the node as one row, from the latest report: it costs no look.
import { glanceMessage } from '../../protocol/glance-message.ts';
import type { WatchedNode } from '../watched-node.ts';
import { type Answer, plain } from './agent-server.ts';

export function answerGlance({ report, name }: WatchedNode): Answer {
  if (report === undefined)
    return { ...plain(503, 'the first look at the node is not over'), headers: { 'retry-after': '5' } };
  return { status: 200, type: 'application/json', parts: [`${JSON.stringify(glanceMessage(report, name))}\n`] };
}
