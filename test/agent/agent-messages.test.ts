// Messages of agents that anybody may have written: never an exception, and never a message that was not one.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { glanceMessage } from '../../src/protocol/glance-message.ts';
import { parseFactsHead } from '../../src/protocol/parse-facts-message.ts';
import { parseGlanceMessage } from '../../src/protocol/parse-glance-message.ts';
import { parseWhoMessage } from '../../src/protocol/parse-who-message.ts';
import { type WhoMessage, WHO_MESSAGE_SCHEMA } from '../../src/protocol/who-message.ts';
import { sampleReport } from './sample-report.ts';

const WHO: WhoMessage = {
  schema: WHO_MESSAGE_SCHEMA,
  node: 'n',
  port: 40_000,
  atMilliseconds: 2000,
  watchedSinceMilliseconds: 0,
  reachesBackToMilliseconds: 1,
  podsAgeSeconds: 0.5,
  holders: [
    {
      protocol: 6,
      zone: 0,
      snatAddress: '192.0.2.10',
      port: 40_000,
      remoteAddress: '2001:db8::1',
      remotePort: 443,
      source: '10.1.0.9',
      sourcePort: 51_000,
      fromMilliseconds: 1000,
      toMilliseconds: 3000,
      beganExactly: true,
      endedExactly: false,
      pod: { namespace: 'a', name: 'b', workload: { kind: 'Job', namespace: 'a', name: 'c' }, startedAt: 'then' },
    },
  ],
};
const GLANCE = glanceMessage(sampleReport({ spaces: 2, sources: 0 }), 'n');
const PARSERS = { who: parseWhoMessage, glance: parseGlanceMessage, facts: parseFactsHead };

describe('a message of an agent', () => {
  it('is read as it was written', () => {
    expect(parseWhoMessage(JSON.stringify(WHO))).toEqual(WHO);
    expect(parseGlanceMessage(JSON.stringify(GLANCE))).toEqual(GLANCE);
  });

  it.each(Object.entries(PARSERS))('%s: any other JSON, and any other text, is none', (_, parse) => {
    fc.assert(fc.property(fc.json(), (text) => typeof parse(text) === 'string'));
    fc.assert(fc.property(fc.string(), (text) => typeof parse(text) === 'string'));
  });

  it.each([
    ['who', WHO, parseWhoMessage],
    ['glance', GLANCE, parseGlanceMessage],
  ] as const)('%s: none is taken with a field of another type', (_, message, parse) => {
    for (const path of leavesOf(message)) {
      const text = JSON.stringify(message, replacing(path));
      expect([path, typeof parse(text)]).toEqual([path, 'string']);
    }
  });

  it('carries nothing that drives a terminal', () => {
    const text = JSON.stringify({ ...WHO, node: 'n\u001b[2J' });
    expect(parseWhoMessage(text)).toMatchObject({ node: 'n?[2J' });
  });
});

/** Paths to all that is no object: `holders.0.port`. */
function leavesOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, path === '' ? key : `${path}.${key}`));
}

/** Puts an object in the place of one leaf. */
function replacing(path: string): (this: unknown, key: string, value: unknown) => unknown {
  const places = new Map<unknown, string>();
  return function replace(this: unknown, key: string, value: unknown): unknown {
    const above = places.get(this);
    const here = above === undefined || above === '' ? key : `${above}.${key}`;
    if (typeof value === 'object' && value !== null) places.set(value, here);
    return here === path ? { not: 'that' } : value;
  };
}
