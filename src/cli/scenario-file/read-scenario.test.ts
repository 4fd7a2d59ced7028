import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { SimScenario } from '../../sim/sim-scenario.ts';
import { readScenario } from './read-scenario.ts';

const GOOD = `name: all-keys
story: >
  Two lines
  become one.
seed: 7
duration: 30m
sample: 10s
nodes:
  count: 3
  natPortRange: ["4790:29999", "32768:65535"]
  kernel: 6.10
  random: random
  snatAddresses: 2
  conntrackMax: 500000
  timeouts: { timeWait: 60s, close: 5s, udp: 1m }
destinations:
  - { name: api, address: "203.0.113.9:443", answers: false, timeWait: 0s }
  - { name: dns, address: "[2001:DB8:0::1]:53", protocol: udp }
workloads:
  - name: checkout
    pods: 12
    onNodes: 2
    destination: api
    rate: 1200/min
    arrivals: regular
    hold: { lognormal: { median: 1s, p99: 20s } }
    closes: server
    connectTimeout: 30s
    start: 1m
    stop: 20m
  - { name: lookups, destination: dns, rate: 36/h, hold: 500ms }
events:
  - { at: 15m, natPortRange: "1024:65535" }
  - { at: 10m, deploy: checkout, over: 30s }
  - { at: 11m, burst: checkout, rate: 5/s, for: 1m30s }
  - { at: 12m, change: lookups, rate: 2/s }
  - { at: 13m, nodes: 5 }
`;

const SMALL = `duration: 10m
nodes: { kernel: "6.1" }
destinations:
  - { name: api, address: "203.0.113.9:443" }
workloads:
  - { name: checkout, destination: api, rate: 3/s, hold: 1s }
`;

function read(text: string): SimScenario {
  return readScenario(text, { file: 'my.yaml', name: 'my' });
}

/** The lines of the refusal; empty when there is none. */
function problemsOf(text: string): string[] {
  try {
    read(text);
    return [];
  } catch (error) {
    if (error instanceof PortolanError && error.code === 'PTL_SCENARIO_FILE') return error.message.split('\n');
    throw error;
  }
}

