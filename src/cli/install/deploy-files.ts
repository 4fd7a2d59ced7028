// The files of deploy/ that put agents into a cluster without this program: a kustomize base and a Helm chart, with the same
// objects as `portolan install`.
import { packageVersion } from '../package-version.ts';
import { manifestsYaml, manifestYaml } from '../rbac/manifest-yaml.ts';
import type { Manifest } from '../rbac/rbac-manifests.ts';
import {
  accountManifests,
  agentManifests,
  askerManifests,
  daemonSetManifest,
  scraperManifest,
} from './agent-manifests.ts';

const GENERATED = '# Made from src/cli/install: change it there, then npm run reference\n';
/** What people replace: `kustomize edit set image portolan=registry.example/portolan:0.1.0`. */
const KUSTOMIZE_IMAGE = 'portolan';
const KUSTOMIZE_NAMESPACE = 'portolan';
const HELM_CAPABILITIES = 'add: [NET_ADMIN{{ if .Values.legacyIptables }}, NET_RAW{{ end }}]';

export const DEPLOY_FILES: readonly { readonly path: string; readonly render: () => string }[] = [
  { path: 'deploy/kustomize/kustomization.yaml', render: kustomization },
  { path: 'deploy/kustomize/agent.yaml', render: kustomizeObjects },
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
  const wish = { namespace: KUSTOMIZE_NAMESPACE, image: KUSTOMIZE_IMAGE, readsLegacy: false };
  return GENERATED + manifestsYaml(agentManifests(wish));
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
`;
}

/** Without the namespace, which Helm makes itself; it needs the label that docs/reference/install.md names. */
function helmTemplate(): string {
  const namespace = '{{ .Release.Namespace }}';
  const wish = { namespace, image: '{{ required "image is needed" .Values.image }}', readsLegacy: false };
  const accounts = [...accountManifests(namespace), scraperManifest(), ...askerManifests(namespace)];
  const objects = [...accounts, daemonSetManifest(wish)].map(withoutComment);
  const text = manifestsYaml(objects);
  if (!text.includes('add: [NET_ADMIN]')) throw new Error('Cannot write the Helm chart: the capabilities moved');
  return GENERATED + text.replace('add: [NET_ADMIN]', HELM_CAPABILITIES);
}

function withoutComment({ object }: Manifest): Manifest {
  return { comment: '', object };
}
