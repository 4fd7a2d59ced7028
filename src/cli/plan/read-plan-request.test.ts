import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { FlagReader, type RawFlags } from '../flags/flag-reader.ts';
import { CHANCE, CIDR, FACTOR, HOLD, RATE } from './figure-forms.ts';
import { DESTINATION } from './parse-destination.ts';
import { PORT_LIST } from './parse-port-list.ts';
import { NAMESPACE, WORKLOAD } from './parse-workload.ts';
import { readPlanRequest } from './read-plan-request.ts';

const LOAD = { destination: '203.0.113.9:443', rate: '300/s' };

function read(raw: RawFlags) {
  return readPlanRequest(new FlagReader({ raw, operands: [], helpCommand: 'portolan plan --help' }));
}

function problemsOf(raw: RawFlags): string[] {
  try {
    read(raw);
    return [];
  } catch (error) {
    if (!(error instanceof PortolanError)) throw error;
    expect(error.code).toBe('PTL_USAGE');
    return error.message.split('\n');
  }
}

describe('figures of a plan', () => {
  it.each([
    ['300/s', 300],
    ['18000/min', 300],
    ['18000/m', 300],
    ['3600/h', 1],
    ['0.5/s', 0.5],
  ])('rate %s is %d a second', (text, perSecond) => expect(RATE.parse(text)).toBe(perSecond));

  it.each(['300', '0/s', '-1/s', '300/d', '/s', '300 /s', '1e3/s', '300/s/s', '99999999/s'])(
    'rate %j is refused',
    (text) => {
      expect(RATE.parse(text)).toBeUndefined();
    },
  );

  it.each([
    ['1/1000', 0.001],
    ['1/1,000', 0.001],
    ['0.001', 0.001],
    ['1e-3', 0.001],
    ['0.1%', 0.001],
    ['.5', 0.5],
    ['0', 0],
    ['0/5', 0],
  ])('chance %s is %d', (text, chance) => expect(CHANCE.parse(text)).toBe(chance));

  it.each(['1', '1/1', '2/1', '100%', '1/0', '1000', '-0.1', '1e3', 'x', '1/', '0x1', '1 in 1000'])(
    'chance %j is refused',
    (text) => expect(CHANCE.parse(text)).toBeUndefined(),
  );

  it.each([
    ['24h', 86_400],
    ['2s', 2],
    ['5d', 432_000],
    ['10ms', 0.01],
  ])('hold %s is %d s', (text, seconds) => expect(HOLD.parse(text)).toBe(seconds));

  it.each(['120', '31d', '0s', '1w', ''])('hold %j is refused', (text) => expect(HOLD.parse(text)).toBeUndefined());

  it.each([
    ['2x', 2],
    ['1.5x', 1.5],
    ['3', 3],
  ])('factor %s is %d', (text, factor) => expect(FACTOR.parse(text)).toBe(factor));

  it.each(['0x', '0', '1001x', 'x', '-1x', '2X'])('factor %j is refused', (text) => {
    expect(FACTOR.parse(text)).toBeUndefined();
  });

  it('reads destinations of both families and any charted protocol', () => {
    expect(DESTINATION.parse('203.0.113.9:443')).toEqual({
      protocol: 6,
      family: 4,
      remoteAddress: '203.0.113.9',
      remotePort: 443,
    });
    expect(DESTINATION.parse('[2001:DB8:0::9]:53/udp')).toEqual({
      protocol: 17,
      family: 6,
      remoteAddress: '2001:db8::9',
      remotePort: 53,
    });
  });

  it.each([
    'api.example.com:443',
    '203.0.113.9',
    '203.0.113.9:0',
    '203.0.113.9:65536',
    '203.0.113.256:443',
    '2001:db8::9:443',
    '203.0.113.9:443/icmp',
    '[203.0.113.9:443',
    '203.0.113.9:443/tcp/udp',
  ])('destination %j is refused', (text) => expect(DESTINATION.parse(text)).toBeUndefined());

  it('clears the bits behind the length of a CIDR', () => {
    expect([CIDR.parse('10.244.7.9/16'), CIDR.parse('10.255.255.255/9'), CIDR.parse('2001:db8::1/64')]).toEqual([
      '10.244.0.0/16',
      '10.128.0.0/9',
      '2001:db8::/64',
    ]);
  });

  it.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.0/0', 'x/8', '10.0.0.0/8/8'])('CIDR %j is refused', (text) => {
    expect(CIDR.parse(text)).toBeUndefined();
  });

  it('reads lists of ports', () => {
    expect(PORT_LIST.parse('30000:32767,8443')).toEqual([
      { first: 30_000, last: 32_767 },
      { first: 8443, last: 8443 },
    ]);
    for (const text of ['', ',', '1,', '2:1', '0', '65536', '30000-32767'])
      expect(PORT_LIST.parse(text)).toBeUndefined();
  });

  it('lets nothing into a command that Kubernetes would not take for a name', () => {
    expect(WORKLOAD.parse('deploy/checkout')).toEqual({ kind: 'deployment', name: 'checkout' });
    for (const text of [
      'checkout',
      'deployment/',
      'job/x',
      'deployment/a b',
      "deployment/a'b",
      'deployment/$(x)',
      'deployment/a/b',
      'deployment/-a',
    ])
      expect(WORKLOAD.parse(text)).toBeUndefined();
    for (const text of ['-n', 'a;b', 'A', 'a'.repeat(64)]) expect(NAMESPACE.parse(text)).toBeUndefined();
  });

  it('no text is read as a workload or a namespace that a shell would take apart', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const workload = WORKLOAD.parse(`deployment/${text}`);
        for (const name of [workload?.name, NAMESPACE.parse(text)])
          expect(name ?? 'a').toMatch(/^[a-z0-9][a-z0-9.-]*$/);
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});

