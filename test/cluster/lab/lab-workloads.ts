// What pods belong to, written as the controllers would: a workload, what stands between it and its pods, and their names.
import type { ApiAccess } from '../api-access.ts';
import { expectAnswer, textAt } from '../api-request.ts';

export interface Workload {
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'CronJob';
  readonly namespace: string;
  readonly name: string;
}

/** Whom a pod names as its owner. */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller: true;
}

/** A workload that is there, ready to have pods. */
export interface MadeWorkload {
  readonly workload: Workload;
  readonly owner: OwnerReference;
  readonly labels: Readonly<Record<string, string>>;
  /** The name of its pod of this number, in the form its controller gives. */
  readonly podName: (index: number) => string;
}

const TEMPLATE_HASH = '7d4b9c6f5d';
const CONTAINERS = [{ name: 'main', image: 'registry.example/main:1' }];

interface Making {
  readonly admin: ApiAccess;
  readonly workload: Workload;
  readonly replicas: number;
}

const MAKERS: Readonly<Record<Workload['kind'], (making: Making) => Promise<MadeWorkload>>> = {
  Deployment: makeDeployment,
  StatefulSet: (making) => makeOfApps(making, { serviceName: making.workload.name, replicas: making.replicas }),
  DaemonSet: (making) => makeOfApps(making, {}),
  CronJob: makeCronJob,
};

export function makeWorkload(making: Making): Promise<MadeWorkload> {
  return MAKERS[making.workload.kind](making);
}

async function makeDeployment(making: Making): Promise<MadeWorkload> {
  const { workload, replicas } = making;
  const { owner } = await makeOfApps(making, { replicas });
  const name = `${workload.name}-${TEMPLATE_HASH}`;
  const labels = { app: workload.name, 'pod-template-hash': TEMPLATE_HASH };
  const replicaSet = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name, labels, ownerReferences: [owner] },
    spec: { replicas, selector: { matchLabels: labels }, template: podTemplate(labels) },
  };
  const made = await make(making, replicaSet);
  return { workload, owner: made, labels, podName: (index) => `${name}-${suffix(index)}` };
}

/** Pods of a StatefulSet are numbered, all others have letters that nobody chose. */
async function makeOfApps(making: Making, more: object): Promise<MadeWorkload> {
  const { workload } = making;
  const labels = { app: workload.name };
  const owner = await make(making, {
    apiVersion: 'apps/v1',
    kind: workload.kind,
    metadata: { name: workload.name, labels },
    spec: { ...more, selector: { matchLabels: labels }, template: podTemplate(labels) },
  });
  const last = workload.kind === 'StatefulSet' ? String : suffix;
  return { workload, owner, labels, podName: (index) => `${workload.name}-${last(index)}` };
}

async function makeCronJob(making: Making): Promise<MadeWorkload> {
  const { workload, replicas } = making;
  const template = podTemplate({ app: workload.name }, 'Never');
  const cronJob = await make(making, {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: workload.name },
    spec: { schedule: '0 3 * * *', jobTemplate: { spec: { template } } },
  });
  // The number is the minute it was planned for, since 1970.
  const name = `${workload.name}-29683860`;
  const owner = await make(making, {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, ownerReferences: [cronJob] },
    spec: { parallelism: replicas, completions: replicas, template },
  });
  const labels = { app: workload.name, 'batch.kubernetes.io/job-name': name, 'job-name': name };
  return { workload, owner, labels, podName: (index) => `${name}-${suffix(index)}` };
}

function podTemplate(labels: object, restartPolicy?: 'Never') {
  return { metadata: { labels }, spec: { containers: CONTAINERS, ...(restartPolicy && { restartPolicy }) } };
}

interface OwnerObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly [field: string]: unknown };
  readonly spec: object;
}

async function make({ admin, workload }: Making, body: OwnerObject): Promise<OwnerReference> {
  const { apiVersion, kind, metadata } = body;
  const path = `/apis/${apiVersion}/namespaces/${workload.namespace}/${kind.toLowerCase()}s`;
  const made = await expectAnswer(admin, { method: 'POST', path, body }, 201);
  return { apiVersion, kind, name: metadata.name, uid: textAt(made, 'metadata', 'uid'), controller: true };
}

/** Five letters, as Kubernetes makes them up (without vowels), and the same in every run. */
function suffix(index: number): string {
  const letters = 'bcdfghjklmnpqrstvwxz';
  return Array.from({ length: 5 }, (_, place) => letters[(index * 7 + place * 3 + (index >> place)) % 20]).join('');
}
