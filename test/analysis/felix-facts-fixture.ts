// Facts about Felix as tests need them: a cluster of Calico 3.32 whose layers were all read and set nothing unless told.
import type { FelixConfiguration } from '../../src/core/model/calico/felix-configuration.ts';
import type { FelixEnvironment } from '../../src/core/model/calico/felix-environment.ts';
import type { Seen } from '../../src/core/model/calico/seen.ts';
import { type FelixRangeFacts, effectiveNatPortRange } from '../../src/core/analysis/felix-range.ts';
import type { EffectiveNatPortRange } from '../../src/core/analysis/range-chain.ts';

export const NODE = 'worker-3';
export const RANGE_ANNOTATION = 'config.projectcalico.org/NATPortRange';

export function seen<Value>(value: Value): Seen<Value> {
  return { seen: true, value };
}

export const UNREAD = { seen: false, why: 'forbidden: pods in calico-system' } as const;

export function configuration(
  name: string,
  natPortRange?: unknown,
  more: Partial<FelixConfiguration> = {},
): FelixConfiguration {
  return {
    apiGroup: 'crd.projectcalico.org/v1',
    name,
    resourceVersion: '1',
    annotations: {},
    natPortRange,
    settings: {},
    ...more,
  };
}

export function environment(more: Partial<FelixEnvironment> = {}): Seen<FelixEnvironment> {
  return seen({ variables: {}, unread: [], configFile: seen(undefined), ...more });
}

export function variable(text: string, name = 'FELIX_NATPORTRANGE'): Seen<FelixEnvironment> {
  return environment({ variables: { [name]: text } });
}

export function factsOf(
  configurations: readonly FelixConfiguration[],
  more: Partial<FelixRangeFacts> = {},
): FelixRangeFacts {
  return {
    configurations: seen(configurations),
    environment: environment(),
    labels: seen({ pool: 'egress' }),
    calicoVersion: seen('v3.32.1'),
    ...more,
  };
}

export function answer(
  configurations: readonly FelixConfiguration[],
  { node = NODE, ...more }: Partial<FelixRangeFacts> & { readonly node?: string } = {},
): EffectiveNatPortRange {
  return effectiveNatPortRange(node, factsOf(configurations, more));
}
