// Where the metrics of an agent say something else than diagnoses of the same node, one made before and one after: flows that
// expire in between may be counted by either.
import { parseExposition, type Series } from './parse-exposition.ts';

export interface Figures {
  readonly spaces: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly usedPorts: number;
    readonly capacityPorts: number;
    readonly dropProbability: number;
  }[];
  /** `listener true`, one for each. */
  readonly claims: readonly string[];
  /** `tcp 32768-65535`. */
  readonly ranges: readonly string[];
}

/** Both compute it from the same bitmap; the order of their sums may differ. */
const ROUNDING = 1e-9;

export interface Comparison {
  /** How many figures of port spaces were compared. */
  readonly compared: number;
  readonly troubles: readonly string[];
}

export function metricTroubles(text: string, diagnoses: readonly Figures[]): Comparison {
  const series = parseExposition(text);
  const valueOf = (name: string, labels: Readonly<Record<string, string>>): number | undefined => {
    const found = (series.get(name) ?? []).filter((each) => hasLabels(each, labels));
    return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0);
  };
  const troubles: string[] = [];
  let compared = 0;
  const [before, after] = diagnoses;
  for (const space of before?.spaces ?? []) {
    const same = after?.spaces.find((each) => hasLabels(each, space.labels));
    for (const [name, figure] of FIGURES) {
      const value = valueOf(name, space.labels);
      const both = same === undefined ? [] : [space[figure], same[figure]];
      if (value === undefined || both.length === 0) continue;
      compared += 1;
      const isBetween = value >= Math.min(...both) - ROUNDING && value <= Math.max(...both) + ROUNDING;
      if (!isBetween)
        troubles.push(`${name} ${JSON.stringify(space.labels)} is ${value}, diagnose says ${both.join(' and ')}`);
    }
  }
  const claims = (series.get('portolan_claims_in_range') ?? []).flatMap(({ labels, value }) =>
    Array.from({ length: value }, () => `${labels['kind']} ${labels['hurts']}`),
  );
  const ranges = (series.get('portolan_range_first_port') ?? []).map(({ labels, value }) => {
    const last = valueOf('portolan_range_last_port', labels);
    return `${labels['protocol']} ${value}-${last}`;
  });
  const isSaid = (list: readonly string[], part: 'claims' | 'ranges'): boolean =>
    diagnoses.some((each) => list.toSorted(byText).join() === each[part].join());
  if (!isSaid(claims, 'claims')) troubles.push(`claims are ${claims.join()}, diagnose says ${before?.claims.join()}`);
  if (!isSaid(ranges, 'ranges')) troubles.push(`ranges are ${ranges.join()}, diagnose says ${before?.ranges.join()}`);
  return { compared, troubles };
}

const FIGURES = [
  ['portolan_port_space_ports', 'usedPorts'],
  ['portolan_port_space_capacity_ports', 'capacityPorts'],
  ['portolan_port_space_drop_probability', 'dropProbability'],
] as const;

function hasLabels({ labels }: Pick<Series, 'labels'>, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}

function byText(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
