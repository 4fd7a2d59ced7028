// Erlang's loss formula: what a search that tries every port loses, whatever the hold times' distribution (blocked flows lost).

/** Below this the sum of the inverse overflows, and nothing that anyone counts is lost. */
const OVERFLOW = 1e300;

/**
 * Share of new flows lost by `ports` servers under `offered` arrivals per hold time, 0..1.
 *
 * Summed as 1/B = 1 + c/a + c(c-1)/a^2 + ..., whose terms vanish after some square roots of `ports`.
 */
export function erlangLoss(ports: number, offered: number): number {
  if (offered <= 0) return 0;
  let [term, inverse] = [1, 1];
  for (let left = ports; left > 0; left -= 1) {
    term *= left / offered;
    inverse += term;
    if (inverse > OVERFLOW) return 0;
    if (left < offered && term < inverse * 1e-15) break;
  }
  return 1 / inverse;
}

/** The offered load at which `ports` servers lose the share `target`, 0 < target < 1. */
export function erlangOffered(ports: number, target: number): number {
  // B >= 1 - c/a, so the load lies below this.
  let [low, high] = [0, ports / (1 - target)];
  let offered = Math.min(high, ports);
  for (let step = 0; step < 60 && high - low > 1e-9 * high; step += 1) {
    const loss = erlangLoss(ports, offered);
    if (loss > target) high = offered;
    else low = offered;
    const next = loss > 0 ? offered + Math.log(target / loss) / (ports / offered - 1 + loss) : high;
    if (Math.abs(next - offered) <= 1e-12 * offered) return next;
    offered = next > low && next < high ? next : (low + high) / 2;
  }
  return offered;
}
