// Whether a command looks at saved files, at this node or at a cluster: what was typed decides, then the environment.

export type Target = 'files' | 'node' | 'cluster';

export interface TargetSigns {
  readonly hasFiles: boolean;
  /** Flags given that only this node knows: `--netns`, `--local`. */
  readonly nodeFlags: readonly string[];
  /** Flags given that only a cluster knows. */
  readonly clusterFlags: readonly string[];
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
}

export interface ChosenTarget {
  readonly target: Target;
  /** Why the signs contradict each other. */
  readonly problems: readonly string[];
  /** True when nothing that was typed says so. */
  readonly isGuess: boolean;
}

/**
 * Files, then what flags say. Else a cluster where the environment names one (KUBECONFIG, or a pod's service account), or
 * where this machine is no Linux node that could be looked at; else this node. A ~/.kube/config alone decides nothing: nodes have
 * one too.
 */
export function chooseTarget(signs: TargetSigns): ChosenTarget {
  const { hasFiles, nodeFlags, clusterFlags } = signs;
  const problems = clusterFlags.flatMap((flag) => contradictions(flag, signs));
  if (hasFiles) return { target: 'files', problems, isGuess: false };
  if (nodeFlags.length > 0) return { target: 'node', problems, isGuess: false };
  if (clusterFlags.length > 0) return { target: 'cluster', problems, isGuess: false };
  return { target: namesCluster(signs) ? 'cluster' : 'node', problems, isGuess: true };
}

function contradictions(flag: string, { hasFiles, nodeFlags }: TargetSigns): string[] {
  const [nodeFlag] = nodeFlags;
  // One of the nodes of a bundle.
  if (hasFiles && flag === '--node') return [];
  if (hasFiles) return [`Cannot read ${flag}: given with files, wanted none: files are read without a cluster`];
  if (nodeFlag === undefined) return [];
  return [`Cannot read ${flag}: given with ${nodeFlag}, wanted either: one means a cluster, the other this node`];
}

function namesCluster({ variables, platform }: TargetSigns): boolean {
  const isSet = (name: string): boolean => (variables[name] ?? '') !== '';
  return isSet('KUBECONFIG') || isSet('KUBERNETES_SERVICE_HOST') || platform !== 'linux';
}
