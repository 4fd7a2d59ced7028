// portolan rbac: roles, bindings and the service account of a reader or a fixer, as manifests.
import type { CommandInput } from '../command-spec.ts';
import { FINE } from '../exit-code.ts';
import { printDocument } from '../print-document.ts';
import { rbacManifests } from '../rbac/rbac-manifests.ts';
import { RBAC_OPTIONS, RBAC_ROLES, type RbacOption } from '../rbac/right-sets.ts';

/** A label of DNS, as names of namespaces are. */
const NAMESPACE = {
  parse: (text: string) => (/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text) ? text : undefined),
  wanted: 'the name of a namespace: lower-case letters, digits and dashes',
};
const FLAGS: Readonly<Record<RbacOption, string>> = {
  exec: 'exec',
  agents: 'agents',
  'ask-node-ports': 'askNodePorts',
  spread: 'spread',
  publish: 'publish',
};

export async function runRbac({ surroundings, flags, format }: CommandInput): Promise<number> {
  const role = flags.operandChoice('ROLE', RBAC_ROLES);
  const namespace = flags.value('namespace', NAMESPACE) ?? 'portolan';
  const agentNamespace = flags.value('agentNamespace', NAMESPACE);
  const options = RBAC_OPTIONS.filter((option) => flags.isSet(FLAGS[option]));
  flags.finish();
  if (role === undefined) return FINE;
  const manifests = rbacManifests({ role, namespace, agentNamespace, options });
  const { stdout } = surroundings;
  if (format === 'json') {
    const items = manifests.map(({ object }) => object);
    await printDocument({ apiVersion: 'v1', kind: 'List', items }, 'json', stdout);
    return FINE;
  }
  stdout.write((await import('../rbac/manifest-yaml.ts')).manifestsYaml(manifests));
  return FINE;
}
