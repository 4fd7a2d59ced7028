// The node with the worst port space of all that files hold.
import { diagnose } from '../../core/analysis/diagnose.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { type ObserveFilesOptions, surveyFiles } from '../../observe/files/observe-files.ts';
import type { WorstNode } from '../measures.ts';
import { HottestNode } from './hottest-node.ts';

/** Errors: those of reading files. */
export async function worstOfFiles(options: ObserveFilesOptions): Promise<WorstNode> {
  const keeper = new HottestNode({});
  let nodes = 0;
  const read = await surveyFiles(options, (facts) => {
    nodes += 1;
    keeper.visit(facts);
  });
  if ('facts' in read) return { facts: read.facts, diagnosis: diagnose(read.facts), nodes: 1 };
  const { hottest } = keeper;
  if (hottest === undefined)
    throw new PortolanError(
      'PTL_CANNOT_MEASURE',
      `Cannot read ${options.paths.join(', ')}: no node in it, wanted one at least`,
    );
  return { facts: hottest.facts, diagnosis: hottest.diagnosis, nodes };
}
