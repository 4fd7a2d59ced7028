// Objects of Kubernetes as kubectl and calicoctl print them: JSON or YAML, single or as lists, several documents with what a
// shell puts between them.
import { parseAllDocuments } from 'yaml';
import { type JsonObject, listOf, objectOf, textOf } from '../../core/kube-objects/parse-object.ts';
import { jsonTexts } from './json-texts.ts';

export interface KubeDocuments {
  /** Each with `apiVersion` and `kind`, those of lists one by one. */
  readonly objects: readonly JsonObject[];
  /** Whole documents that could not be read, and why; the names of lists that the API server cut. */
  readonly problems: readonly string[];
}

/** YAML of nodes and settings is far below; reading it costs a hundred times its size. */
export const MOST_YAML_CHARACTERS = 16 * 2 ** 20;
/** Lists in lists exist in theory. */
const DEEPEST_LIST = 4;

/** Never throws. */
export function kubeDocuments(text: string): KubeDocuments {
  const objects: JsonObject[] = [];
  const problems: string[] = [];
  let rest = '';
  for (const part of jsonTexts(text)) {
    if (part.kind === 'other') rest += part.text;
    else if (part.kind === 'cut') problems.push('a JSON document ends in its middle');
    else addJson(part.text, { objects, problems });
  }
  addYaml(rest, { objects, problems });
  return { objects, problems };
}

interface Found {
  readonly objects: JsonObject[];
  readonly problems: string[];
}

function addJson(text: string, { objects, problems }: Found): void {
  try {
    addObject(JSON.parse(text), { objects, problems }, 0);
  } catch {
    if (/"(?:apiVersion|kind)"/.test(text)) problems.push('a JSON document is damaged');
  }
}

function addYaml(text: string, { objects, problems }: Found): void {
  if (!/^apiVersion:/m.test(text)) return;
  if (text.length > MOST_YAML_CHARACTERS) {
    problems.push('more than 16 MiB of YAML: -o json may be larger');
    return;
  }
  for (const document of text.split(/^---.*$/m)) addYamlDocument(document, { objects, problems });
}

/** Lines before the first key and behind the last one are a shell's. */
function addYamlDocument(text: string, found: Found): void {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => /^[A-Za-z]+:(?:\s|$)/.test(line));
  if (first < 0 || !lines.some((line) => line.startsWith('apiVersion:'))) return;
  const kept = lines.slice(first).filter((line) => /^(?:[A-Za-z]\w*:|[\s#-]|$)/.test(line));
  try {
    for (const document of parseAllDocuments(kept.join('\n'), {
      version: '1.1',
      logLevel: 'silent',
      uniqueKeys: false,
    })) {
      if ('errors' in document && document.errors.length > 0)
        found.problems.push('a YAML document is damaged or ends in its middle');
      else addObject(document.toJS({ maxAliasCount: 100 }), found, 0);
    }
  } catch {
    found.problems.push('a YAML document is nested or repeated beyond what kubectl prints');
  }
}

function addObject(value: unknown, found: Found, depth: number): void {
  const object = objectOf(value);
  const kind = textOf(object['kind']) ?? '';
  if (!Array.isArray(object['items'])) {
    if (kind !== '') found.objects.push(object);
    return;
  }
  if (depth >= DEEPEST_LIST) return;
  if (textOf(objectOf(object['metadata'])['continue']) ?? '' !== '')
    found.problems.push(`${kind} is the first part of a longer list`);
  for (const item of listOf(object['items'])) addObject(namedItem(item, object, kind), found, depth + 1);
}

/** Items of a typed list (`PodList`, as `kubectl get --raw` prints it) carry neither kind nor version of their own. */
function namedItem(item: unknown, list: JsonObject, kind: string): JsonObject {
  const own = objectOf(item);
  return own['kind'] === undefined && kind.endsWith('List') && kind !== 'List'
    ? { ...own, kind: kind.slice(0, -'List'.length), apiVersion: list['apiVersion'] }
    : own;
}
