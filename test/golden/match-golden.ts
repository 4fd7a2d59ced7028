// Compares text with a reviewed file; PTL_GOLDEN=write writes the file instead, so that the change shows in the diff.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';

const FOLDER = new URL('../../../test/golden/', import.meta.url);

/** A missing file is a failure. */
export function matchGolden(name: string, text: string): void {
  const file = new URL(name, FOLDER);
  if (process.env['PTL_GOLDEN'] === 'write') writeFileSync(file, text);
  expect(existsSync(file), `${name} exists (PTL_GOLDEN=write makes it)`).toBe(true);
  expect(text).toBe(readFileSync(file, 'utf8'));
}
