// Prints a simulation in the format asked for; each format is imported when it is asked for.
import type { SimReport } from '../../sim/sim-report.ts';
import type { CommandInput } from '../command-spec.ts';
import { printDocument } from '../print-document.ts';

export async function printSimulation(
  report: SimReport,
  { surroundings: { stdout }, style, format }: CommandInput,
  next: string,
): Promise<void> {
  switch (format) {
    case 'json':
    case 'yaml':
      return printDocument(
        (await import('../../present/simulation/sim-document.ts')).simulationDocument(report, next),
        format,
        stdout,
      );
    case 'csv':
      return stdout.write((await import('../../present/simulation/sim-csv.ts')).simulationCsv(report));
    case 'svg':
      return stdout.write((await import('../../present/simulation/sim-plot.ts')).simulationSvg(report));
    case 'table':
    case 'wide':
    case 'markdown':
      return stdout.write(
        (await import('../../present/simulation/sim-table.ts')).formatSimulation(report, { style, next }),
      );
  }
}
