// What simulated nodes and pods are called. 198.18.0.0/15 is set aside for benchmarks (RFC 2544), so no node really has it.

const NODE_NETWORK = (198 << 24) | (18 << 16);
const POD_NETWORK = (10 << 24) | (244 << 16);

/** Nodes are numbered from 1, as people do. */
export function nodeName(node: number): string {
  return `worker-${node + 1}`;
}

/** The address that a node's flows leave with; further ones when it has several. */
export function snatAddress(
  node: number,
  { index, perNode }: { readonly index: number; readonly perNode: number },
): string {
  return dotted(NODE_NETWORK + node * perNode + index + 1);
}

/** A pod, numbered over all workloads. */
export function podAddress(pod: number): string {
  return dotted(POD_NETWORK + pod + 1);
}

function dotted(word: number): string {
  return [word >>> 24, (word >>> 16) & 0xff, (word >>> 8) & 0xff, word & 0xff].join('.');
}
