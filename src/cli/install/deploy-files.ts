// The files of deploy/ that put agents into a cluster without this program: a kustomize base and a Helm chart, with the same
// objects as `portolan install`.
import { packageVersion } from '../package-version.ts';
import { manifestsYaml, manifestYaml } from '../rbac/manifest-yaml.ts';
import type { Manifest } from '../rbac/rbac-manifests.ts';
import { AGENT, PUBLISH } from './agent-daemon-set.ts';
import {
  accountManifests,
  agentManifests,
  askerManifests,
  daemonSetManifest,
  publishManifests,
  scraperManifest,
} from './agent-manifests.ts';

const GENERATED = '# Made from src/cli/install: change it there, then npm run reference\n';
/** What people replace: `kustomize edit set image portolan=registry.example/portolan:0.1.0`. */
const KUSTOMIZE_IMAGE = 'portolan';
const KUSTOMIZE_NAMESPACE = 'portolan';
const HELM_CHANGES = [
  { from: 'add: [NET_ADMIN]', to: 'add: [NET_ADMIN{{ if .Values.legacyIptables }}, NET_RAW{{ end }}]' },
  { from: `, ${PUBLISH}]`, to: `{{ if .Values.publish }}, ${PUBLISH}{{ end }}]` },
];

export const DEPLOY_FILES: readonly { readonly path: string; readonly render: () => string }[] = [
  { path: 'deploy/kustomize/kustomization.yaml', render: kustomization },
  { path: 'deploy/kustomize/agent.yaml', render: kustomizeObjects },
  { path: 'deploy/kustomize-publish/kustomization.yaml', render: publishingKustomization },
  { path: 'deploy/kustomize-publish/publish.yaml', render: publishingObjects },
  { path: 'deploy/helm/portolan/Chart.yaml', render: helmChart },
  { path: 'deploy/helm/portolan/values.yaml', render: helmValues },
  { path: 'deploy/helm/portolan/templates/agent.yaml', render: helmTemplate },
];

function kustomization(): string {
  const object = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    namespace: KUSTOMIZE_NAMESPACE,
    resources: ['agent.yaml'],
    images: [{ name: KUSTOMIZE_IMAGE, newTag: packageVersion() }],
  };
  return GENERATED + manifestYaml(object);
}

function kustomizeObjects(): string {
  const wish = { namespace: KUSTOMIZE_NAMESPACE, image: KUSTOMIZE_IMAGE, readsLegacy: false, publishes: false };
  return GENERATED + manifestsYaml(agentManifests(wish));
}

/** Beside the base and no part of it: a namespace set on all of them would take the role for Events out of `default`. */
function publishingKustomization(): string {
  const patch = `- op: add\n  path: /spec/template/spec/containers/0/args/-\n  value: ${PUBLISH}\n`;
  const object = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: ['../kustomize', 'publish.yaml'],
    patches: [{ target: { kind: 'DaemonSet', name: AGENT }, patch }],
  };
  return GENERATED + manifestYaml(object);
}

function publishingObjects(): string {
  return GENERATED + manifestsYaml(publishManifests(KUSTOMIZE_NAMESPACE));
}

function helmChart(): string {
  const version = packageVersion();
  const chart = {
    apiVersion: 'v2',
    name: 'portolan',
    description: "Agents that watch the source ports of every node's SNAT",
    type: 'application',
    version,
    appVersion: version,
  };
  return GENERATED + manifestYaml(chart);
}

function helmValues(): string {
  return `${GENERATED}# The image of the agents, with its tag: docs/reference/install.md builds one.
image: ""
# Also read rules of iptables-legacy: gives the agents NET_RAW.
legacyIptables: false
# Also write a condition SNATPortPressure of each node, and Events: gives the agents those rights. Kubernetes 1.30 or newer.
publish: false
`;
}

/** Without the namespace, which Helm makes itself; it needs the label that docs/reference/install.md names. */
function helmTemplate(): string {
  const namespace = '{{ .Release.Namespace }}';
  const image = '{{ required "image is needed" .Values.image }}';
  const wish = { namespace, image, readsLegacy: false, publishes: true };
  const yaml = (manifests: readonly Manifest[]): string => manifestsYaml(manifests.map(withoutComment));
  const accounts = yaml([...accountManifests(namespace), scraperManifest(), ...askerManifests(namespace)]);
  const publishing = `{{- if .Values.publish }}\n---\n${yaml(publishManifests(namespace))}{{- end }}\n`;
  const daemonSet = HELM_CHANGES.reduce(changed, yaml([daemonSetManifest(wish)]));
  return `${GENERATED}${accounts}${publishing}---\n${daemonSet}`;
}

/** One place of the DaemonSet that a value of the chart decides. */
function changed(text: string, { from, to }: (typeof HELM_CHANGES)[number]): string {
  if (!text.includes(from)) throw new Error(`Cannot write the Helm chart: ${from} is there no more`);
  return text.replace(from, to);
}

function withoutComment({ object }: Manifest): Manifest {
  return { comment: '', object };
}
