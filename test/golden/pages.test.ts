import { describe, it } from 'vitest';
import { COMMANDS } from '../../src/cli/command-specs.ts';
import { commandHelp, programHelp } from '../../src/cli/help-text.ts';
import type { KernelBehaviour } from '../../src/core/model/kernel-behaviour.ts';
import type { NatRule } from '../../src/core/model/nat-rule.ts';
import { unknownBehaviour } from '../../src/core/model/kernel-behaviour.ts';
import type { ExamAnswer } from '../../src/present/exam-table.ts';
import { formatExam } from '../../src/present/exam-table.ts';
import { formatProbe, probeDocument } from '../../src/present/probe-table.ts';
import { rulesDocument } from '../../src/present/rule-document.ts';
import { formatRules } from '../../src/present/rules-table.ts';
import { formatScenarios } from '../../src/present/scenario-table.ts';
import { DEFAULT_STYLE } from '../../src/present/style.ts';
import { matchGolden } from './match-golden.ts';
import { CALICO_RULE, DOCKER_RULE, SAMPLE_DIAGNOSES } from './sample-diagnoses.ts';

const style = DEFAULT_STYLE;
const behaviour: KernelBehaviour = SAMPLE_DIAGNOSES['critical-churn'].behaviour;

const READING = {
  value: { sourceNat: [CALICO_RULE, DOCKER_RULE], dnatPorts: [], untrackedPorts: [] },
  source: 'nf_tables dump',
  complete: false,
  gaps: [
    {
      id: 'nat-rules-legacy' as const,
      what: 'rules of iptables-legacy',
      why: 'EPERM: needs CAP_NET_ADMIN',
      weakens: 'the order of the rules',
    },
  ],
};

const SNAT: NatRule = {
  ...DOCKER_RULE,
  match: { source: 'a set', destination: '!10.0.0.0/8', other: ['a test nobody knows', 'another one that is long'] },
  action: { kind: 'snat', addresses: ['192.0.2.10', '192.0.2.11'], random: 'none' },
};

const SNATS = {
  ...READING,
  value: {
    ...READING.value,
    sourceNat: [SNAT, { ...SNAT, action: { kind: 'snat' as const, addresses: [], random: 'none' as const } }],
  },
  gaps: [{ id: 'nat-rule-unknown' as const, what: 'a test', why: 'not known', weakens: 'the order of the rules' }],
};

const ANSWERS: readonly ExamAnswer[] = [
  { scenario: 'healthy', seed: 1, expected: ['fine'], answered: 'fine' },
  { scenario: 'filling', seed: 1, expected: ['nearing', 'exhausted'], answered: 'exhausted' },
  { scenario: 'time-wait-churn', seed: 1, expected: ['churn'], answered: 'churn' },
  {
    scenario: 'time-wait-churn',
    seed: 2,
    expected: ['churn'],
    answered: 'fine',
    wrong: 'churn (critical) on 203.0.113.9:443 was not found; found nothing',
  },
];

describe('pages', () => {
  it('probe', () => matchGolden('probe.txt', formatProbe(behaviour, style)));
  it('probe of a kernel nothing could be tried on', () =>
    matchGolden('probe.unknown.txt', formatProbe(unknownBehaviour('6.1.0'), style)));
  it('probe as JSON', () => matchGolden('probe.json.txt', `${JSON.stringify(probeDocument(behaviour), null, 2)}\n`));
  it('rules', () => matchGolden('rules.txt', formatRules(READING, { style, wide: false })));
  it('SNAT rules', () => matchGolden('rules.snat.txt', formatRules(SNATS, { style, wide: false })));
  it('SNAT rules where there is no room', () =>
    matchGolden('rules.snat.60.txt', formatRules(SNATS, { style: { ...style, width: 60 }, wide: false })));
  it('rules wide', () => matchGolden('rules.wide.txt', formatRules(READING, { style, wide: true })));
  it('rules as JSON', () => matchGolden('rules.json.txt', `${JSON.stringify(rulesDocument(READING), null, 2)}\n`));
  it('exam', () => matchGolden('exam.txt', formatExam(ANSWERS, style)));
  it('scenarios', () =>
    matchGolden(
      'scenarios.txt',
      formatScenarios(
        [
          { name: 'healthy', story: 'Two pods talk to one server; plenty of ports', expected: ['fine'] },
          {
            name: 'time-wait-churn',
            story: 'Short connections to one destination on a kernel that does not reuse closing ports',
            expected: ['churn'],
          },
        ],
        style,
      ),
    ));
  it('help', () => matchGolden('help.txt', programHelp('portolan')));
  it('help of diagnose as a kubectl plugin', () => {
    const [diagnose] = COMMANDS;
    matchGolden('help-diagnose.kubectl.txt', diagnose === undefined ? '' : commandHelp(diagnose, 'kubectl snat'));
  });
});
