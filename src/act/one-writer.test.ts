// Reading commands must stay unable to write: nothing but this folder may reach the requests that change a cluster.
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

describe('the requests that change a cluster', () => {
  it.each([
    ['replaces: true', 'kube/access/replace-object.ts'],
    ['removes: true', 'kube/access/remove-object.ts'],
    ['applies: true', 'kube/access/apply-object.ts'],
  ])('%s is said in one place', (text, place) => {
    expect(sourcesThatSay(text)).toEqual([place]);
  });

  const requests = ['/replace-object.ts', '/remove-object.ts', '/create-object.ts', '/apply-object.ts'];

  it.each(requests)('%s is used by src/act alone', (file) => {
    const users = sourcesThatSay(file);
    expect(users.length).toBeGreaterThan(0);
    expect(users.filter((path) => !path.startsWith('act/'))).toEqual([]);
  });
});