describe('readPlanRequest', () => {
  it('plans for the worst of this node, at 1 in 1,000 and twice the load, when nothing is said', () => {
    expect(read({})).toEqual({
      source: { kind: 'node', windowSeconds: 2, cluster: {} },
      goal: { targetDrop: 0.001, loadFactor: 2 },
      whatIfs: [],
      explain: false,
    });
  });

  it('takes figures of the load for not reading the node', () => {
    expect(
      read({ ...LOAD, hold: '122s', live: '2s', nodes: '6', pods: '40', vxlan: false, closes: 'server' }).source,
    ).toEqual({
      kind: 'figures',
      destination: { protocol: 6, family: 4, remoteAddress: '203.0.113.9', remotePort: 443 },
      load: { perSecond: 300, holdSeconds: 122, liveSeconds: 2 },
      cluster: { nodes: 6, pods: 40, vxlan: false, remoteClosesFirst: 1 },
    });
  });

  it('lets what one node does not show be said of it', () => {
    const { source } = read({ nodes: '6', workload: 'sts/db', namespace: 'data', skipPorts: '8443' });
    expect(source).toEqual({
      kind: 'node',
      windowSeconds: 2,
      cluster: {
        nodes: 6,
        skipPorts: [{ first: 8443, last: 8443 }],
        workload: { namespace: 'data', kind: 'statefulset', name: 'db' },
      },
    });
  });

  it('reads what-ifs with several keys', () => {
    const { whatIfs } = read({ whatIf: ['natPortRange=20000:65535,nodes=3', 'rate=500/s,live=2s,kernel=6.8'] });
    expect(whatIfs).toEqual([
      { title: 'natPortRange=20000:65535,nodes=3', natPortRange: { first: 20_000, last: 65_535 }, nodes: 3 },
      {
        title: 'rate=500/s,live=2s,kernel=6.8',
        perSecond: 500,
        liveSeconds: 2,
        behaviour: { search: 'windows', evictsClosing: 'yes' },
      },
    ]);
  });

  it('says everything that is wrong at once', () => {
    const problems = problemsOf({
      destination: 'api.example.com:443',
      rate: '300',
      hold: '120',
      nodes: '0',
      target: '2',
      load: '0x',
      whatIf: ['nodse=3', 'natPortRange=1-2,hold=', 'nodes=1,nodes=2'],
      workload: 'checkout',
      out: '',
    });
    expect(problems).toHaveLength(12);
    expect(problems.every((problem) => /^Cannot read --[a-z-]+( [a-zA-Z]+)?: .+, wanted .+/.test(problem))).toBe(true);
    expect(problems.join('\n')).toContain('did you mean nodes?');
  });

  it.each([
    [{ rate: '300/s' }, /^Cannot read --destination: nothing given/],
    [{ ...LOAD, connections: '5' }, /^Cannot read --connections: given with --rate/],
    [
      { destination: '203.0.113.9:443', kernel: '6.1' },
      /^Cannot read --kernel: given without --rate or --connections, .* --what-if kernel=/,
    ],
    [{ ...LOAD, live: '3s', hold: '2s' }, /^Cannot read --live: 3s, wanted at most --hold/],
    [{ destination: '203.0.113.9:443', connections: '5', live: '3s' }, /^Cannot read --live: given without --rate/],
    [{ ...LOAD, netns: '/run/netns/x' }, /^Cannot read --netns: given, wanted none with figures/],
    [{ space: '1', destination: '203.0.113.9:443' }, /^Cannot read --space: 1, wanted either/],
    [{ nodes: '6', maxNodes: '5' }, /^Cannot read --max-nodes: 5, wanted at least --nodes/],
    [{ namespace: 'x' }, /^Cannot read --namespace: given without --workload/],
    [{ from: 'p.json', target: '1/10' }, /^Cannot read --target: given, wanted none with --from/],
    [{ from: '' }, /^Cannot read --from: "" given/],
    [{ whatIf: Array.from({ length: 11 }, () => 'nodes=1') }, /^Cannot read --what-if: 11 of them/],
    [{ whatIf: [true] }, /^Cannot read --what-if: no value given/],
    [{ whatIf: ['__proto__=1'] }, /^Cannot read --what-if: __proto__=1, wanted KEY=VALUE/],
    [{ whatIf: ['nodes'] }, /^Cannot read --what-if: nodes, wanted KEY=VALUE/],
  ])('%j', (raw, message) => {
    const problems = problemsOf(raw);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });

  it('never throws anything but PTL_USAGE, whatever is typed', () => {
    const names = [
      'destination',
      'rate',
      'hold',
      'target',
      'load',
      'out',
      'from',
      'natPortRange',
      'podCidr',
      'skipPorts',
    ];
    const flags = fc.dictionary(fc.constantFrom(...names, 'nodes', 'kernel'), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(flags, fc.array(fc.string()), (raw, whatIf) => {
        problemsOf({ ...raw, whatIf });
      }),
      { seed: 11, numRuns: 500 },
    );
  });
});
