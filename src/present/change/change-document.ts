// A change as a document for programs: its journal, what is under way, what comes next.
import type { ChangePreview } from '../../core/advice/change/change-preview.ts';
import {
  type ChangedObject,
  type ChangeJournal,
  FIELD_PATHS,
  type FieldName,
  objectTitle,
} from '../../core/advice/change/change.ts';

const CHANGE_OUTPUT_SCHEMA = 'portolan.dev/output/change/v1';
const PREVIEW_OUTPUT_SCHEMA = 'portolan.dev/output/change-preview/v1';

export function changeDocument(
  journal: ChangeJournal,
  { place, next }: { readonly place: string; readonly next: string },
): object {
  const { id, title, range, by, at, state, note, verify, timeoutSeconds, accepted, objects, steps, nodes } = journal;
  return {
    schema: CHANGE_OUTPUT_SCHEMA,
    id,
    title,
    natPortRange: range ?? null,
    state,
    note: note ?? null,
    by,
    at,
    journal: place,
    verify,
    timeoutSeconds,
    acceptedConflicts: accepted,
    objects: objects.map(objectDocument),
    steps: steps.map((step) => ({
      do: step.do,
      state: step.state,
      at: step.at ?? null,
      names: step.do === 'verify' ? step.nodes : step.objects,
    })),
    nodes: nodes.map((result) => ({
      node: result.node,
      outcome: result.outcome,
      evidence: result.evidence,
      seconds: result.seconds,
      newFlowsInRange: result.flowsInside ?? null,
      newFlowsSeen: result.flowsSeen ?? null,
      oldFlows: result.oldFlows ?? null,
    })),
    next,
  };
}

function objectDocument(object: ChangedObject): object {
  const { ref, role, before, wanted, intendedAt, takenBack } = object;
  return {
    object: objectTitle(ref),
    apiVersion: ref.apiVersion,
    role,
    existedBefore: before.existed,
    isWritten: intendedAt !== undefined,
    fields: fieldNames(object).map((name) => ({
      path: FIELD_PATHS[name].join('.'),
      before: before.fields[name] ?? null,
      wanted: wanted[name] ?? null,
    })),
    takenBack: takenBack ?? null,
  };
}

function fieldNames({ wanted }: ChangedObject): readonly FieldName[] {
  const all: readonly FieldName[] = ['natPortRange', 'topologySpreadConstraints', 'replicas'];
  return all.filter((name) => wanted[name] !== undefined);
}

export function previewDocument(preview: ChangePreview, dryRun: 'none' | 'client' | 'server'): object {
  const { title, cluster, lasting, nodes, keeping, batches, remarks, accepted, verify, risks } = preview;
  return {
    schema: PREVIEW_OUTPUT_SCHEMA,
    dryRun,
    title,
    cluster,
    verify,
    changes: lasting.flatMap(({ object, isNew, fields }) =>
      fields.map(({ path, from, to }) => ({ object: objectTitle(object.ref), isNew, path, from, to })),
    ),
    changingNodes: nodes,
    keepingNodes: keeping,
    batches,
    risks,
    remarks: remarks.map((remark) => ({
      id: remark.id,
      severity: remark.severity,
      sentence: remark.sentence,
      nodes: remark.nodes,
      remedy: remark.remedy ?? null,
      conflict: remark.conflict ?? null,
    })),
    acceptedConflicts: accepted,
  };
}
