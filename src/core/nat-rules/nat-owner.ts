// Who wrote a rule, judged by the names that program gives its tables, chains, comments and bridges.
import type { NatOwner } from '../model/nat-rule.ts';

export interface RuleTraits {
  readonly table: string;
  readonly path: readonly string[];
  readonly comment?: string | undefined;
  readonly inInterface?: string | undefined;
  readonly outInterface?: string | undefined;
}

/** Native nftables tables that belong to one program. */
const TABLES: readonly (readonly [RegExp, NatOwner])[] = [
  [/^portolan/, 'portolan'],
  [/^calico/, 'calico'],
  [/^kube-proxy$/, 'kube-proxy'],
  [/^kind(net)?-/, 'kindnet'],
  [/^kindnet$/, 'kindnet'],
  [/^flannel-/, 'flannel'],
  [/^antrea/, 'antrea'],
  [/^cilium/, 'cilium'],
  [/^cni_/, 'cni-plugins'],
  [/^docker-/, 'docker'],
  [/^libvirt/, 'libvirt'],
  [/^ip-masq-agent/, 'ip-masq-agent'],
];

const CHAINS: readonly (readonly [RegExp, NatOwner])[] = [
  [/^(cali-|nat-cali-|raw-cali-|felix-)/, 'calico'],
  [/^FLANNEL-/, 'flannel'],
  [/^KIND-MASQ-AGENT/, 'kindnet'],
  [/^IP-MASQ/, 'ip-masq-agent'],
  [/^AWS-/, 'aws-vpc-cni'],
  [/^ANTREA-/, 'antrea'],
  [/^(OLD_)?CILIUM_/, 'cilium'],
  [/^CNI-/, 'cni-plugins'],
  [/^DOCKER/, 'docker'],
  [/^LIBVIRT_/, 'libvirt'],
  [/^KUBE-ROUTER/, 'unknown'],
  [/^KUBE-/, 'kube-proxy'],
];

const COMMENTS: readonly (readonly [RegExp, NatOwner])[] = [
  [/^cali:/, 'calico'],
  [/^flanneld /, 'flannel'],
  [/^(kubernetes|kube-proxy)\b/, 'kube-proxy'],
  [/^AWS[ ,-]/, 'aws-vpc-cni'],
  [/^(Antrea|antrea)\b/, 'antrea'],
  [/^cilium\b/, 'cilium'],
  [/^ip-masq(-agent)?\b/, 'ip-masq-agent'],
];

/** Bridges that Docker makes: docker0, br-<12 hex digits>. */
const DOCKER_BRIDGE = /^!?(docker\d+|br-[0-9a-f]{12}|docker_gwbridge)$/;
const LIBVIRT_BRIDGE = /^!?virbr\d+$/;

/** The innermost chain that names a program decides; then the rule's comment; then its bridge. */
export function ownerOf(traits: RuleTraits): NatOwner {
  return (
    ofNames(TABLES, traits.table) ??
    ofPath(traits.path) ??
    (traits.comment === undefined ? undefined : ofNames(COMMENTS, traits.comment)) ??
    ofInterfaces(traits) ??
    'unknown'
  );
}

function ofPath(path: readonly string[]): NatOwner | undefined {
  for (const chain of path.toReversed()) {
    const owner = ofNames(CHAINS, chain);
    if (owner !== undefined) return owner;
  }
  return undefined;
}

function ofNames(names: readonly (readonly [RegExp, NatOwner])[], text: string): NatOwner | undefined {
  return names.find(([pattern]) => pattern.test(text))?.[1];
}

function ofInterfaces({ inInterface, outInterface }: RuleTraits): NatOwner | undefined {
  const interfaces = [inInterface ?? '', outInterface ?? ''];
  if (interfaces.some((name) => DOCKER_BRIDGE.test(name))) return 'docker';
  return interfaces.some((name) => LIBVIRT_BRIDGE.test(name)) ? 'libvirt' : undefined;
}
