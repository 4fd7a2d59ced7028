// Takes values out of decoded JSON without trusting its shape: what is not of the expected type is not there.

/** A decoded JSON object; anything else counts as an empty one. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Decoded JSON; the text itself where it is none. */
export function decoded(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** The entries of a map of texts, as labels and annotations are; others are left out. */
export function textsOf(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(objectOf(value)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(entries);
}

/** What a Status of the API server says; undefined for any other answer. */
export function statusMessage(body: unknown): string | undefined {
  if (typeof body === 'string') return body.trim() === '' ? undefined : body.trim().slice(0, 200);
  return textOf(objectOf(body)['message'])?.slice(0, 400);
}
