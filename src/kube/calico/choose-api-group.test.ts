import { describe, expect, it } from 'vitest';
import { chooseApiGroup, NEWER_GROUP, USUAL_GROUP } from './choose-api-group.ts';

describe('chooseApiGroup', () => {
  it.each([
    [[], [], undefined, false],
    [[USUAL_GROUP], [], 'crd.projectcalico.org/v1', false],
    [[NEWER_GROUP], [], 'projectcalico.org/v3', false],
    [[USUAL_GROUP, NEWER_GROUP], [], 'crd.projectcalico.org/v1', false],
    [[USUAL_GROUP, NEWER_GROUP], undefined, 'crd.projectcalico.org/v1', true],
    [[USUAL_GROUP, NEWER_GROUP], ['projectcalico.org/v3'], 'projectcalico.org/v3', false],
    [[NEWER_GROUP], ['crd.projectcalico.org/v1'], 'crd.projectcalico.org/v1', false],
    [[USUAL_GROUP], [''], 'crd.projectcalico.org/v1', false],
    [[USUAL_GROUP], undefined, 'crd.projectcalico.org/v1', false],
  ] as const)('of %j with %j is %s, a guess: %s', (served, variables, apiGroup, isGuess) => {
    expect(chooseApiGroup({ served: new Set(served), variables })).toMatchObject({ apiGroup, isGuess });
  });
});
