// The series of a simulation as CSV (RFC 4180, lines end in a newline as Unix programs want them): one row per sample and series.
import type { SimReport } from '../../sim/sim-report.ts';

const HEAD = ['seconds', 'node', 'destination', 'usedPorts', 'livePorts', 'drops', 'opened', 'dropProbability'];

export function simulationCsv({ seconds, series }: SimReport): string {
  const rows = series.flatMap((line) =>
    seconds.map((second, index) => [
      second,
      line.node,
      line.destination,
      line.usedPorts[index] ?? '',
      line.livePorts[index] ?? '',
      line.drops[index] ?? '',
      line.opened[index] ?? '',
      line.dropProbability[index] ?? '',
    ]),
  );
  return [HEAD, ...rows].map((row) => `${row.map(cell).join(',')}\n`).join('');
}

function cell(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
