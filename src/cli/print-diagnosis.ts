// Prints a diagnosis in the format asked for.
import type { SelectedDiagnosis } from '../present/left-out.ts';
import type { CommandInput } from './command-spec.ts';
import { printDocument } from './print-document.ts';

export interface PrintOptions {
  readonly top: number;
  readonly explain: boolean;
  /** True when the node is gone, so that no row can be asked for again. */
  readonly isOver?: boolean;
}

/** Each format is imported when it is asked for. */
export async function printDiagnosis(
  diagnosis: SelectedDiagnosis,
  { surroundings, style, format }: CommandInput,
  options: PrintOptions,
): Promise<void> {
  const { stdout } = surroundings;
  switch (format) {
    case 'json':
    case 'yaml':
      return printDocument(
        (await import('../present/diagnosis-document.ts')).diagnosisDocument(diagnosis),
        format,
        stdout,
      );
    case 'markdown':
      return stdout.write((await import('../present/diagnosis-markdown.ts')).formatDiagnosisMarkdown(diagnosis, style));
    case 'wide':
      return stdout.write((await import('../present/diagnosis-wide.ts')).formatDiagnosisWide(diagnosis, style));
    case 'csv':
    case 'svg':
      throw new TypeError(`Cannot print a diagnosis as ${format}: no command offers it`);
    case 'table':
      return stdout.write(await screen(diagnosis, { style, ...options }));
  }
}

async function screen(
  diagnosis: SelectedDiagnosis,
  { style, top, explain, isOver = false }: PrintOptions & Pick<CommandInput, 'style'>,
): Promise<string> {
  if (explain)
    return (await import('../present/diagnosis-explain.ts')).formatDiagnosisExplained(diagnosis, {
      style,
      top,
      isOver,
    });
  return (await import('../present/diagnosis-table.ts')).formatDiagnosisTable(diagnosis, { style, top, isOver });
}
