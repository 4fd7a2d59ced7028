// Picks one check's finding out of a diagnosis, and the verdict that leads a port space.
import { diagnose } from '../../src/core/analysis/diagnose.ts';
import type { CheckId, Finding } from '../../src/core/analysis/finding.ts';
import type { NodeFacts } from '../../src/core/model/node-facts.ts';

/** The first finding of this check, wherever it was made; undefined when the check is silent. */
export function findingOf(facts: NodeFacts, check: CheckId): Finding | undefined {
  const diagnosis = diagnose(facts);
  return [...diagnosis.portSpaces.flatMap(({ findings }) => findings), ...diagnosis.findings].find(
    (finding) => finding.check === check,
  );
}

/** The check that names the worst port space. */
export function verdictOf(facts: NodeFacts): CheckId | undefined {
  return diagnose(facts).portSpaces[0]?.findings[0]?.check;
}