describe('a scenario file', () => {
  it('says everything that a scenario can be', () => {
    expect(read(GOOD)).toEqual({
      name: 'all-keys',
      story: 'Two lines become one.',
      seed: 7,
      durationSeconds: 1800,
      sampleSeconds: 10,
      nodes: {
        count: 3,
        ranges: [
          { first: 4790, last: 29_999 },
          { first: 32_768, last: 65_535 },
        ],
        random: 'random',
        snatAddresses: 2,
        kernel: '6.5',
        release: '6.10',
        conntrackMax: 500_000,
        timeWaitSeconds: 60,
        closeSeconds: 5,
        udpSeconds: 60,
      },
      destinations: [
        { name: 'api', protocol: 6, address: '203.0.113.9', port: 443, answers: false, timeWaitSeconds: 0 },
        { name: 'dns', protocol: 17, address: '2001:db8::1', port: 53, answers: true, timeWaitSeconds: 60 },
      ],
      workloads: [
        {
          name: 'checkout',
          pods: 12,
          onNodes: 2,
          destination: 'api',
          perSecond: 20,
          arrivals: 'regular',
          hold: { kind: 'lognormal', medianSeconds: 1, p99Seconds: 20 },
          closer: 'server',
          connectTimeoutSeconds: 30,
          startSeconds: 60,
          stopSeconds: 1200,
        },
        {
          name: 'lookups',
          pods: 1,
          destination: 'dns',
          perSecond: 0.01,
          arrivals: 'poisson',
          hold: { kind: 'fixed', seconds: 0.5 },
          closer: 'client',
          connectTimeoutSeconds: 10,
          startSeconds: 0,
        },
      ],
      events: [
        { kind: 'deploy', atSeconds: 600, workload: 'checkout', overSeconds: 30 },
        { kind: 'burst', atSeconds: 660, workload: 'checkout', perSecond: 5, forSeconds: 90 },
        { kind: 'rate', atSeconds: 720, workload: 'lookups', perSecond: 2 },
        { kind: 'nodes', atSeconds: 780, count: 5 },
        { kind: 'nat-port-range', atSeconds: 900, ranges: [{ first: 1024, last: 65_535 }] },
      ],
    });
  });

  it('needs little, and takes the rest from the defaults of Linux', () => {
    expect(read(SMALL)).toMatchObject({
      name: 'my',
      seed: 1,
      sampleSeconds: 10,
      nodes: { count: 1, random: 'random-fully', snatAddresses: 1, conntrackMax: 262_144, timeWaitSeconds: 120 },
      events: [],
    });
    expect(read(SMALL).nodes.ranges).toBeUndefined();
  });

  it('says everything that is wrong at once, in the order of the file, with line, column and what is wanted', () => {
    const text = `seed: -1
seed: 2
duraton: 30
nodes: { count: 3.5, natPortRange: 32768-65535, kernel: linux }
destinations:
  - { name: api, address: "203.0.113.9", protocol: tpc }
  - { name: api, address: "203.0.113.9:443" }
workloads:
  - { name: checkout, pods: 0, destination: apl, rate: 300, hold: 1, closes: cient }
events:
  - { at: 10m, deploy: chekout, rate: 3/s }
`;
    expect(problemsOf(text)).toEqual([
      'Cannot read my.yaml:1:1 no duration given, wanted a duration from 1s to 30d with its unit, for example 30s, 10m or 1h30m',
      'Cannot read my.yaml:1:7 seed: -1, wanted a whole number from 0 to 4,294,967,295',
      'Cannot read my.yaml:2:7 seed: given twice (before at 1:7), wanted it once',
      'Cannot read my.yaml:3:1 no such key: duraton, wanted one of name, story, seed, duration, sample, nodes, destinations, workloads, events; did you mean duration?',
      'Cannot read my.yaml:4:17 nodes.count: 3.5, wanted a whole number from 1 to 5,000',
      'Cannot read my.yaml:4:36 nodes.natPortRange: 32768-65535, wanted "32768:65535": Calico takes 32768-65535 for the name of a port and silently sets no range',
      'Cannot read my.yaml:4:57 nodes.kernel: linux, wanted a Linux release such as "5.15" or "6.1", or one of 4.x, 5.0, 6.5 or 6.12',
      'Cannot read my.yaml:6:27 destinations[0].address: 203.0.113.9, wanted ADDRESS:PORT with a port from 1 to 65535, for example "203.0.113.9:443" or "[2001:db8::1]:443"',
      'Cannot read my.yaml:6:52 destinations[0].protocol: tpc, wanted tcp or udp',
      'Cannot read my.yaml:7:13 destinations[1].name: api is taken (at 6:13), wanted another name',
      'Cannot read my.yaml:9:29 workloads[0].pods: 0, wanted a whole number from 1 to 1,000,000',
      'Cannot read my.yaml:9:45 workloads[0].destination: apl, wanted the name of a destination: api; did you mean api?',
      'Cannot read my.yaml:9:56 workloads[0].rate: 300, wanted connections per time, at most 1,000,000/s, for example 300/s, 18000/min or 40/h',
      'Cannot read my.yaml:9:67 workloads[0].hold: 1, wanted 2s, forever, { exponential: 30s }, { uniform: { from: 1s, to: 5s } } or { lognormal: { median: 1s, p99: 20s } }',
      'Cannot read my.yaml:9:78 workloads[0].closes: cient, wanted client, server, reset or vanish; did you mean client?',
      'Cannot read my.yaml:11:24 events[0].deploy: chekout, wanted the name of a workload: checkout; did you mean checkout?',
      'Cannot read my.yaml:11:39 events[0].rate: given with deploy, which takes over',
    ]);
  });

  it.each([
    ['', /1:1 nothing given, wanted a map of name, story, /],
    ['- a', /1:1 a list given, wanted a map of/],
    ['duration: 10m\nnodes', /YAML: /],
    ['a: [', /YAML: /],
    [`${SMALL}---\n${SMALL}`, /7:1 YAML: /],
    [
      SMALL.replace('"6.1"', '*old'),
      /2:18 nodes.kernel: \*old, which stands for a value elsewhere, wanted a Linux release/,
    ],
    [SMALL.replace('10m', '10'), /1:11 duration: 10, wanted a duration/],
    [SMALL.replace('10m', '31d'), /1:11 duration: 31d, wanted a duration from 1s to 30d/],
    [SMALL.replace('10m', ''), /1:\d+ duration: nothing given, wanted a duration/],
    [SMALL.replace('"6.1"', '"6.1", natPortRange: 10:50'), /"10:50" in quotes: .* YAML 1\.1 see the number 650$/],
    [SMALL.replace('"6.1"', '"6.1", natPortRange: "65535:1024"'), /wanted FIRST:LAST with 1 <= FIRST <= LAST/],
    [
      SMALL.replace('"6.1"', '"6.1", natPortRange: ["1:9", "9:20"]'),
      /natPortRange\[1\]: 9:20, wanted parts that share no port$/,
    ],
    [SMALL.replace('203.0.113.9:443', '203.0.113.9:0'), /wanted ADDRESS:PORT/],
    [SMALL.replace('203.0.113.9:443', '2001:db8::1:443'), /wanted ADDRESS:PORT/],
    [SMALL.replace('3/s', '2000000/s'), /rate: 2000000\/s, wanted connections per time, at most 1,000,000\/s/],
    [
      SMALL.replace('hold: 1s', 'hold: { lognormal: { median: 2s, p99: 1s } }'),
      /p99: 1s, wanted a duration longer than/,
    ],
    [SMALL.replace('hold: 1s', 'hold: { exponential: 2s, uniform: 3s }'), /hold: 2 keys given, wanted/],
    [`${SMALL}events: [{ at: 20m, nodes: 2 }]`, /at: 20m, wanted a time before the end/],
    [`${SMALL}events: [{ at: 2m }]`, /events\[0\]: nothing happens, wanted exactly one of/],
    [`${SMALL}events: [{ at: 2m, nodes: 2, deploy: checkout }]`, /deploy and nodes given, wanted exactly one/],
    [`${SMALL}story: "\\e[31mred"`, /story: \[31mred, wanted text/],
    [`${SMALL}\u0000`, /YAML: |no such key/],
  ])('%j', (text, problem) => {
    const problems = problemsOf(text);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.some((line) => problem.test(line))).toBe(true);
    for (const line of problems) expect(line).toMatch(/^Cannot read my\.yaml:\d+:\d+ [^\p{Cc}]+$/u);
  });

  it('keeps the release that was typed, and no era word', () => {
    expect(read(SMALL).nodes).toMatchObject({ kernel: '5.0', release: '6.1' });
    expect(read(SMALL.replace('"6.1"', '"5.15.0-91-generic"')).nodes.release).toBe('5.15.0-91-generic');
    expect(read(SMALL.replace('"6.1"', '"5.15.\\e[2J"')).nodes.release).toBe('5.15. [2J');
    for (const era of ['4.x', '5.0', '6.5', '6.12'])
      expect(read(SMALL.replace('"6.1"', `"${era}"`)).nodes).not.toHaveProperty('release');
  });

  it('takes a range without quotes where every reader of YAML sees text', () => {
    const text = SMALL.replace('"6.1"', '"6.1", natPortRange: 32768:65535');
    expect(read(text).nodes.ranges).toEqual([{ first: 32_768, last: 65_535 }]);
  });

  it.each([
    ['duration: 10m', 'duration: 30d\nsample: 100ms', /25,920,000 samples, wanted at most 5,000/],
    [
      'hold: 1s }',
      'hold: 1s }\nevents: [{ at: 1m, change: checkout, rate: 1000000/s }]',
      /540,000,180 connections, wanted at most 500,000,000: choose a shorter "duration" or a lower rate/,
    ],
    ['rate: 3/s', 'rate: 1000000/s', /600,000,000 connections, wanted at most 500,000,000/],
    ['rate: 3/s, hold: 1s', 'rate: 100000/s, hold: forever', /connections at once, wanted at most 20,000,000/],
    [
      'kernel: "6.1"',
      'kernel: "6.1", count: 5000, snatAddresses: 2',
      /10,000 nodes x SNAT addresses x destinations, wanted at most 5,000/,
    ],
  ])('refuses the absurd: %s as %s', (from, to, problem) => {
    expect(problemsOf(SMALL.replace(from, to)).join('\n')).toMatch(problem);
  });

  it('estimates by the rate of each moment, so that a short rush is not taken for a long one', () => {
    const rush = 'events: [{ at: 1m, change: checkout, rate: 1000000/s }, { at: 61s, change: checkout, rate: 1/s }]';
    expect(problemsOf(SMALL + rush)).toEqual([]);
  });

  it('refuses a workload that starts at the end or later', () => {
    for (const start of ['10m', '50m'])
      expect(problemsOf(SMALL.replace('rate: 3/s', `rate: 3/s, start: ${start}`)).join('\n')).toMatch(
        new RegExp(`workloads\\[0\\]\\.start: ${start}, wanted a time before the end \\(duration\\)$`),
      );
    expect(problemsOf(SMALL.replace('rate: 3/s', 'rate: 3/s, start: 9m59s'))).toEqual([]);
  });

  it('says once that lists are nested too deep', () => {
    const wanted = 'Cannot read my.yaml:1:1 YAML: lists or maps nested thousands deep, wanted a scenario';
    for (const depth of [20_000, 50_000, 100_000]) expect(problemsOf('['.repeat(depth))).toEqual([wanted]);
  });

  it('says at most 50 problems, then how many more there are', () => {
    const problems = problemsOf(Array.from({ length: 80 }, (_, index) => `key${index}: 1`).join('\n'));
    expect(problems).toHaveLength(51);
    expect(problems.at(-1)).toBe('Cannot read my.yaml: 34 more problems, wanted none');
  });

  it('is not impressed by bombs', () => {
    expect(problemsOf('['.repeat(100_000))[0]).toMatch(/YAML: /);
    const laughs = [
      'a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]',
      ...'bcdefgh'
        .split('')
        .map(
          (name, index) =>
            `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefg'.charAt(index)}`).join(', ')}]`,
        ),
    ];
    expect(problemsOf(`${laughs.join('\n')}\nstory: *h\n`).join('\n')).toMatch(/story: \*h, which stands for/);
  });

  it('either reads or refuses whatever it is given', () => {
    const cut = fc.integer({ min: 0, max: GOOD.length }).map((at) => GOOD.slice(0, at));
    const changed = fc
      .tuple(fc.integer({ min: 0, max: GOOD.length }), fc.string({ maxLength: 4 }), fc.nat(6))
      .map(([at, text, gone]) => GOOD.slice(0, at) + text + GOOD.slice(at + gone));
    fc.assert(
      fc.property(fc.oneof(cut, changed, fc.string({ unit: 'binary' })), (text) => {
        for (const problem of problemsOf(text)) expect(problem).toMatch(/^Cannot read my\.yaml:[^\p{Cc}]+$/u);
      }),
      { seed: 20_261_122, numRuns: 200 },
    );
  });
});
