// What an agent writes into its Node on a real API server: a condition that changes when it should, Events, nothing else of the
// status lost; and what it does where it may not, where somebody else has the condition, where no server answers. Clocks are moved by hand.
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { NodePublisher } from '../../src/agent/publish/node-publisher.ts';
import type { NodePressure } from '../../src/agent/publish/pressure-of-report.ts';
import { removeCondition } from '../../src/act/publish/node-condition.ts';
import type { ApiAccess } from './api-access.ts';
import { expectAnswer, valueAt } from './api-request.ts';
import { withClient } from './kube-client.ts';
import { eventsOf, kubeletHeartbeat, makeKubeletNode, othersOf, pressureOf, removeNode } from './published-nodes.ts';
import { newRestrictedUser } from './restricted-access.ts';
import { describeCluster, sharedCluster } from './shared-cluster.ts';
import { TestCluster } from './test-cluster.ts';

const RIGHTS = [
  { apiGroups: [''], resources: ['nodes/status'], verbs: ['get', 'patch'] },
  { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create', 'patch'] },
];
const ENOUGH: NodePressure = { status: 'False', reason: 'PortsSuffice', message: 'Ports suffice.' };
const SHORT: NodePressure = { status: 'True', reason: 'PortsExhausted', message: 'tcp 203.0.113.9:443: none left.' };
const START = Date.parse('2026-02-03T04:05:06Z');
const signal = new AbortController().signal;

/** Seconds after the start, as the API server writes them. */
function at(seconds: number): string {
  return new Date(START + seconds * 1000).toISOString().replace('.000Z', 'Z');
}

interface Told {
  readonly publisher: NodePublisher;
  readonly said: readonly string[];
  /** Sees this at this second after the start. */
  readonly see: (pressure: NodePressure, seconds: number) => Promise<void>;
}

function withPublisher(access: ApiAccess, node: string, use: (told: Told) => Promise<void>): Promise<void> {
  return withClient(access, async (client) => {
    const said: string[] = [];
    let [seen, now] = [ENOUGH, 0];
    const publisher = new NodePublisher({
      client,
      node,
      see: () => seen,
      now: () => now,
      clock: () => START + now,
      sleep: () => Promise.reject(new Error('unused')),
      say: (text) => said.push(text),
      signal,
    });
    const see = async (pressure: NodePressure, seconds: number): Promise<void> => {
      [seen, now] = [pressure, seconds * 1000];
      await publisher.look();
    };
    await use({ publisher, said, see });
  });
}

let count = 0;

describeCluster('the condition SNATPortPressure', () => {
  const admin = (): ApiAccess => sharedCluster().admin;
  let agent: ApiAccess;
  let node: string;
  beforeAll(async () => {
    agent = (await newRestrictedUser(admin(), RIGHTS)).access;
  });
  beforeEach(async () => {
    node = `published-${(count += 1)}`;
    await makeKubeletNode(admin(), node);
  });
  afterEach(() => removeNode(admin(), node));

  it('follows what is seen, with its times, and loses nothing else of the status', async () => {
    const before = await othersOf(admin(), node);
    await withPublisher(agent, node, async ({ publisher, see, said }) => {
      expect(publisher.isHeard).toBeUndefined();
      await see(ENOUGH, 0);
      expect(publisher.isHeard).toBe(true);
      const first = { type: 'SNATPortPressure', ...ENOUGH, lastHeartbeatTime: at(0), lastTransitionTime: at(0) };
      expect(await pressureOf(admin(), node)).toEqual(first);
      await see(SHORT, 290);
      expect(await pressureOf(admin(), node)).toEqual(first);
      await see(SHORT, 320);
      const short = { ...first, ...SHORT, lastHeartbeatTime: at(320), lastTransitionTime: at(320) };
      expect(await pressureOf(admin(), node)).toEqual(short);
      // A heartbeat after five minutes and not before, with the latest message.
      const worse = { ...SHORT, message: 'worse' };
      await see(worse, 619);
      expect(await pressureOf(admin(), node)).toEqual(short);
      await see(worse, 621);
      expect(await pressureOf(admin(), node)).toEqual({ ...short, message: 'worse', lastHeartbeatTime: at(621) });
      // Another reason is told sooner; the status is the same.
      const leaked = { ...SHORT, reason: 'PortsLeaked' };
      await see(leaked, 690);
      expect(await pressureOf(admin(), node)).toMatchObject({ reason: 'PortsLeaked', lastTransitionTime: at(320) });
      // Good news has to last.
      await see(ENOUGH, 700);
      await see(ENOUGH, 995);
      expect(await pressureOf(admin(), node)).toMatchObject({ status: 'True' });
      await see(ENOUGH, 1001);
      expect(await pressureOf(admin(), node)).toMatchObject({ ...ENOUGH, lastTransitionTime: at(1001) });
      expect(await othersOf(admin(), node)).toEqual(before);
      await publisher.withdraw(signal);
      expect(await pressureOf(admin(), node)).toBeUndefined();
      expect(await othersOf(admin(), node)).toEqual(before);
      expect(said).toEqual([]);
    });
  });

  it('lives beside a kubelet that patches its own conditions, on either side', async () => {
    await withPublisher(agent, node, async ({ see }) => {
      await see(ENOUGH, 0);
      await kubeletHeartbeat(admin(), node, at(10));
      expect(await pressureOf(admin(), node)).toMatchObject(ENOUGH);
      await see(SHORT, 300);
      await see(SHORT, 330);
      expect(await pressureOf(admin(), node)).toMatchObject(SHORT);
      expect(JSON.stringify(await othersOf(admin(), node))).toContain(`"lastHeartbeatTime":"${at(10)}"`);
    });
  });

  it('comes with an Event at each change, the same again as a series of it', async () => {
    await withPublisher(agent, node, async ({ see }) => {
      await see(ENOUGH, 0);
      expect(await eventsOf(admin(), node)).toEqual([]);
      await see(SHORT, 300);
      await see(SHORT, 331);
      const [event] = await eventsOf(admin(), node);
      const stored = await expectAnswer(admin(), { path: `/api/v1/nodes/${node}` }, 200);
      expect(event).toMatchObject({
        type: 'Warning',
        reason: SHORT.reason,
        message: SHORT.message,
        action: 'SNATPortPressure',
        reportingComponent: 'portolan.dev/agent',
        reportingInstance: node,
        eventTime: '2026-02-03T04:10:37.000000Z',
        involvedObject: { kind: 'Node', name: node, uid: valueAt(stored, 'metadata', 'uid') },
      });
      expect(valueAt(event, 'series')).toBeUndefined();
      await see(ENOUGH, 340);
      await see(ENOUGH, 641);
      await see(SHORT, 650);
      await see(SHORT, 942);
      const events = await eventsOf(admin(), node);
      const found = (reason: string): unknown => events.filter((each) => valueAt(each, 'reason') === reason);
      expect(events).toHaveLength(2);
      expect(found('PortsSuffice')).toMatchObject([{ type: 'Normal' }]);
      expect(found('PortsExhausted')).toMatchObject([{ type: 'Warning', series: { count: 2 } }]);
    });
  });

  it('keeps the time of its change over an agent that was killed', async () => {
    await withPublisher(agent, node, ({ see }) => see(SHORT, 0));
    await withPublisher(agent, node, async ({ see }) => {
      await see(SHORT, 100);
      expect(await pressureOf(admin(), node)).toMatchObject({
        status: 'True',
        lastTransitionTime: at(0),
        lastHeartbeatTime: at(100),
      });
    });
  });

  it("is left alone where it is somebody else's, which is said once, and written when they let go", async () => {
    const theirs = { type: 'SNATPortPressure', status: 'True', reason: 'Theirs', message: 'of another program' };
    const body = { apiVersion: 'v1', kind: 'Node', metadata: { name: node }, status: { conditions: [theirs] } };
    const path = `/api/v1/nodes/${node}/status?fieldManager=others`;
    const contentType = 'application/apply-patch+yaml';
    await expectAnswer(admin(), { method: 'PATCH', path, body, contentType }, 200);
    await withPublisher(agent, node, async ({ publisher, see, said }) => {
      await see(ENOUGH, 0);
      await see(ENOUGH, 29);
      await see(ENOUGH, 31);
      expect(said).toHaveLength(1);
      expect(said[0]).toMatch(
        /^Cannot publish the condition of the node: Cannot write condition SNATPortPressure of node \S+: .*conflicts with "others".*$/,
      );
      await publisher.withdraw(signal);
      expect(await pressureOf(admin(), node)).toMatchObject(theirs);
      await expectAnswer(admin(), { method: 'PATCH', path, body: { ...body, status: {} }, contentType }, 200);
      await see(ENOUGH, 120);
      expect(await pressureOf(admin(), node)).toMatchObject(ENOUGH);
    });
  });

  it.each([
    ['no right at all', [], 'get nodes/status'],
    [
      'the right to read alone',
      [{ apiGroups: [''], resources: ['nodes/status'], verbs: ['get'] }],
      'patch nodes/status',
    ],
  ])('is not written with %s: that is said once, with the right that is missing', async (_, rules, right) => {
    const { access } = await newRestrictedUser(admin(), rules);
    await withPublisher(access, node, async ({ publisher, see, said }) => {
      for (const seconds of [0, 31, 92]) await see(ENOUGH, seconds);
      expect(publisher.isHeard).toBe(false);
      expect(said).toHaveLength(1);
      expect(said[0]).toContain(`Cannot publish the condition of the node: Cannot ${right}: forbidden`);
    });
    expect(await pressureOf(admin(), node)).toBeUndefined();
  });

  it('is written also where Events may not be, which is said once', async () => {
    const { access } = await newRestrictedUser(admin(), RIGHTS.slice(0, 1));
    await withPublisher(access, node, async ({ publisher, see, said }) => {
      await see(SHORT, 0);
      await see({ ...SHORT, reason: 'PortsLeaked' }, 100);
      expect(publisher.isHeard).toBe(false);
      expect(await pressureOf(admin(), node)).toMatchObject({ reason: 'PortsLeaked' });
      expect(said).toHaveLength(1);
      expect(said[0]).toContain('Cannot publish an event: Cannot patch events of events.k8s.io in namespace default');
    });
  });

  it('makes no node where there is none', async () => {
    await withPublisher(admin(), 'no-such-node', async ({ see, said }) => {
      await see(ENOUGH, 0);
      expect(said[0]).toContain('nodes "no-such-node" not found');
    });
    await withClient(admin(), async (client) => {
      await expect(removeCondition({ client, node: 'no-such-node', signal })).rejects.toMatchObject({
        code: 'PTL_API_ABSENT',
      });
    });
  });
});

describeCluster('an API server that goes away from an agent that publishes', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await TestCluster.start({ binaries: sharedCluster().binaries });
  });
  afterAll(() => cluster.stop());

  it('is said once, and gets the condition when it is back', async () => {
    const { admin } = cluster;
    await makeKubeletNode(admin, 'n');
    await withPublisher(admin, 'n', async ({ publisher, see, said }) => {
      await see(ENOUGH, 0);
      await cluster.killApiServer();
      for (const seconds of [300, 331, 395]) await see(SHORT, seconds);
      expect(said).toHaveLength(1);
      expect(said[0]).toContain('Cannot reach the API server');
      await publisher.withdraw(signal);
      expect(said[1]).toContain('Cannot take the condition of the node away: Cannot reach');
      await cluster.restartApiServer();
      await see(SHORT, 700);
      expect(await pressureOf(admin, 'n')).toMatchObject({ ...SHORT, lastTransitionTime: at(700) });
    });
  });
});
