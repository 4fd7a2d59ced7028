// A shell takes the planner's commands: programs of the same names, which only print their arguments, stand in for the real ones.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CHECKOUT, manyOpen, manyOpened, planFor, remedyIn } from './situation-fixture.ts';

const LABELS = '{"app":"checkout","tier":"it\'s"}';

const directory = mkdtempSync(join(tmpdir(), 'portolan-commands-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** Answers `get` with labels, as kubectl prints a map; prints every other call's words, one a line, then a dot. */
const STAND_IN = `#!/bin/sh
[ "$1" = get ] && { printf '%s' '${LABELS.replaceAll("'", String.raw`'\''`)}'; exit; }
printf '%s\\n' "$(basename "$0")" "$@" .
`;

for (const name of ['kubectl', 'calicoctl']) {
  writeFileSync(join(directory, name), STAND_IN);
  chmodSync(join(directory, name), 0o755);
}

/** The words of each call that a shell makes of a command. */
function callsOf(command: string | undefined): string[][] {
  const env = { PATH: `${directory}:/usr/bin:/bin` };
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command ?? 'false'], { encoding: 'utf8', env });
  expect([status, stderr]).toEqual([0, '']);
  const calls = stdout.split('\n.\n').filter((text) => text !== '');
  return calls.map((text) => text.split('\n'));
}

describe('the commands of a plan, in a shell', () => {
  it('patch a deployment with its own labels', () => {
    const spread = remedyIn(planFor(manyOpen({ pods: 1 }), { loadFactor: 2 }), 'spread');
    const [scale, patch] = callsOf(spread.command);
    expect(scale).toEqual(['kubectl', 'scale', 'deployment', 'checkout', '-n', 'payments', '--replicas=3']);
    expect(patch?.slice(0, 8)).toEqual([
      'kubectl',
      'patch',
      'deployment',
      'checkout',
      '-n',
      'payments',
      '--type',
      'strategic',
    ]);
    const constraint = { maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'DoNotSchedule' };
    expect(JSON.parse(patch?.at(-1) ?? '')).toMatchObject({
      spec: {
        template: {
          spec: {
            topologySpreadConstraints: [
              {
                ...constraint,
                labelSelector: { matchLabels: { app: 'checkout', tier: "it's" } },
                nodeTaintsPolicy: 'Honor',
              },
            ],
          },
        },
      },
    });
    expect(callsOf(spread.undo)).toHaveLength(2);
  });

  it('write one JSON object for Calico, and null where nothing was set', () => {
    const widen = remedyIn(planFor(manyOpened()), 'widen');
    const written = [widen.command, widen.undo].map((command) => JSON.parse(callsOf(command)[0]?.at(-1) ?? ''));
    expect(written).toEqual([{ spec: { natPortRange: '4790:65535' } }, { spec: { natPortRange: '32768:65535' } }]);
  });

  it('keep what a name holds from the shell', () => {
    const odd = { ...CHECKOUT, name: 'a; touch /tmp/x', matchLabels: { app: "$(id)'" } };
    const [patch] = callsOf(remedyIn(planFor(manyOpen({ workload: odd })), 'spread').command);
    expect(patch?.[3]).toBe('a; touch /tmp/x');
    expect(patch?.at(-1)).toContain(`"app":"$(id)'"`);
  });
});
