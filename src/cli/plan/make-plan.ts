// Makes the plan: a situation of figures or of a diagnosis, then the remedies for it.
import type { Plan } from '../../core/advice/plan.ts';
import type { PlainFigures } from '../../core/advice/situation.ts';
import type { Diagnosis } from '../../core/analysis/diagnosis.ts';
import type { FiguresPlanOptions, NodePlanOptions } from '../measures.ts';

export function planForFigures(figures: PlainFigures, options: FiguresPlanOptions): Plan {
  throw new TypeError(`Cannot plan: ${figures.remoteAddress} ${options.at}`);
}

export function planForDiagnosis(diagnosis: Diagnosis, options: NodePlanOptions): Plan {
  throw new TypeError(`Cannot plan: ${diagnosis.node} ${options.goal.targetDrop}`);
}
