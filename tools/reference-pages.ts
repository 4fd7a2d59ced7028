// The generated pages of docs/reference: add a row to generate one more.
import { CATALOGUE } from '../src/core/errors/catalogue.ts';
import { generateCliReference } from '../src/cli/reference/cli-reference.ts';
import { generateScenarioReference } from '../src/cli/reference/scenario-reference.ts';
import { DEPLOY_FILES } from '../src/cli/install/deploy-files.ts';
import { stringify } from 'yaml';
import { prometheusRule, ruleGroups } from '../src/protocol/metrics/alerts.ts';
import { dashboard } from '../src/protocol/metrics/dashboard.ts';
import { metricsReference } from '../src/protocol/metrics/metrics-reference.ts';
import { errorsPage } from './errors-page.ts';
import { moduloBiasPage } from './modulo-bias-page.ts';
import { rbacPage } from './rbac-page.ts';

export interface ReferencePage {
  /** Relative to the root. */
  readonly path: string;
  readonly render: () => string;
}

export const REFERENCE_PAGES: readonly ReferencePage[] = [
  { path: 'docs/reference/errors.md', render: () => errorsPage(CATALOGUE) },
  { path: 'docs/reference/cli.md', render: generateCliReference },
  { path: 'docs/reference/scenario.md', render: generateScenarioReference },
  { path: 'docs/reference/metrics.md', render: metricsReference },
  { path: 'deploy/prometheus-rules.yaml', render: () => generatedYaml(ruleGroups()) },
  { path: 'deploy/prometheus-rule.yaml', render: () => generatedYaml(prometheusRule()) },
  { path: 'deploy/grafana-dashboard.json', render: () => `${JSON.stringify(dashboard(), null, 2)}\n` },
  ...DEPLOY_FILES,
  { path: 'docs/reference/rbac.md', render: rbacPage },
  { path: 'docs/modulo-bias.md', render: moduloBiasPage },
];

function generatedYaml(document: object): string {
  return `# Made from src/protocol/metrics: change it there, then npm run reference\n${stringify(document, { lineWidth: 0 })}`;
}
