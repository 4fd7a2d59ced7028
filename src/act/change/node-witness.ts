// Who looks at a node: the program gives it to the change, so that what is proved does not depend on how it is read.
import type { NodeLook } from '../../core/advice/change/node-look.ts';

export interface LookOptions {
  /** False: rules and flows need not be read. */
  readonly wantsRules: boolean;
  /** Felix's own words count from then on, ISO 8601; undefined: its last ones. */
  readonly since: string | undefined;
  readonly signal: AbortSignal;
}

export interface NodeWitness {
  /** What can be seen of the node now; what cannot is said, not thrown. Rejects with the signal's reason, and when the API server is gone. */
  look(node: string, options: LookOptions): Promise<NodeLook>;
  close(): void;
}
