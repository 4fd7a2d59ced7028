// The part of a translating rule that every oracle can state.
import type { NatRule } from '../../src/core/model/nat-rule.ts';

export interface SeenRule {
  readonly chain: string;
  readonly kind: 'masquerade' | 'snat';
  /** `first-last`, empty without a range. */
  readonly ports: string;
  readonly random: string;
  readonly packets: number | undefined;
  readonly bytes: number | undefined;
}

/** Our translating rules in that form; the rules of one kernel rule with several protocols are counted once. */
export function ourRules(rules: readonly NatRule[]): readonly SeenRule[] {
  const seen = rules.flatMap((rule): { rule: SeenRule; protocol: number | undefined }[] => {
    const { action } = rule;
    if (action.kind !== 'masquerade' && action.kind !== 'snat') return [];
    const ports = action.range === undefined ? '' : `${action.range.first}-${action.range.last}`;
    const { packets, bytes } = rule;
    const form: SeenRule = {
      chain: rule.path.at(-1) ?? '',
      kind: action.kind,
      ports,
      random: action.random,
      packets,
      bytes,
    };
    return [{ rule: form, protocol: rule.match.protocol }];
  });
  return seen
    .filter(({ rule, protocol }, index) => {
      const previous = seen[index - 1];
      const isRepeat = previous?.protocol === 6 && protocol === 17;
      return !isRepeat || JSON.stringify(previous.rule) !== JSON.stringify(rule);
    })
    .map(({ rule }) => rule);
}
