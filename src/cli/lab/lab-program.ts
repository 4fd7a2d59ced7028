// What the lab offers the commands: its scenarios by name, one run, one shell.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { ScenarioRow } from '../../present/scenario-table.ts';
import type { ScenarioOptions, ScenarioRun } from '../measures.ts';

export function listScenarios(): Promise<readonly ScenarioRow[]> {
  return Promise.reject(
    new PortolanError('PTL_CANNOT_MEASURE', 'Cannot list scenarios: no lab is built in, wanted one'),
  );
}

export function runScenario(name: string, _options: ScenarioOptions): Promise<ScenarioRun> {
  return Promise.reject(
    new PortolanError('PTL_CANNOT_MEASURE', `Cannot run scenario ${name}: no lab is built in, wanted one`),
  );
}

export function openScenarioShell(name: string, _options: ScenarioOptions): Promise<number> {
  return Promise.reject(
    new PortolanError('PTL_CANNOT_MEASURE', `Cannot open scenario ${name}: no lab is built in, wanted one`),
  );
}
