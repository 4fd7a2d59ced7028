// The files below a folder, as a person saved them or a tool unpacked them: `calicoctl cluster diags` writes a tree with a
// folder for each node. Links are not followed: they lead out of the folder or say the same twice.
import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A tree of diagnostics is five deep. */
const DEEPEST = 8;
const MOST_FILES = 10_000;
/** calicoctl/commands/cluster/diags.go: `nodes/<name>/iptables-nft-save.txt`. */
const NODES = 'nodes';

export interface FolderFiles {
  /** Sorted. */
  readonly paths: readonly string[];
  /** Why not all of them: too many, too deep. */
  readonly refused?: string;
}

export function folderFiles(folder: string): FolderFiles {
  const paths: string[] = [];
  const folders = [{ path: folder, depth: 0 }];
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    const { path, depth } = next;
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.isFile()) paths.push(join(path, entry.name));
      else if (entry.isDirectory() && depth === DEEPEST) return { paths, refused: `folders more than ${DEEPEST} deep` };
      else if (entry.isDirectory()) folders.push({ path: join(path, entry.name), depth: depth + 1 });
      if (paths.length + folders.length > MOST_FILES) return { paths, refused: `more than ${MOST_FILES} files` };
    }
  }
  return { paths: paths.toSorted() };
}

/** The node that a file is of, where its path says so: `.../nodes/worker-3/iptables-nft-save.txt`. */
export function nodeInPath(path: string): string | undefined {
  for (let at = dirname(path); dirname(at) !== at; at = dirname(at))
    if (basename(dirname(at)) === NODES) return basename(at);
  return undefined;
}
