// Simulates 50 nodes with 500 connections a second for so many hours (argument, default 24), and prints what it took.
import { readFileSync } from 'node:fs';
import { TCP, UDP } from '../src/core/model/protocol.ts';
import type { SimDestination, SimScenario, SimWorkload } from '../src/sim/sim-scenario.ts';
import { Simulation } from '../src/sim/simulation.ts';

const API: SimDestination = {
  name: 'api',
  protocol: TCP,
  address: '203.0.113.9',
  port: 443,
  answers: true,
  timeWaitSeconds: 60,
};

const WEB: SimWorkload = {
  name: 'web',
  pods: 200,
  destination: 'api',
  perSecond: 300,
  arrivals: 'poisson',
  hold: { kind: 'exponential', meanSeconds: 20 },
  closer: 'client',
  connectTimeoutSeconds: 10,
  startSeconds: 0,
};

function scenario(hours: number): SimScenario {
  return {
    name: 'day',
    seed: 1,
    durationSeconds: hours * 3600,
    sampleSeconds: 60,
    nodes: {
      count: 50,
      ranges: [{ first: 32_768, last: 65_535 }],
      random: 'random-fully',
      snatAddresses: 1,
      kernel: '6.5',
      conntrackMax: 262_144,
      timeWaitSeconds: 120,
      closeSeconds: 10,
      udpSeconds: 30,
    },
    destinations: [
      API,
      { ...API, name: 'store', address: '203.0.113.10', port: 5432 },
      { ...API, name: 'resolver', protocol: UDP, address: '203.0.113.53', port: 53 },
    ],
    workloads: [
      WEB,
      { ...WEB, name: 'jobs', pods: 50, destination: 'store', perSecond: 50, closer: 'server' },
      { ...WEB, name: 'names', destination: 'resolver', perSecond: 150, hold: { kind: 'fixed', seconds: 0 } },
    ],
    events: [],
  };
}

const started = process.cpuUsage();
const startedAt = performance.now();
const simulation = new Simulation(scenario(Number(process.argv[2] ?? 24)));
simulation.advanceTo(Number.POSITIVE_INFINITY);
const { searches } = simulation.report();
const seconds = (performance.now() - startedAt) / 1000;
const { user, system } = process.cpuUsage(started);
// Not ru_maxrss: that starts at what the parent held when it forked.
const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];
console.log(
  JSON.stringify({ searches, seconds, cpuSeconds: (user + system) / 1e6, peakMegabytes: Number(peak) / 1024 }),
);
