// `portolan agent` as it is started: what it answers, how it ends, what it refuses.
import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { runInNamespace } from './namespace-child.ts';

interface End {
  readonly exit: readonly [number | null, string | null];
  readonly said: string;
}

interface Compared {
  readonly flows: number;
  readonly same: boolean;
}

interface Printed {
  readonly atStart: Compared;
  readonly metrics: string;
  readonly busyPort: End;
  readonly afterKill: Compared;
  readonly scraped: { readonly status: number; readonly bytes: number };
  readonly stopped: readonly [number | null, string | null];
  readonly answers: readonly number[];
  readonly blindMetrics: string;
  readonly unsafe: End;
  readonly nowhere: End;
}

let printed: Printed;
beforeAll(() => {
  printed = runInNamespace('program-child') as Printed;
}, 150_000);

describe('portolan agent', () => {
  it('hands out the flows of the kernel, also after it was killed and started again', () => {
    expect(printed.atStart.same).toBe(true);
    expect(printed.atStart.flows).toBeGreaterThan(300);
    expect(printed.afterKill.same).toBe(true);
    expect(printed.afterKill.flows).toBeGreaterThan(printed.atStart.flows);
  });

  it('exports metrics that promtool accepts and that say what there is', () => {
    const checked = spawnSync('promtool', ['check', 'metrics'], { encoding: 'utf8', input: printed.metrics });
    expect(checked.stdout + checked.stderr).toBe('');
    expect(printed.metrics).toMatch(/^portolan_agent_current 1$/m);
    expect(printed.metrics).toMatch(/^portolan_flows\{direction="snat"\} [1-9]\d\d$/m);
    expect(printed.metrics).toMatch(
      /^portolan_port_space_ports\{protocol="tcp",snat_address="192.0.2.10",remote="203.0.113.\d:443",zone="0",state="live"\} \d+$/m,
    );
  });

  it('lets a request end when it is told to stop', () => {
    expect(printed.scraped.status).toBe(200);
    expect(printed.scraped.bytes).toBeGreaterThan(1000);
    // As every command that SIGTERM ends.
    expect(printed.stopped).toEqual([143, null]);
  });

  it('answers who held a port, and names what is wrong with a request', () => {
    expect(printed.answers).toEqual([200, 400, 400, 400, 404]);
  });

  it('says what it cannot see without CAP_NET_ADMIN, and no figure in its place', () => {
    expect(printed.blindMetrics).toMatch(/^portolan_agent_gaps\{gap="events"\} 1$/m);
    expect(printed.blindMetrics).toMatch(/^portolan_agent_current 0$/m);
    expect(printed.blindMetrics).not.toMatch(/^portolan_(flows|snat_flows|new_flows|ended_flows|port_space)/m);
  });

  it.each([
    ['busyPort', /^Cannot listen on 127\.0\.0\.1:9976: EADDRINUSE, wanted a port that nobody listens on\n/],
    ['unsafe', /^Cannot listen on 0\.0\.0\.0:9976: others reach it there, wanted --tls-cert/],
    ['nowhere', /^Cannot open network namespace \/run\/netns\/none/],
  ] as const)('refuses with one line: %s', (name, line) => {
    expect(printed[name].said).toMatch(line);
    expect(printed[name].exit[0]).not.toBe(0);
  });
});
