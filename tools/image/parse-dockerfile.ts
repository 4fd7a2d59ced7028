// The instructions of a Dockerfile, as far as ours uses them; what it does not know it refuses, so that nothing is left out in silence.

export type Step =
  | { readonly kind: 'workdir'; readonly path: string }
  | {
      readonly kind: 'copy';
      readonly from: string | undefined;
      readonly sources: readonly string[];
      readonly to: string;
    }
  | { readonly kind: 'run'; readonly command: string }
  | { readonly kind: 'env'; readonly name: string; readonly value: string }
  | { readonly kind: 'user'; readonly uid: string; readonly gid: string }
  | { readonly kind: 'entrypoint' | 'cmd'; readonly words: readonly string[] };

export interface Stage {
  readonly image: string;
  readonly name: string | undefined;
  readonly steps: readonly Step[];
}

export function parseDockerfile(text: string): readonly Stage[] {
  const stages: { image: string; name: string | undefined; steps: Step[] }[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [, instruction = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (instruction === 'FROM') stages.push(stageOf(rest));
    else stages.at(-1)?.steps.push(stepOf(instruction, rest));
  }
  return stages;
}

function stageOf(rest: string): { image: string; name: string | undefined; steps: Step[] } {
  const [, image, name] = /^(?:--platform=\S+ )?(\S+)(?: AS (\S+))?$/.exec(rest) ?? [];
  if (image === undefined) throw unknown(`FROM ${rest}`);
  return { image, name, steps: [] };
}

function stepOf(instruction: string, rest: string): Step {
  if (instruction === 'WORKDIR') return { kind: 'workdir', path: rest };
  if (instruction === 'RUN') return { kind: 'run', command: rest };
  if (instruction === 'COPY') return copyOf(rest);
  if (instruction === 'ENTRYPOINT') return { kind: 'entrypoint', words: wordsOf(rest) };
  if (instruction === 'CMD') return { kind: 'cmd', words: wordsOf(rest) };
  const [, name, value] = /^(\w+)[=:](\S+)$/.exec(rest) ?? [];
  if (name === undefined || value === undefined) throw unknown(`${instruction} ${rest}`);
  if (instruction === 'ENV') return { kind: 'env', name, value };
  if (instruction === 'USER') return { kind: 'user', uid: name, gid: value };
  throw unknown(`${instruction} ${rest}`);
}

function copyOf(rest: string): Step {
  const [, from, paths = ''] = /^(?:--from=(\S+) )?([^-].*)$/.exec(rest) ?? [];
  const words = paths.split(' ');
  const to = words.at(-1);
  if (words.length < 2 || to === undefined) throw unknown(`COPY ${rest}`);
  return { kind: 'copy', from, sources: words.slice(0, -1), to };
}

function wordsOf(rest: string): readonly string[] {
  const words: unknown = JSON.parse(rest);
  if (!Array.isArray(words)) throw unknown(rest);
  return words.map(String);
}

function unknown(line: string): TypeError {
  return new TypeError(`Cannot follow the Dockerfile: ${line}, wanted an instruction that parse-dockerfile.ts knows`);
}
