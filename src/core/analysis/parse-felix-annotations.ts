// What a FelixConfiguration says about natPortRange beside its spec: annotations override fields and nobody validates them
// (libcalico-go/lib/backend/syncersv1/updateprocessors/configurationprocessor.go).
import type { FelixConfiguration } from '../model/calico/felix-configuration.ts';

/** Every annotation that overrides a field begins so. */
export const ANNOTATION_PREFIX = 'config.projectcalico.org/';
/** Felix's own name of the field; the override looks for exactly this spelling. */
export const RANGE_ANNOTATION = `${ANNOTATION_PREFIX}NATPortRange`;
/** Where a v1 object keeps the metadata of its v3 form, annotations included (backend/k8s/resources/resources.go). */
const METADATA_ANNOTATION = 'projectcalico.org/metadata';

export interface AnnotationText {
  readonly key: string;
  readonly text: string;
  /** It stands inside the metadata annotation: only recent Calico versions look there. */
  readonly isInside: boolean;
}

export interface RangeAnnotations {
  /** Takes the place of the spec's value, also when empty. */
  readonly exact?: AnnotationText;
  /** Other spellings stand beside the spec's value, and Felix takes either: names are compared without case, in no order. */
  readonly otherSpellings: readonly AnnotationText[];
  /** Why the metadata annotation could not be read. */
  readonly unread?: string;
  /** When the object was made as Calico sees it. */
  readonly createdAt?: string;
}

/** The annotations of an object that set natPortRange. */
export function rangeAnnotations(configuration: FelixConfiguration): RangeAnnotations {
  const inner = innerMetadata(configuration);
  const all = [...textsOf(inner.annotations, true), ...textsOf(configuration.annotations, false)];
  const exact = all.find(({ key }) => key === RANGE_ANNOTATION);
  const createdAt = inner.createdAt ?? configuration.creationTimestamp;
  return {
    ...(exact === undefined ? {} : { exact }),
    otherSpellings: all.filter(({ key, text }) => key !== RANGE_ANNOTATION && text !== ''),
    ...(inner.unread === undefined ? {} : { unread: inner.unread }),
    ...(createdAt === undefined ? {} : { createdAt }),
  };
}

function textsOf(annotations: Readonly<Record<string, unknown>>, isInside: boolean): AnnotationText[] {
  return Object.entries(annotations).flatMap(([key, text]) =>
    key.startsWith(ANNOTATION_PREFIX) &&
    key.toLowerCase() === RANGE_ANNOTATION.toLowerCase() &&
    typeof text === 'string'
      ? [{ key, text, isInside }]
      : [],
  );
}

interface InnerMetadata {
  readonly annotations: Readonly<Record<string, unknown>>;
  readonly createdAt?: string;
  readonly unread?: string;
}

function innerMetadata({ apiGroup, annotations }: FelixConfiguration): InnerMetadata {
  const text = annotations[METADATA_ANNOTATION];
  if (apiGroup !== 'crd.projectcalico.org/v1' || text === undefined) return { annotations: {} };
  const metadata = parseJson(text);
  if (!isObject(metadata))
    return { annotations: {}, unread: `the annotation ${METADATA_ANNOTATION} is no JSON object` };
  const { annotations: inner, creationTimestamp } = metadata;
  return {
    annotations: isObject(inner) ? inner : {},
    ...(typeof creationTimestamp === 'string' ? { createdAt: creationTimestamp } : {}),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
