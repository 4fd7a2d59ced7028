// portolan diagnose as a person runs it: with every right, with less, with none, and with wrong input.
import { describe, expect, it } from 'vitest';
import { IN_NEW_NETNS, runPortolan, WITHOUT_CAPABILITIES } from './run-portolan.ts';

interface DiagnosisJson {
  readonly severity: string;
  readonly gaps: readonly { readonly id: string; readonly why: string }[];
}

function diagnoseJson(
  words: readonly string[],
  wrapper: readonly string[],
): { status: number | null; json: DiagnosisJson } {
  const { status, stdout } = runPortolan(['diagnose', '--for', '200ms', '-o', 'json', ...words], wrapper);
  const json: DiagnosisJson = JSON.parse(stdout);
  return { status, json };
}

describe('portolan diagnose', () => {
  it('calls an empty namespace fine, with nothing out of sight', () => {
    const { status, json } = diagnoseJson([], IN_NEW_NETNS);
    expect({ status, gaps: json.gaps }).toEqual({ status: 0, gaps: [] });
  });

  it('never calls a node fine that it cannot see: exit 3 and named gaps without CAP_NET_ADMIN', () => {
    const wrapper = [...IN_NEW_NETNS, ...WITHOUT_CAPABILITIES];
    const { status, json } = diagnoseJson([], wrapper);
    const ids = json.gaps.map((gap) => gap.id);
    expect(status).toBe(3);
    expect(json.severity).toBe('unknown');
    expect(ids).toEqual(expect.arrayContaining(['events', 'nat-rules']));
  });

  it('names a namespace that vanished or is none, and exits 1 with nothing on stdout', () => {
    for (const path of ['/run/netns/gone', '/etc/hostname']) {
      const { status, stdout, stderr } = runPortolan(['diagnose', '--netns', path], IN_NEW_NETNS);
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      expect(stderr).toContain(path);
    }
  });
});
