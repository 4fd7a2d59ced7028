import { describe, expect, it } from 'vitest';
import { findingOf } from '../../../test/analysis/finding-of.ts';
import {
  NODE_ADDRESS,
  NOT_EVICTING,
  closingFixture,
  datagramsFixture,
  flowsFixture,
  nodeFactsFixture,
  ruleFixture,
} from '../../../test/analysis/node-facts-fixture.ts';
import { REMOTE_CLOSED_FIRST, SRC_NAT } from '../model/flow-status.ts';

const RANGE = { first: 40_000, last: 40_999 };
const WIDE = { first: 1025, last: 65_535 };
const PATCH = /calicoctl patch .*"1025:65535"\}\}'$/;

/** `count` live flows shared by as many pods. */
function shared(pods: number): ReturnType<typeof flowsFixture> {
  return Array.from({ length: pods }, (_, pod) =>
    flowsFixture(1000 / pods, { port: 40_000 + (pod * 1000) / pods, source: `10.1.0.${pod + 1}` }),
  ).flat();
}

describe('what helps when ports run out', () => {
  it('is a wider range where nobody stands out, as one command', () => {
    expect(findingOf(nodeFactsFixture({ range: RANGE, flows: shared(4) }), 'exhausted')?.remedy).toMatch(/^calicoctl/);
  });

  it('is the one address that holds nearly all of them; the range comes second', () => {
    const remedy = findingOf(nodeFactsFixture({ range: RANGE, flows: shared(1) }), 'exhausted')?.remedy;
    expect(remedy).toMatch(/^spread or reuse: 10\.1\.0\.1 alone holds 100 %; .*; or: calicoctl/);
    expect(remedy).toMatch(PATCH);
  });

  it('is the program on the node itself when that is the address', () => {
    const flows = flowsFixture(1000, { port: 40_000, source: NODE_ADDRESS });
    const remedy = findingOf(nodeFactsFixture({ range: RANGE, flows }), 'exhausted')?.remedy;
    expect(remedy).toMatch(/^reuse: 192\.0\.2\.10 alone holds 100 %; let that program on the node/);
  });

  it('is fewer queries where DNS takes them', () => {
    const facts = nodeFactsFixture({ range: RANGE, flows: datagramsFixture(1000, { port: 40_000 }) });
    expect(findingOf(facts, 'churn')?.remedy).toMatch(
      /^answer DNS on the node \(NodeLocal DNSCache\).*; or: calicoctl/,
    );
    const other = nodeFactsFixture({ range: RANGE, flows: datagramsFixture(1000, { port: 40_000, remotePort: 123 }) });
    expect(findingOf(other, 'churn')?.remedy).not.toContain('DNS');
  });

  it('is who closes first where ports come back too early', () => {
    const status = SRC_NAT | REMOTE_CLOSED_FIRST;
    const flows = closingFixture(1000, { port: 40_000, status, timeoutSeconds: 110 });
    const remedy = findingOf(nodeFactsFixture({ range: RANGE, flows }), 'recycled-too-early')?.remedy;
    expect(remedy).toMatch(
      /^let the client close first, or keep connections open; a wider range also delays reuse; or:/,
    );
  });

  it('is never a range that is as wide as is useful, and always one that ends early', () => {
    const flows = flowsFixture(64_511, { port: 1025 });
    expect(findingOf(nodeFactsFixture({ range: WIDE, flows }), 'exhausted')?.remedy).not.toContain('calicoctl');
    const low = { first: 2000, last: 2999 };
    const early = nodeFactsFixture({ range: low, flows: flowsFixture(1000, { port: 2000 }) });
    expect(findingOf(early, 'exhausted')?.remedy).toMatch(PATCH);
  });

  it('is the same patch where Calico translates to an address of its own, with what that does', () => {
    const action = { kind: 'snat', random: 'random-fully', range: RANGE, addresses: [] } as const;
    const natRules = { sourceNat: [ruleFixture({ action })], dnatPorts: [], untrackedPorts: [] };
    const finding = findingOf(nodeFactsFixture({ behaviour: NOT_EVICTING, natRules, flows: shared(4) }), 'exhausted');
    expect(finding?.remedy).toMatch(PATCH);
    expect(finding?.because.join(' ')).toContain('patching natPortRange restarts Felix on every node');
  });
});
