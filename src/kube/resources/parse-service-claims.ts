// The ports that a Service takes on every node. A member port of an IBM VPC network load balancer is told from a mere
// NodePort: the fabric keeps it for the balancer's traffic (IBM Cloud docs, VPC, "Known issues for network load balancers").
import type { PortClaim, PortClaimKind } from '../../core/model/port-claim.ts';
import { protocolNumber, TCP } from '../../core/model/protocol.ts';
import type { JsonShape } from '../access/parse-shaped.ts';
import { type JsonObject, listOf, numberOf, objectOf, textOf } from '../access/parse-object.ts';

const FEATURES = 'service.kubernetes.io/ibm-load-balancer-cloud-provider-enable-features';
/** Features that make it a network load balancer; without them it is an application load balancer, a proxy. */
const NETWORK_BALANCER: ReadonlySet<string> = new Set(['nlb', 'private-path']);
const SOURCE = 'API services';

/** What of a Service is looked at. */
export const SERVICE_SHAPE: JsonShape = {
  metadata: { name: true, namespace: true, annotations: { [FEATURES]: true } },
  spec: { type: true, ports: true, healthCheckNodePort: true },
};

export function parseServiceClaims(object: unknown): readonly PortClaim[] {
  const metadata = objectOf(objectOf(object)['metadata']);
  const spec = objectOf(objectOf(object)['spec']);
  const owner = `Service ${textOf(metadata['namespace']) ?? ''}/${textOf(metadata['name']) ?? ''}`;
  const kind = isNetworkBalancer(metadata, spec) ? 'load-balancer-member' : 'node-port';
  const claims = listOf(spec['ports']).flatMap((port) =>
    claimOf(objectOf(port)['nodePort'], { kind, owner, protocol: protocolOf(port) }),
  );
  const health = claimOf(spec['healthCheckNodePort'], { kind: 'health-check-node-port', owner, protocol: TCP });
  return [...claims, ...health];
}

interface ClaimWords {
  readonly kind: PortClaimKind;
  readonly owner: string;
  readonly protocol: number;
}

function claimOf(port: unknown, { kind, owner, protocol }: ClaimWords): PortClaim[] {
  const number = numberOf(port) ?? 0;
  return number > 0 ? [{ kind, protocol, ports: { first: number, last: number }, owner, source: SOURCE }] : [];
}

function protocolOf(port: unknown): number {
  return protocolNumber((textOf(objectOf(port)['protocol']) ?? 'TCP').toLowerCase()) ?? TCP;
}

function isNetworkBalancer(metadata: JsonObject, spec: JsonObject): boolean {
  if (spec['type'] !== 'LoadBalancer') return false;
  const features = textOf(objectOf(metadata['annotations'])[FEATURES]) ?? '';
  return features.split(',').some((feature) => NETWORK_BALANCER.has(feature.trim().toLowerCase()));
}
