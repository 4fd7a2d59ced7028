// Prints a plan in the format asked for; each format is imported when it is asked for.
import type { Plan } from '../core/advice/plan.ts';
import type { CommandInput } from './command-spec.ts';
import { printDocument } from './print-document.ts';

export async function printPlan(
  plan: Plan,
  { surroundings: { stdout }, style, format }: CommandInput,
  { explain, out }: { readonly explain: boolean; readonly out?: string },
): Promise<void> {
  switch (format) {
    case 'json':
    case 'yaml':
      return printDocument((await import('../present/plan/plan-document.ts')).planDocument(plan), format, stdout);
    case 'markdown':
      return stdout.write((await import('../present/plan/plan-markdown.ts')).formatPlanMarkdown(plan, style));
    default: {
      const options = out === undefined ? { style } : { style, savedAs: out };
      if (explain)
        return stdout.write((await import('../present/plan/plan-explain.ts')).formatPlanExplained(plan, options));
      return stdout.write((await import('../present/plan/plan-table.ts')).formatPlanTable(plan, options));
    }
  }
}
