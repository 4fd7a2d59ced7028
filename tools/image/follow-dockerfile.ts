// Does what a Dockerfile says in folders of this machine, with the node and npm that are here in the place of its base image.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Stage, Step } from './parse-dockerfile.ts';

export interface BuiltImage {
  /** What the image's last stage put below `/`. */
  readonly root: string;
  readonly words: readonly string[];
  readonly uid: string;
  readonly gid: string;
  readonly env: Readonly<Record<string, string>>;
}

interface State {
  /** Absolute, inside the stage. */
  workdir: string;
  image: { root: string; words: readonly string[]; uid: string; gid: string; env: Record<string, string> };
}

export interface FollowOptions {
  /** What `COPY` without `--from` copies from. */
  readonly context: string;
  /** For the stages; must be empty. */
  readonly scratch: string;
  readonly onStep: (text: string) => void;
}

export function followDockerfile(stages: readonly Stage[], options: FollowOptions): BuiltImage {
  const roots = new Map<string, string>();
  let built: BuiltImage | undefined;
  for (const [index, stage] of stages.entries()) {
    const root = join(options.scratch, String(index));
    if (stage.name !== undefined) roots.set(stage.name, root);
    const state: State = { workdir: '/', image: { root, words: [], uid: '0', gid: '0', env: {} } };
    mkdirSync(root);
    for (const step of stage.steps) follow(step, state, { ...options, roots });
    built = state.image;
  }
  if (built === undefined) throw new TypeError('Cannot follow the Dockerfile: no stage, wanted one');
  return built;
}

type Surroundings = FollowOptions & { readonly roots: ReadonlyMap<string, string> };

function follow(step: Step, state: State, surroundings: Surroundings): void {
  const { image } = state;
  const folder = join(image.root, state.workdir);
  if (step.kind === 'workdir') {
    state.workdir = step.path;
    mkdirSync(join(image.root, step.path), { recursive: true });
  } else if (step.kind === 'run') {
    surroundings.onStep(step.command);
    execFileSync('sh', ['-ec', step.command], { cwd: folder, env: { ...process.env, ...image.env }, stdio: 'inherit' });
  } else if (step.kind === 'copy') copy(step, folder, surroundings);
  else if (step.kind === 'env') image.env[step.name] = step.value;
  else if (step.kind === 'user') [image.uid, image.gid] = [step.uid, step.gid];
  else image.words = step.kind === 'entrypoint' ? step.words : [...image.words, ...step.words];
}

function copy(
  { from, sources, to }: Extract<Step, { kind: 'copy' }>,
  folder: string,
  { context, roots }: Surroundings,
): void {
  const root = from === undefined ? context : roots.get(from);
  if (root === undefined) throw new TypeError(`Cannot follow the Dockerfile: no stage ${from}, wanted one before`);
  const ignored = from === undefined ? ignoredBy(context) : new Set<string>();
  for (const source of sources) {
    const path = join(root, source);
    // A folder's contents are copied, a file as itself; into a folder where the target names one.
    const isInto = !statSync(path).isDirectory() && (to.endsWith('/') || to === '.');
    const target = isInto ? join(folder, to, basename(source)) : join(folder, to);
    cpSync(path, target, { recursive: true, verbatimSymlinks: true, filter: (each) => !ignored.has(each) });
  }
}

/** Plain names at the top, as .dockerignore has them. */
function ignoredBy(context: string): ReadonlySet<string> {
  const file = join(context, '.dockerignore');
  const names = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  return new Set(names.filter((name) => name !== '').map((name) => join(context, name)));
}
