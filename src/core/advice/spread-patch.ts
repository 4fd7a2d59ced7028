// The Kubernetes side of spreading: topology spread constraints as a strategic merge patch, its command and its undo.
import { shellWord } from './shell-word.ts';
import type { SpreadLayout } from './spread-layout.ts';
import type { Workload } from './situation.ts';

const TOPOLOGY_KEY = 'kubernetes.io/hostname';

/**
 * The patch of the pod template. matchLabelKeys counts the pods of one rollout only (the old ones are going), and
 * nodeTaintsPolicy Honor leaves out nodes that would not take the pods: by default they count as empty and block the rest.
 */
export function spreadPatch(workload: Workload | undefined, minDomains: number | undefined): object {
  const rollout = workload === undefined || workload.kind === 'deployment';
  const selector = workload?.matchLabels === undefined ? {} : { labelSelector: { matchLabels: workload.matchLabels } };
  const constraint = {
    maxSkew: 1,
    topologyKey: TOPOLOGY_KEY,
    whenUnsatisfiable: 'DoNotSchedule',
    ...(minDomains === undefined ? {} : { minDomains }),
    ...selector,
    ...(rollout ? { matchLabelKeys: ['pod-template-hash'] } : {}),
    nodeTaintsPolicy: 'Honor',
  };
  return { spec: { template: { spec: { topologySpreadConstraints: [constraint] } } } };
}

/** Scale first where more replicas are needed, then patch. The labels are read by the command where they are not known. */
export function spreadCommand(workload: Workload, layout: SpreadLayout, patch: object): string {
  const scale = layout.addsPods && layout.pods !== undefined ? [scaleCommand(workload, layout.pods)] : [];
  return [...scale, `kubectl patch ${target(workload)} --type strategic -p ${patchWord(workload, patch)}`].join(
    ' &&\n',
  );
}

/** The template as it was before, and as many replicas. */
export function spreadUndo(workload: Workload, layout: SpreadLayout, podsBefore: number | undefined): string {
  const scale = layout.addsPods && podsBefore !== undefined ? [scaleCommand(workload, podsBefore)] : [];
  return [`kubectl rollout undo ${target(workload)}`, ...scale].join(' &&\n');
}

function scaleCommand(workload: Workload, replicas: number): string {
  return `kubectl scale ${target(workload)} --replicas=${replicas}`;
}

function target({ kind, name, namespace }: Workload): string {
  return `${shellWord(kind)} ${shellWord(name)} -n ${shellWord(namespace)}`;
}

/** kubectl prints a map as JSON, so the selector of the object itself can stand in the patch. */
function patchWord(workload: Workload, patch: object): string {
  const text = shellWord(JSON.stringify(patch));
  if (workload.matchLabels !== undefined) return text;
  const labels = `"$(kubectl get ${target(workload)} -o jsonpath='{.spec.selector.matchLabels}')"`;
  return text.replace('"nodeTaintsPolicy"', `"labelSelector":{"matchLabels":'${labels}'},"nodeTaintsPolicy"`);
}
