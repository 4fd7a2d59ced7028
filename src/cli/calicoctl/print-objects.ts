// What `get` prints on stdout: one document bare, several as a list, none as calicoctl's null.
import { type JsonObject, listOf, objectOf, textOf } from '../../core/kube-objects/parse-object.ts';
import { formatCalicoJson, formatCalicoYaml, formatNameTable } from '../../present/calico-objects.ts';
import type { OutputForm } from './output-form.ts';

export function printObjects(documents: readonly JsonObject[], form: OutputForm): string {
  const only = documents.length === 1 ? documents[0] : documents.length === 0 ? null : documents;
  switch (form.kind) {
    case 'json':
      return formatCalicoJson(only);
    case 'yaml':
      return formatCalicoYaml(only);
    case 'table':
      return documents.map((document) => formatNameTable(namesOf(document), form.columns)).join('');
  }
}

function namesOf(document: JsonObject): string[] {
  const objects = 'items' in document ? listOf(document['items']).map(objectOf) : [document];
  return objects.map((object) => textOf(objectOf(object['metadata'])['name']) ?? '');
}
