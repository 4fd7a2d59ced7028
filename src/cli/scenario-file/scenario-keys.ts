// Every key of a scenario file with its meaning, form and fallback. The reader and docs/reference/scenario.md both use these.
import { TCP, UDP } from '../../core/model/protocol.ts';
import type { Form, Key } from './form.ts';
import { HOLD_FORM } from './hold-form.ts';
import { RANGES_FORM } from './ranges-form.ts';
import * as limits from './scenario-limits.ts';
import * as forms from './value-forms.ts';

/** A key that may be left out without anything standing in for it. */
function optional<Value>({ name, about, form }: Key<Value>, text: string): Key<Value | undefined> {
  return { name, about, form, fallback: { value: undefined, text } };
}

const ANY_TIME = forms.durationForm('0s', '30d');
const FLAG: Form<boolean> = {
  wanted: 'true or false',
  placeholder: true,
  read: ({ text }) => (text === 'true' ? true : text === 'false' ? false : undefined),
};
const PROTOCOL: Form<number> = {
  ...forms.wordForm(['tcp', 'udp'], 'tcp'),
  placeholder: TCP,
  read: ({ text }) => (text === 'tcp' ? TCP : text === 'udp' ? UDP : undefined),
};

export const TOP = {
  name: optional({ name: 'name', about: 'What the scenario is called', form: forms.NAME_FORM }, "the file's name"),
  story: optional(
    { name: 'story', about: 'What happens and why, in a sentence or two', form: forms.textForm(limits.LONGEST_STORY) },
    'none',
  ),
  seed: {
    name: 'seed',
    about: 'Start of all randomness: the same seed gives the same run',
    form: forms.countForm(0, limits.LARGEST_SEED),
    fallback: { value: 1, text: '1' },
  },
  duration: {
    name: 'duration',
    about: 'How much time is simulated',
    // A refused duration must not make every event late.
    form: { ...forms.durationForm('1s', '30d'), placeholder: Number.POSITIVE_INFINITY },
  },
  sample: optional(
    {
      name: 'sample',
      about: 'Time between two points of the series; at most 5,000 points',
      form: forms.durationForm('100ms', '30d'),
    },
    'a sixtieth of `duration`',
  ),
} as const;

export const NODES = {
  count: {
    name: 'count',
    about: 'How many nodes there are',
    form: forms.countForm(1, limits.MOST_NODES),
    fallback: { value: 1, text: '1' },
  },
  natPortRange: optional(
    {
      name: 'natPortRange',
      about: "Ports that pods' connections may leave with, as in Calico's FelixConfiguration; a list is a split range",
      form: RANGES_FORM,
    },
    'none: the kernel uses 1024-65535',
  ),
  kernel: {
    name: 'kernel',
    about:
      'Which Linux: decides how long it searches for a port and whether it takes closing ports over (6.5 and later)',
    form: forms.KERNEL_FORM,
  },
  random: {
    name: 'random',
    about: 'Where the search begins: anywhere (Calico, kube-proxy), or at the own port of the connection',
    form: forms.wordForm(['random-fully', 'random', 'none'], 'random-fully'),
    fallback: { value: 'random-fully', text: 'random-fully' },
  },
  snatAddresses: {
    name: 'snatAddresses',
    about: 'Addresses that each node masquerades with',
    form: forms.countForm(1, limits.MOST_ADDRESSES),
    fallback: { value: 1, text: '1' },
  },
  conntrackMax: {
    name: 'conntrackMax',
    about: 'Connections that a node can track (nf_conntrack_max)',
    form: forms.countForm(1, limits.MOST_ENTRIES),
    fallback: { value: 262_144, text: '262144' },
  },
} as const;

export const TIMEOUTS = {
  timeWait: {
    name: 'timeWait',
    about: 'How long a closed TCP connection keeps its port (nf_conntrack_tcp_timeout_time_wait)',
    form: forms.durationForm('1s', '1d'),
    fallback: { value: 120, text: '120s' },
  },
  close: {
    name: 'close',
    about: 'How long one that was reset keeps it (nf_conntrack_tcp_timeout_close)',
    form: forms.durationForm('1s', '1d'),
    fallback: { value: 10, text: '10s' },
  },
  udp: {
    name: 'udp',
    about: 'How long an unused UDP flow keeps its port (nf_conntrack_udp_timeout)',
    form: forms.durationForm('1s', '1d'),
    fallback: { value: 30, text: '30s' },
  },
} as const;

