// Rounds over the agents of a cluster, with agents that are functions and a clock that stands until it is moved.
import { describe, expect, it } from 'vitest';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { GlanceMessage } from '../../protocol/glance-message.ts';
import { AgentLooks, type AgentWay } from './agent-looks.ts';

const signal = new AbortController().signal;

class Cluster {
  now = 0;
  readonly slept: number[] = [];
  readonly asked: string[] = [];
  lostPackets = 0;
  ways: readonly AgentWay[] = [this.#agent('a'), { node: 'b', why: 'no agent runs there' }, this.#agent('c')];
  readonly looks = new AgentLooks({
    name: 'test',
    intervalSeconds: 5,
    concurrency: 2,
    ways: () => Promise.resolve(this.ways),
    diagnose: () => Promise.reject(new TypeError('nothing to diagnose')),
    now: () => this.now,
    wallClock: () => '2026-01-01T00:00:00Z',
    sleep: (milliseconds) => {
      this.slept.push(milliseconds);
      return Promise.resolve();
    },
  });

  #agent(node: string): AgentWay {
    return {
      node,
      glance: () => {
        this.asked.push(`glance ${node}`);
        return Promise.resolve(this.#message(node));
      },
      look: () => {
        this.asked.push(`look ${node}`);
        return Promise.reject(new PortolanError('PTL_AGENT', 'Cannot ask the agent of node a: it is late, wanted it'));
      },
    };
  }

  #message(node: string): GlanceMessage {
    const { lostPackets } = this;
    const glance = { severity: 'ok', newPerSecond: 1 } as const;
    return { schema: 'portolan.dev/glance-message/v1', node, atMilliseconds: 0, lostPackets, glance };
  }
}

describe('the agents of a cluster', () => {
  it('are asked for a glance each, and who has none says why', async () => {
    const cluster = new Cluster();
    const { nodes } = await cluster.looks.next(signal);
    expect(nodes).toEqual([
      { node: 'a', glance: { severity: 'ok', newPerSecond: 1 } },
      { node: 'b', why: 'no agent runs there' },
      { node: 'c', glance: { severity: 'ok', newPerSecond: 1 } },
    ]);
    expect(cluster.slept).toEqual([]);
  });

  it('tell what was lost since the glance before, and nothing when they began anew', async () => {
    const cluster = new Cluster();
    const lost = async () => (await cluster.looks.next(signal)).nodes[0]?.glance?.lostPackets;
    cluster.lostPackets = 7;
    expect(await lost()).toBeUndefined();
    cluster.lostPackets = 10;
    expect(await lost()).toBe(3);
    cluster.lostPackets = 2;
    expect(await lost()).toBeUndefined();
  });

  it('are asked as often as wanted, and less often when a round takes longer', async () => {
    const cluster = new Cluster();
    await cluster.looks.next(signal);
    cluster.now += 2000;
    await cluster.looks.next(signal);
    expect(cluster.slept).toEqual([3000]);
    cluster.now += 9000;
    await cluster.looks.next(signal);
    expect(cluster.slept).toEqual([3000]);
  });

  it('are looked at when opened: at once and alone, then with each round', async () => {
    const cluster = new Cluster();
    await cluster.looks.next(signal);
    cluster.asked.length = 0;
    cluster.looks.open('a');
    const { nodes } = await cluster.looks.next(signal);
    expect([cluster.asked, cluster.slept]).toEqual([['look a'], []]);
    expect(nodes[0]).toEqual({ node: 'a', why: 'it is late' });
    cluster.asked.length = 0;
    await cluster.looks.next(signal);
    expect(cluster.asked.toSorted()).toEqual(['glance c', 'look a']);
    cluster.looks.open(undefined);
    cluster.asked.length = 0;
    await cluster.looks.next(signal);
    expect(cluster.asked.toSorted()).toEqual(['glance a', 'glance c']);
  });

  it('are found again after a while', async () => {
    const cluster = new Cluster();
    await cluster.looks.next(signal);
    cluster.ways = [{ node: 'd', why: 'its agent is not ready' }];
    cluster.now += 29_000;
    expect((await cluster.looks.next(signal)).nodes).toHaveLength(3);
    cluster.now += 2000;
    expect((await cluster.looks.next(signal)).nodes).toEqual([{ node: 'd', why: 'its agent is not ready' }]);
  });

  it('are not asked any more when the view is left', async () => {
    const cluster = new Cluster();
    const leaving = new AbortController();
    await cluster.looks.next(signal);
    leaving.abort();
    await expect(cluster.looks.next(leaving.signal)).rejects.toThrow();
  });
});
