// Native nftables rulesets loaded into a kernel: `nft -j list ruleset` gives the rules that the kernel's own bytes give.
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src/core/model/address.ts';
import { natRulesOf } from '../../src/core/nat-rules/nat-rules-of.ts';
import { parseNftJson } from '../../src/dumps/rules/parse-nft-json.ts';
import { inNamespace } from '../nat-rules/in-namespace.ts';
import { ourRules } from '../nat-rules/seen-rule.ts';

const LOCAL = ['127.0.0.1', '::1'].flatMap((text) => parseAddress(text) ?? []);

function load(file: string) {
  const { reading, oracles } = inNamespace({
    setup: [{ program: 'nft', args: ['-f', '-'], input: file }],
    oracles: [{ program: 'nft', args: ['-j', 'list', 'ruleset'] }],
  });
  const text = oracles[0] ?? '';
  return { reading, text, rules: natRulesOf(parseNftJson(text) ?? [], LOCAL) };
}

describe('nft -j list ruleset', () => {
  it.each(['calico-native.nft', 'kube-proxy.nft'])('says of %s what the kernel says', (file) => {
    const { reading, rules } = load(file);
    expect(rules).toEqual({ value: reading.value, gaps: reading.gaps });
  });

  it.each(['split-range.nft', 'many-forms.nft'])('translates by the same rules as the kernel: %s', (file) => {
    const { reading, rules } = load(file);
    expect(ourRules(reading.value.sourceNat).length).toBeGreaterThan(0);
    expect(ourRules(rules.value.sourceNat)).toEqual(ourRules(reading.value.sourceNat));
    expect(rules.value.untrackedPorts).toEqual(reading.value.untrackedPorts);
  });

  it('refuses half a document', () => {
    const { text } = load('kube-proxy.nft');
    expect(parseNftJson(text.slice(0, text.length / 2))).toBeUndefined();
  });
});
