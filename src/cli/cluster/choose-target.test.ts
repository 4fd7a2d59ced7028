import { describe, expect, it } from 'vitest';
import { chooseTarget, type TargetSigns } from './choose-target.ts';

const NOTHING: TargetSigns = { hasFiles: false, nodeFlags: [], clusterFlags: [], variables: {}, platform: 'linux' };
const KUBECONFIG = { KUBECONFIG: '/etc/kube/prod' };
const IN_POD = { KUBERNETES_SERVICE_HOST: '10.96.0.1' };

describe('chooseTarget', () => {
  it.each<[string, Partial<TargetSigns>, string]>([
    ['nothing at all', {}, 'node'],
    ['an empty KUBECONFIG', { variables: { KUBECONFIG: '' } }, 'node'],
    ['KUBECONFIG', { variables: KUBECONFIG }, 'cluster'],
    ['a pod', { variables: IN_POD }, 'cluster'],
    ['a Mac', { platform: 'darwin' }, 'cluster'],
    ['KUBECONFIG and --local', { variables: KUBECONFIG, nodeFlags: ['--local'] }, 'node'],
    ['a pod and --netns', { variables: IN_POD, nodeFlags: ['--netns'] }, 'node'],
    ['a Mac and --local', { platform: 'darwin', nodeFlags: ['--local'] }, 'node'],
    ['KUBECONFIG and files', { variables: KUBECONFIG, hasFiles: true }, 'files'],
    ['--context alone', { clusterFlags: ['--context'] }, 'cluster'],
  ])('%s', (_, signs, target) => {
    expect(chooseTarget({ ...NOTHING, ...signs })).toMatchObject({ target, problems: [] });
  });

  it.each<[string, Partial<TargetSigns>]>([
    ['files and --context', { hasFiles: true, clusterFlags: ['--context'] }],
    ['--local and --node', { nodeFlags: ['--local'], clusterFlags: ['--node'] }],
    ['--netns and -A', { nodeFlags: ['--netns'], clusterFlags: ['--all-namespaces'] }],
  ])('%s contradict each other', (_, signs) => {
    expect(chooseTarget({ ...NOTHING, ...signs }).problems).toHaveLength(1);
  });

  it('says when it guessed', () => {
    expect(chooseTarget({ ...NOTHING, variables: KUBECONFIG }).isGuess).toBe(true);
    expect(chooseTarget({ ...NOTHING, clusterFlags: ['--context'] }).isGuess).toBe(false);
  });
});
