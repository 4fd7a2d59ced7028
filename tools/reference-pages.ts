// The generated pages of docs/reference: add a row to generate one more.
import { CATALOGUE } from '../src/core/errors/catalogue.ts';
import { generateCliReference } from '../src/cli/reference/cli-reference.ts';
import { generateScenarioReference } from '../src/cli/reference/scenario-reference.ts';
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
  { path: 'docs/reference/rbac.md', render: rbacPage },
  { path: 'docs/modulo-bias.md', render: moduloBiasPage },
];
