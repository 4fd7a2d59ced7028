// Reads one node's namespace into NodeFacts.
import { PortolanError } from '../core/errors/portolan-error.ts';
import type { NodeFacts } from '../core/model/node-facts.ts';

export interface ObserveNodeOptions {
  readonly netns?: string | number;
  readonly windowSeconds: number;
  readonly snatOnly?: boolean;
  readonly signal?: AbortSignal;
  readonly progress?: (step: string, share: number) => void;
}

/** Errors: PTL_CANNOT_MEASURE. */
export function observeNode(options: ObserveNodeOptions): Promise<NodeFacts> {
  return Promise.reject(new PortolanError('PTL_CANNOT_MEASURE', `Cannot observe the node for ${options.windowSeconds} s: no reader is built in, wanted one`));
}
