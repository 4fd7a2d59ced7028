import { describe, expect, it } from 'vitest';
import { parseServiceClaims } from './parse-service-claims.ts';

const FEATURES = 'service.kubernetes.io/ibm-load-balancer-cloud-provider-enable-features';

function claims(spec: object, annotations: object = {}) {
  const found = parseServiceClaims({ metadata: { namespace: 'payments', name: 'lb', annotations }, spec });
  return found.map(({ kind, protocol, ports, owner }) => `${kind} ${protocol} ${ports.first}-${ports.last} ${owner}`);
}

describe('the claims of a Service', () => {
  it('are none without ports of the node', () => {
    expect(claims({ type: 'ClusterIP', ports: [{ port: 80 }] })).toEqual([]);
    expect(claims({ type: 'LoadBalancer', allocateLoadBalancerNodePorts: false, ports: [{ port: 80 }] })).toEqual([]);
    expect(claims({ type: 'ExternalName' })).toEqual([]);
  });

  it('are its NodePorts, each of its protocol, and that of its health check', () => {
    const ports = [{ nodePort: 31_313 }, { nodePort: 31_314, protocol: 'UDP' }, { nodePort: 0 }];
    expect(claims({ type: 'LoadBalancer', ports, healthCheckNodePort: 32_000 })).toEqual([
      'node-port 6 31313-31313 Service payments/lb',
      'node-port 17 31314-31314 Service payments/lb',
      'health-check-node-port 6 32000-32000 Service payments/lb',
    ]);
  });

  it.each([
    ['nlb', 'load-balancer-member'],
    ['proxy-protocol, NLB', 'load-balancer-member'],
    ['private-path', 'load-balancer-member'],
    ['proxy-protocol', 'node-port'],
    ['', 'node-port'],
  ])('with the features %j are of kind %s', (features, kind) => {
    const spec = { type: 'LoadBalancer', ports: [{ nodePort: 31_313 }] };
    expect(claims(spec, { [FEATURES]: features })).toEqual([`${kind} 6 31313-31313 Service payments/lb`]);
  });

  it('are of no load balancer while the Service is none', () => {
    const spec = { type: 'NodePort', ports: [{ nodePort: 31_313 }] };
    expect(claims(spec, { [FEATURES]: 'nlb' })).toEqual(['node-port 6 31313-31313 Service payments/lb']);
  });

  it.each([undefined, null, 1, {}, { spec: { ports: 'all' } }])('are none of %j', (object) => {
    expect(parseServiceClaims(object)).toEqual([]);
  });
});
