// The demo's node as a scenario of the simulator: pods that hold connections, one that bursts, one that keeps connecting.
import type { PortRange } from '../../core/model/port-range.ts';
import { TCP } from '../../core/model/protocol.ts';
import type { SimScenario, SimWorkload } from '../../sim/sim-scenario.ts';
import { BACKGROUND, PATIENCE_SECONDS, PODS, REMOTE_PORT } from './demo-world.ts';

export const REMOTE_ADDRESS = '203.0.113.10';
export const DESTINATION = 'server';
/** A mainline kernel that takes closing entries over, whatever kernel runs beneath. */
export const ERA = '6.12';

/** Names of the workloads; each but the holders is one pod. */
export const HOLDERS = 'holders';
export const CALLER = 'caller';
export const BACKGROUND_CALLER = 'background';

/** Pods of all workloads. */
export const ALL_PODS = PODS + 2;

/** How long a held connection lasts: longer than the story up to its end. */
export const HELD_SECONDS = 600;
/** nf_conntrack_tcp_timeout_time_wait, the kernel's own default. */
export const TIME_WAIT_SECONDS = 120;

/** Nothing happens by itself: the story asks for each burst when it comes to it. */
export function demoScenario(range: PortRange): SimScenario {
  return {
    name: 'demo',
    seed: 1,
    durationSeconds: 2 * HELD_SECONDS,
    sampleSeconds: 60,
    nodes: {
      count: 1,
      ranges: [range],
      random: 'random-fully',
      snatAddresses: 1,
      kernel: ERA,
      conntrackMax: 262_144,
      timeWaitSeconds: TIME_WAIT_SECONDS,
      closeSeconds: 10,
      udpSeconds: 30,
    },
    destinations: [
      {
        name: DESTINATION,
        protocol: TCP,
        address: REMOTE_ADDRESS,
        port: REMOTE_PORT,
        answers: true,
        timeWaitSeconds: 60,
      },
    ],
    workloads: [
      // Three pods, because one has 28,232 ports of its own towards one server (net.ipv4.ip_local_port_range).
      {
        ...SILENT,
        name: HOLDERS,
        pods: PODS,
        hold: { kind: 'fixed', seconds: HELD_SECONDS },
        connectTimeoutSeconds: 60,
      },
      { ...SILENT, name: CALLER, pods: 1, connectTimeoutSeconds: PATIENCE_SECONDS },
      { ...SILENT, name: BACKGROUND_CALLER, pods: 1, connectTimeoutSeconds: BACKGROUND.patienceSeconds },
    ],
    events: [],
  };
}

/** Connections that end at once, closed by the client; none until an event asks for them. */
const SILENT = {
  destination: DESTINATION,
  perSecond: 0,
  arrivals: 'regular',
  hold: { kind: 'fixed', seconds: 0 },
  closer: 'client',
  startSeconds: 0,
} as const satisfies Partial<SimWorkload>;
