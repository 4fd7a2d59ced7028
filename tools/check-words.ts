// Looks for words and paths that no tracked file may hold, and reports what is growing too large.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BANNED_WORDS } from './banned-words.ts';
import type { Report } from './report.ts';
import { sourceTree } from './source-tree.ts';

const WORD_LIST = 'tools/banned-words.ts';
const LONG_FILE_LINES = 300;
const LONG_FUNCTION_LINES = 50;
/** A generated file of the package manager: its lines are not ours. */
const NOT_OURS = new Set([WORD_LIST, 'package-lock.json']);

/** Checks every tracked text file of the checkout at `root`, and untracked ones that git does not ignore. */
export function checkWords(root: string): Report {
  const paths = trackedFiles(root).filter((path) => !NOT_OURS.has(path));
  const texts = paths.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
  const blind = texts.length === 0 ? ['no tracked file seen: the checker is blind'] : [];
  return {
    problems: [...blind, ...texts.filter(({ text }) => !text.includes('\0')).flatMap(bannedWords)],
    notes: sizeNotes(root),
    summary: `${texts.length} tracked files`,
  };
}

function trackedFiles(root: string): string[] {
  const listed = listFiles(root, ['--cached', '--others', '--exclude-standard']);
  const deleted = listFiles(root, ['--deleted']);
  return listed.filter((path) => path !== '' && !deleted.includes(path));
}

/** A checkout that belongs to someone else is read all the same: CI often runs as another user than the one that cloned. */
function listFiles(root: string, options: readonly string[]): string[] {
  const command = ['-c', 'safe.directory=*', 'ls-files', '-z', ...options];
  return execFileSync('git', command, { cwd: root, encoding: 'utf8' }).split('\0');
}

function bannedWords({ path, text }: { path: string; text: string }): string[] {
  return text.split('\n').flatMap((line, index) =>
    BANNED_WORDS.flatMap(({ pattern, why }) => {
      const found = pattern.exec(line);
      return found === null ? [] : [`${path}:${index + 1}: ${JSON.stringify(found[0].trim())}: ${why}`];
    }),
  );
}

function sizeNotes(root: string): string[] {
  return sourceTree(root).flatMap((module) => [
    ...(module.lines > LONG_FILE_LINES ? [`${module.path}: ${module.lines} lines; is it one noun?`] : []),
    ...module.functions
      .filter(({ lines }) => lines > LONG_FUNCTION_LINES && !module.path.endsWith('.test.ts'))
      .map(({ line, lines }) => `${module.path}:${line}: a function of ${lines} lines`),
  ]);
}
