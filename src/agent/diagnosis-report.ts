// A diagnosis, cut down to what is bounded: no port space, no rule, no address.
import type { Diagnosis } from '../core/analysis/diagnosis.ts';
import type { Finding } from '../core/analysis/finding.ts';
import { portPressure } from '../core/analysis/port-pressure.ts';
import { gravity } from '../core/analysis/severity.ts';
import type { DiagnosisReport } from '../protocol/agent-report.ts';

export function diagnosisReport(diagnosis: Diagnosis, atMilliseconds: number): DiagnosisReport {
  const findings = [...diagnosis.findings, ...diagnosis.portSpaces.flatMap((space) => space.findings)];
  const [worst] = findings.toSorted((left, right) => gravity(left.severity) - gravity(right.severity));
  return {
    atMilliseconds,
    severity: diagnosis.severity,
    sentence: worst?.sentence ?? '',
    pressure: portPressure(diagnosis),
    checks: countBy(findings, ({ check, severity }) => `${check} ${severity}`).map(({ first, count }) => ({
      check: first.check,
      severity: first.severity,
      count,
    })),
    ranges: diagnosis.ranges.map(({ protocol, effective }) => ({
      protocol,
      range: effective.range,
      isDefault: effective.isDefault,
    })),
    claims: countBy(diagnosis.claims, ({ claim, hurts }) => `${claim.kind} ${hurts}`).map(({ first, count }) => ({
      kind: first.claim.kind,
      hurts: first.hurts,
      count,
    })),
  };
}

interface Counted<Item> {
  readonly first: Item;
  readonly count: number;
}

function countBy<Item extends Finding | Diagnosis['claims'][number]>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): readonly Counted<Item>[] {
  const counted = new Map<string, Counted<Item>>();
  for (const item of items) {
    const known = counted.get(keyOf(item));
    counted.set(keyOf(item), { first: known?.first ?? item, count: (known?.count ?? 0) + 1 });
  }
  return [...counted.values()];
}
