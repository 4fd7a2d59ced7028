// Reading commands must stay unable to write: nothing but this folder may reach the one request that changes an object.
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SOURCES = fileURLToPath(new URL('../../../src', import.meta.url));

function sourcesThatSay(text: string): string[] {
  const entries = readdirSync(SOURCES, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const modules = paths.filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'));
  return modules.filter((path) => readFileSync(path, 'utf8').includes(text)).map((path) => relative(SOURCES, path));
}

describe('the request that changes an object', () => {
  it('is made in one place', () => {
    expect(sourcesThatSay('replaces: true')).toEqual(['kube/access/replace-object.ts']);
  });

  it('is asked for by src/act alone', () => {
    const users = sourcesThatSay('/replace-object.ts');
    expect(users.length).toBeGreaterThan(0);
    expect(users.filter((path) => !path.startsWith('act/'))).toEqual([]);
  });
});
