// Who may ask the agent, as a real API server decides: service accounts with and without the right, tokens of nobody.
import { expect, it } from 'vitest';
import { apiServerAuthorizer } from '../../src/agent/http/api-server-authorizer.ts';
import type { Decision } from '../../src/agent/http/authorizer.ts';
import { reviewToken } from '../../src/kube/access/review-token.ts';
import { agentAudience } from '../../src/core/kube-objects/agent-names.ts';
import { type ApiAccess, accessAs } from './api-access.ts';
import { apiRequest, expectAnswer, textAt } from './api-request.ts';
import { withClient } from './kube-client.ts';
import { newRestrictedUser } from './restricted-access.ts';
import { describeCluster, sharedCluster } from './shared-cluster.ts';

const REVIEWER = [
  { apiGroups: ['authentication.k8s.io'], resources: ['tokenreviews'], verbs: ['create'] },
  { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
];
const signal = new AbortController().signal;

function tokenOf({ credentials }: ApiAccess): string {
  if (!('token' in credentials)) throw new Error('Cannot ask as somebody without a token');
  return credentials.token;
}

describeCluster('the right to ask the agent', () => {
  it('is that of a role for the path, found with no more rights than to ask', async () => {
    const { admin } = sharedCluster();
    const [agent, scraper, stranger] = await Promise.all([
      newRestrictedUser(admin, REVIEWER),
      newRestrictedUser(admin, [{ nonResourceURLs: ['/metrics'], verbs: ['get'] }]),
      newRestrictedUser(admin, []),
    ]);
    const said: string[] = [];
    const decisions = await withClient(agent.access, async (client) => {
      const authorizer = apiServerAuthorizer(client, { onRefusal: (why) => said.push(why) });
      const decide = (token: string | undefined, path: string): Promise<Decision> =>
        authorizer.decide({ token, path, verb: 'get' }, signal);
      return {
        scraperMetrics: await decide(tokenOf(scraper.access), '/metrics'),
        scraperFacts: await decide(tokenOf(scraper.access), '/facts'),
        stranger: await decide(tokenOf(stranger.access), '/metrics'),
        forged: await decide(`${tokenOf(scraper.access).slice(0, -8)}AAAAAAAA`, '/metrics'),
        junk: await decide('junk', '/metrics'),
        none: await decide(undefined, '/metrics'),
      };
    });
    expect(decisions).toEqual({
      scraperMetrics: 'allowed',
      scraperFacts: 'forbidden',
      stranger: 'forbidden',
      forged: 'unauthenticated',
      junk: 'unauthenticated',
      none: 'unauthenticated',
    });
    expect(said).toEqual([]);
  });

  it('counts a token that was made for this agent, and none for another or for anyone else', async () => {
    const { admin } = sharedCluster();
    const [agent, asker] = await Promise.all([
      newRestrictedUser(admin, REVIEWER),
      newRestrictedUser(admin, [{ nonResourceURLs: ['/facts'], verbs: ['get'] }]),
    ]);
    const tokenFor = async (audience: string): Promise<string> => {
      const path = `/api/v1/namespaces/${asker.namespace}/serviceaccounts/restricted/token`;
      const body = { spec: { audiences: [audience] } };
      return textAt(await expectAnswer(admin, { method: 'POST', path, body }, 201), 'status', 'token');
    };
    const [own, others, stranger] = await Promise.all(
      [agentAudience('a'), agentAudience('b'), 'vault'].map((audience) => tokenFor(audience)),
    );
    await withClient(agent.access, async (client) => {
      const options = { audience: agentAudience('a'), onRefusal: () => undefined };
      const decide = (token: string | undefined, path = '/facts'): Promise<Decision> =>
        apiServerAuthorizer(client, options).decide({ token, path, verb: 'get' }, signal);
      expect(await decide(own)).toBe('allowed');
      expect(await decide(own, '/metrics')).toBe('forbidden');
      expect(await decide(tokenOf(asker.access))).toBe('allowed');
      expect(await decide(others)).toBe('unauthenticated');
      expect(await decide(stranger)).toBe('unauthenticated');
    });
    // Nor does the API server take it for anything.
    const bearer = accessAs(admin, { token: own ?? '' });
    expect((await apiRequest(bearer, { path: '/api' })).status).toBe(401);
  });

  it('names who bears a token', async () => {
    const { admin } = sharedCluster();
    const user = await newRestrictedUser(admin, []);
    const bearer = await withClient(admin, (client) => reviewToken(client, tokenOf(user.access), { signal }));
    expect(bearer).toMatchObject({ username: user.userName });
    expect(bearer?.groups).toContain('system:serviceaccounts');
  });

  it('is given to nobody by an agent that may not ask, which says the right it lacks', async () => {
    const { admin } = sharedCluster();
    const [agent, scraper] = await Promise.all([
      newRestrictedUser(admin, []),
      newRestrictedUser(admin, [{ nonResourceURLs: ['/metrics'], verbs: ['get'] }]),
    ]);
    const said: string[] = [];
    const decision = await withClient(agent.access, (client) =>
      apiServerAuthorizer(client, { onRefusal: (why) => said.push(why) }).decide(
        { token: tokenOf(scraper.access), path: '/metrics', verb: 'get' },
        signal,
      ),
    );
    expect(decision).toBe('unavailable');
    expect(said[0]).toContain('create tokenreviews of authentication.k8s.io');
  });
});
