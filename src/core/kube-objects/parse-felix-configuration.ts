// Takes a FelixConfiguration out of its stored JSON. The range stays as written: what it means is judged elsewhere.
import type { CalicoApiGroup, FelixConfiguration, FelixSnatSettings } from '../model/calico/felix-configuration.ts';
import { type JsonObject, listOf, numberOf, objectOf, textOf, textsOf } from './parse-object.ts';

/** Undefined for an object without a name. */
export function parseFelixConfiguration(object: unknown, apiGroup: CalicoApiGroup): FelixConfiguration | undefined {
  const metadata = objectOf(objectOf(object)['metadata']);
  const spec = objectOf(objectOf(object)['spec']);
  const name = textOf(metadata['name']);
  if (name === undefined) return undefined;
  return {
    apiGroup,
    name,
    resourceVersion: textOf(metadata['resourceVersion']) ?? '',
    ...present({
      creationTimestamp: textOf(metadata['creationTimestamp']),
      nodeSelector: textOf(spec['nodeSelector']),
    }),
    annotations: textsOf(metadata['annotations']),
    natPortRange: spec['natPortRange'],
    settings: parseSettings(spec),
  };
}

function parseSettings(spec: JsonObject): FelixSnatSettings {
  return present({
    natOutgoingAddress: textOf(spec['natOutgoingAddress']),
    natOutgoingExclusions: textOf(spec['natOutgoingExclusions']),
    iptablesNATOutgoingInterfaceFilter: textOf(spec['iptablesNATOutgoingInterfaceFilter']),
    featureDetectOverride: textOf(spec['featureDetectOverride']),
    iptablesBackend: textOf(spec['iptablesBackend']),
    nftablesMode: textOf(spec['nftablesMode']),
    bpfEnabled: flagOf(spec['bpfEnabled']),
    kubeNodePortRanges: rangesOf(spec['kubeNodePortRanges']),
    vxlanEnabled: flagOf(spec['vxlanEnabled']),
    vxlanPort: numberOf(spec['vxlanPort']),
    wireguardEnabled: flagOf(spec['wireguardEnabled']),
    wireguardListeningPort: numberOf(spec['wireguardListeningPort']),
    chainInsertMode: textOf(spec['chainInsertMode']),
    floatingIPs: textOf(spec['floatingIPs']),
  });
}

/** Each a text or, for a single port, a number. */
function rangesOf(value: unknown): readonly string[] | undefined {
  const ranges = listOf(value).filter((item) => typeof item === 'string' || typeof item === 'number');
  return ranges.length === 0 ? undefined : ranges.map(String);
}

function flagOf(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

type Present<Fields> = { readonly [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

/** The fields that have a value. */
function present<Fields extends object>(fields: Fields): Present<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<Fields>;
}
