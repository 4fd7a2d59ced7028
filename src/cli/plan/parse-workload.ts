// The workload that opens the connections: `deployment/checkout`. It becomes part of a command, so only Kubernetes names pass.
import type { TextForm } from '../flags/flag-reader.ts';

export interface WorkloadName {
  readonly kind: string;
  readonly name: string;
}

const KINDS: Readonly<Record<string, string>> = {
  deployment: 'deployment',
  deploy: 'deployment',
  statefulset: 'statefulset',
  sts: 'statefulset',
  daemonset: 'daemonset',
  ds: 'daemonset',
};

/** RFC 1123 subdomain, as kube-apiserver checks the names of workloads. */
const NAME = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

/** RFC 1123 label. */
const LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;

export const WORKLOAD: TextForm<WorkloadName> = {
  wanted: 'KIND/NAME with deployment, statefulset or daemonset, for example deployment/checkout',
  parse: (text) => {
    const [kind = '', name = '', ...more] = text.split('/');
    const known = KINDS[kind];
    return known === undefined || more.length > 0 || name.length > 253 || !NAME.test(name)
      ? undefined
      : { kind: known, name };
  },
};

export const NAMESPACE: TextForm<string> = {
  wanted: 'the name of a Kubernetes namespace, for example payments',
  parse: (text) => (text.length <= 63 && LABEL.test(text) ? text : undefined),
};