export const DESTINATION = {
  name: { name: 'name', about: 'What workloads call it', form: forms.NAME_FORM },
  address: { name: 'address', about: 'Where it is, outside the cluster', form: forms.ENDPOINT_FORM },
  protocol: { name: 'protocol', about: 'tcp or udp', form: PROTOCOL, fallback: { value: TCP, text: 'tcp' } },
  answers: {
    name: 'answers',
    about: 'false: a black hole, nothing ever comes back',
    form: FLAG,
    fallback: { value: true, text: 'true' },
  },
  timeWait: {
    name: 'timeWait',
    about: 'How long the server remembers a connection that it closed first; reusing the port earlier is slow',
    form: forms.durationForm('0s', '1h'),
    fallback: { value: 60, text: '60s' },
  },
} as const;

export const WORKLOAD = {
  name: { name: 'name', about: 'What events call it', form: forms.NAME_FORM },
  pods: {
    name: 'pods',
    about: 'Pods that connect, spread evenly over the nodes',
    form: forms.countForm(1, limits.MOST_PODS),
    fallback: { value: 1, text: '1' },
  },
  onNodes: optional(
    { name: 'onNodes', about: 'Only on so many of the nodes', form: forms.countForm(1, limits.MOST_NODES) },
    'all nodes',
  ),
  destination: { name: 'destination', about: 'Name of a destination', form: forms.NAME_FORM },
  rate: {
    name: 'rate',
    about: 'New connections of all its pods together',
    form: forms.rateForm(limits.MOST_PER_SECOND),
  },
  arrivals: {
    name: 'arrivals',
    about: 'Whether connections come at random moments or evenly spaced',
    form: forms.wordForm(['poisson', 'regular'], 'poisson'),
    fallback: { value: 'poisson', text: 'poisson' },
  },
  hold: {
    name: 'hold',
    about: 'How long a connection is used before it closes; the port stays taken for longer',
    form: HOLD_FORM,
  },
  closes: {
    name: 'closes',
    about: 'Who ends a TCP connection: the client, the server, either by a reset, or nobody (it vanishes)',
    form: forms.wordForm(['client', 'server', 'reset', 'vanish'], 'client'),
    fallback: { value: 'client', text: 'client' },
  },
  connectTimeout: {
    name: 'connectTimeout',
    about: 'A connect that is not done by then has failed',
    form: forms.durationForm('1s', '10m'),
    fallback: { value: 10, text: '10s' },
  },
  start: { name: 'start', about: 'When it begins', form: ANY_TIME, fallback: { value: 0, text: '0s' } },
  stop: optional({ name: 'stop', about: 'When it stops opening connections', form: ANY_TIME }, 'the end'),
} as const;

/** `at`, one key of EVENT_KINDS, and what that one needs. */
export const EVENT = {
  at: { name: 'at', about: 'When it happens', form: ANY_TIME },
  natPortRange: {
    name: 'natPortRange',
    about: 'All nodes get this range; connections that exist keep their ports',
    form: RANGES_FORM,
  },
  deploy: {
    name: 'deploy',
    about: 'Every pod of this workload is replaced: its connections end and as many are opened anew',
    form: forms.NAME_FORM,
  },
  over: {
    name: 'over',
    about: 'With `deploy`: how long the replacement takes',
    form: ANY_TIME,
    fallback: { value: 60, text: '60s' },
  },
  burst: { name: 'burst', about: 'This workload opens more connections for a while', form: forms.NAME_FORM },
  change: { name: 'change', about: 'This workload has another `rate` from now on', form: forms.NAME_FORM },
  rate: {
    name: 'rate',
    about: 'With `burst`: connections on top of the usual ones; with `change`: the new rate',
    form: forms.rateForm(limits.MOST_PER_SECOND),
  },
  for: { name: 'for', about: 'With `burst`: how long', form: forms.durationForm('100ms', '30d') },
  nodes: {
    name: 'nodes',
    about: 'The cluster has so many nodes from now on; pods spread over them',
    form: forms.countForm(1, limits.MOST_NODES),
  },
} as const;
