// What can be asked of a lab cluster, and what it is when nothing is asked.
import { NAT_FLAVOURS, type NatFlavour } from '../../../src/lab/nat-flavour.ts';
import type { CalicoGroup } from '../calico-kinds.ts';
import { CALICO_NODE_PROGRAMS, type EnvironmentVariable } from './calico-node-pods.ts';
import type { FelixTimes } from './felix-stand-in.ts';
import type { ServiceWish } from './lab-services.ts';
import type { Workload } from './lab-workloads.ts';
import type { CommandList } from './test-kubelet.ts';

export interface LabClusterOptions {
  readonly nodes?: number;
  readonly podsPerNode?: number;
  readonly servers?: number;
  /** The first of each is its main one. */
  readonly addressesPerServer?: number;
  /** Form of the nodes' NAT rules. */
  readonly flavour?: NatFlavour;
  /** The pods of a node belong to these in turn. */
  readonly workloads?: readonly Workload[];
  readonly services?: readonly ServiceWish[];
  readonly nodeLabels?: (node: string) => Readonly<Record<string, string>>;
  readonly calico?: Partial<CalicoOptions>;
  readonly felix?: Partial<FelixTimes>;
}

export interface CalicoOptions {
  readonly group: CalicoGroup;
  readonly version: string;
  /** Of the DaemonSet calico-node. */
  readonly namespace: string;
  /** Its variables, beside those that every calico-node has. */
  readonly env: readonly EnvironmentVariable[];
  /** Programs that exec into calico-node finds. */
  readonly programs: CommandList;
  /** Fields of FelixConfiguration `default`. One that no Felix can read is written later: a cluster starts with Felix running. */
  readonly felix: Readonly<Record<string, unknown>>;
  /** Fields of the pods' IPPool that differ from a plain one with natOutgoing. */
  readonly pool: Readonly<Record<string, unknown>>;
}

export type CompleteOptions = Required<Omit<LabClusterOptions, 'calico' | 'felix'>> & {
  readonly calico: CalicoOptions;
  readonly felix: FelixTimes;
};

export const CHECKOUT: Workload = { kind: 'Deployment', namespace: 'payments', name: 'checkout' };
export const LEDGER: Workload = { kind: 'StatefulSet', namespace: 'data', name: 'ledger' };
export const NIGHTLY: Workload = { kind: 'CronJob', namespace: 'reports', name: 'nightly' };

const DEFAULTS: CompleteOptions = {
  nodes: 1,
  podsPerNode: 3,
  servers: 1,
  addressesPerServer: 1,
  flavour: NAT_FLAVOURS[0],
  workloads: [CHECKOUT, LEDGER, NIGHTLY],
  services: [],
  nodeLabels: () => ({}),
  calico: {
    group: 'crd.projectcalico.org',
    version: 'v3.31.0',
    namespace: 'calico-system',
    env: [],
    programs: CALICO_NODE_PROGRAMS,
    felix: { natPortRange: '32768:65535' },
    pool: {},
  },
  felix: { restartMilliseconds: 300, unreadyMilliseconds: 1000 },
};

export function completeOptions(wish: LabClusterOptions): CompleteOptions {
  const calico = { ...DEFAULTS.calico, ...wish.calico };
  return { ...DEFAULTS, ...wish, calico, felix: { ...DEFAULTS.felix, ...wish.felix } };
}
