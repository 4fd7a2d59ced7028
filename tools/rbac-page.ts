// docs/reference/rbac.md, made from the table of rights that `portolan rbac` prints roles from.
import { AGENT_NAMESPACE } from '../src/core/kube-objects/agent-names.ts';
import { manifestYaml } from '../src/cli/rbac/manifest-yaml.ts';
import { roleObject } from '../src/cli/rbac/rbac-manifests.ts';
import { RIGHT_SETS, type Right, type RightSet } from '../src/cli/rbac/right-sets.ts';

const HEAD = `# The rights that Portolan uses in a cluster

<!-- Generated from src/cli/rbac/right-sets.ts by \`npm run reference\`. -->

Commands about a cluster use the kubeconfig of the person who runs them and install nothing. Without a right the rest is still read: what
is missing is named in the output, with the rule that would show it. Groups of the API are discovered with the right that everyone who is
logged in has (\`system:discovery\`). Secrets are never read; ConfigMaps only by whoever changes a cluster, in one namespace.

\`portolan rbac reader\` prints an account that may read, \`portolan rbac fixer\` one that may also change SNAT ranges, \`portolan rbac agent\` that
of the agents, which \`portolan install\` makes too:

\`\`\`sh
kubectl create namespace portolan
portolan rbac reader | kubectl apply -f -
\`\`\`

What is marked optional is printed only with its flag. \`-n\` names the namespace of the account and the journal.
`;

const TAIL = `
## What --ask-node-ports sends

No API names the range of NodePorts, and a dry run does not check it. The API server tells it when it refuses a Service outside the range, so
this flag sends one such Service: its name is that of default/kubernetes, which always exists, and it carries a resource version, with which
nothing is ever created. Either alone keeps it from being made. Audit logs show the request, as \`create services\` with status 422.

## What exec and port-forward ask for

Portolan runs commands on nodes and reaches agents over WebSockets, which begin with a GET. Kubernetes up to 1.34 therefore asks for
the verb \`get\` of pods/exec and pods/portforward; from 1.35 it asks for \`create\` too, as it always did with POST. Give both.
`;

/** The page's text. */
export function rbacPage(): string {
  return [HEAD, ...RIGHT_SETS.map(sectionOf), TAIL.trimStart()].join('\n');
}

function sectionOf(set: RightSet): string {
  const option = set.option === undefined ? '' : `, optional: \`--${set.option}\``;
  const rows = set.rights.map((right) => `| ${ruleText(right)} | ${right.gives} | ${right.without} |`);
  return [
    `## ${set.name} (${set.roles.join(' and ')}${option})\n`,
    `${set.purpose} ${placeText(set)}\n`,
    '| rule | what it gives | without it |',
    '|---|---|---|',
    ...rows,
    `\n\`\`\`yaml\n${manifestYaml(roleObject(set, namespaceOf(set)))}\`\`\`\n`,
  ].join('\n');
}

function ruleText({ groups, resources, names = [], verbs }: Right): string {
  const group = groups.map((name) => (name === '' ? 'core' : name)).join(' or ');
  return `${group}: ${resources.join(', ')}${names.map((name) => ` ${name}`).join(',')} \`${verbs.join('`, `')}\``;
}

function placeText({ place }: RightSet): string {
  if (place === 'cluster') return 'In the whole cluster.';
  if (place === 'agents') return `In the namespace of the agents, ${AGENT_NAMESPACE} without \`--agent-namespace\`.`;
  return place === 'own' ? 'In the namespace of the account.' : `In namespace ${place.join(' and ')}.`;
}

function namespaceOf({ place }: RightSet): string | undefined {
  if (place === 'cluster') return undefined;
  if (place === 'agents') return AGENT_NAMESPACE;
  return place === 'own' ? 'portolan' : place[0];
}
