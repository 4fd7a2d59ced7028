import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseDockerfile } from './parse-dockerfile.ts';

describe('parseDockerfile', () => {
  it('knows every instruction of ours', () => {
    const stages = parseDockerfile(readFileSync('deploy/Dockerfile', 'utf8'));
    expect(stages.map(({ name }) => name)).toEqual(['build', 'packages', undefined]);
    expect(new Set(stages.map(({ image }) => image)).size).toBe(1);
    const last = stages.at(-1)?.steps ?? [];
    expect(last).toContainEqual({ kind: 'user', uid: '65534', gid: '65534' });
    expect(last).toContainEqual({ kind: 'copy', from: 'build', sources: ['/portolan/dist/src'], to: 'dist/src' });
    expect(last).toContainEqual({ kind: 'entrypoint', words: ['node', '/portolan/bin/portolan.js'] });
  });

  it.each(['ADD a b', 'COPY --chown=1 a b', 'RUN', 'EXPOSE 80', 'COPY a'])('refuses %s', (line) => {
    expect(() => parseDockerfile(`FROM a\n${line}\n`)).toThrow('Cannot follow the Dockerfile');
  });
});
