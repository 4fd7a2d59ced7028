// The whole story on a real API server and the real kernel: pods run out of ports, diagnose finds it and names them, plan says what
// helps, apply changes the range node by node, new connections use it, and undo puts back what was there.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Said } from '../../cli/run-command.ts';
import { rawFelix } from '../calicoctl-run.ts';
import { outgoingRanges } from '../lab/outgoing-ranges.ts';
import { portolanAs } from '../portolan-run.ts';
import { describeCluster, sharedCluster } from '../shared-cluster.ts';
import { until } from '../until.ts';
import { EgressStory, STORY_RANGE } from './egress-story.ts';
import { savedWidening } from './saved-widening.ts';

const CONNECTS = 150;

describeCluster('egress of a cluster that runs out of ports', () => {
  let story: EgressStory;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'portolan-story-'));
    story = await EgressStory.begin(sharedCluster());
  }, 120_000);
  afterAll(async () => {
    await story.end();
    rmSync(folder, { recursive: true });
  });

  const run = (...words: readonly string[]): Promise<Said> => portolanAs(story.cluster.admin, ...words);

  it('is found, planned for, widened, proved on new connections, and put back', { timeout: 300_000 }, async () => {
    const before = await rawFelix();
    // At 3 in 10 lost, and a second SYN within the patience, all open with a chance of less than 1 in 10^6.
    const suffering = await story.connect(CONNECTS);
    expect(suffering.opened).toBeLessThan(suffering.of);

    story.startTraffic();
    const diagnosed = await run('diagnose', '--for', '1s');
    expect(diagnosed.code, diagnosed.stdout + diagnosed.stderr).toBe(2);
    expect(diagnosed.stdout).toMatch(/^✗ node-1 .*:443 .*payments\/checkout .*exhausted/m);
    expect(diagnosed.stdout).toContain('Next: portolan plan');

    const planned = await run('plan', '--for', '1s', '--out', join(folder, 'plan.json'));
    expect(planned.code, planned.stdout + planned.stderr).not.toBe(1);
    const applied = await run(
      'apply',
      `${folder}/plan.json#${savedWidening(join(folder, 'plan.json'))}`,
      '--yes',
      '--timeout',
      '60s',
    );
    expect(applied.code, applied.stdout + applied.stderr).toBe(0);
    expect(applied.stdout).toMatch(/2 of 2 nodes verified/);
    expect(applied.stdout.replaceAll(/\s+/g, ' ')).toContain(
      'NodePorts 30000-32767 (assumed, the default is 30000-32767): harmless here',
    );

    const ranges = story.cluster.nodes.map((node) => outgoingRanges(node)[0]);
    const [first] = [...(ranges[0] ?? '').matchAll(/\d+/g)].map(([digits]) => Number(digits));
    expect(ranges).toEqual(story.cluster.nodes.map(() => `tcp ${first}-65535`));
    expect(first).toBeLessThan(STORY_RANGE.first);
    const relieved = await story.connect(CONNECTS);
    expect(relieved.opened).toBeGreaterThan(suffering.opened);
    expect(story.portsInUse().filter((port) => port < STORY_RANGE.first).length).toBeGreaterThan(0);
    expect(story.portsInUse().filter((port) => port < (first ?? 0))).toEqual([]);

    expect(await run('verify')).toMatchObject({ code: 0 });
    expect(await run('undo', '--yes')).toMatchObject({ code: 0 });
    expect(await rawFelix()).toEqual(before);
    const former = `tcp ${STORY_RANGE.first}-${STORY_RANGE.last}`;
    await until('the former rules', () => story.cluster.nodes.every((node) => outgoingRanges(node)[0] === former));
  });
});
