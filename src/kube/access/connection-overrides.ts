// Server, authority and credentials given apart from a kubeconfig, as calicoctl's settings may give them: each replaces
// what the chosen context says, as client-go's overrides do.
import type { KubeConfig } from '@kubernetes/client-node';

export interface ConnectionOverrides {
  /** `https://HOST:PORT`. */
  readonly server?: string | undefined;
  readonly certificateFile?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly authorityFile?: string | undefined;
  readonly token?: string | undefined;
  /** Whether the server's certificate is believed unseen. */
  readonly isInsecure?: boolean | undefined;
}

const NAME = 'calico-settings';

/** A kubeconfig of its own where the server is given and no kubeconfig is; undefined without a server. */
export function baseOfOverrides(overrides: ConnectionOverrides | undefined) {
  if (overrides?.server === undefined) return undefined;
  return {
    clusters: [{ name: NAME, server: overrides.server, skipTLSVerify: false }],
    users: [{ name: NAME }],
    contexts: [{ name: NAME, cluster: NAME, user: NAME }],
    currentContext: NAME,
  };
}

/** Changes cluster and user of the current context. */
export function overrideConnection(config: KubeConfig, overrides: ConnectionOverrides): void {
  const current = config.getCurrentContext();
  const cluster = config.getCurrentCluster();
  const user = config.getCurrentUser();
  if (cluster === null || user === null) return;
  const { server, authorityFile, certificateFile, keyFile, token, isInsecure } = overrides;
  const { caData, caFile, ...otherCluster } = cluster;
  const { certData, certFile, keyData, keyFile: ownKeyFile, token: ownToken, ...otherUser } = user;
  const changedCluster = {
    ...otherCluster,
    ...(authorityFile === undefined ? given({ caData, caFile }) : { caFile: authorityFile }),
    server: server ?? cluster.server,
    skipTLSVerify: isInsecure ?? cluster.skipTLSVerify,
  };
  const changedUser = {
    ...otherUser,
    ...(certificateFile === undefined ? given({ certData, certFile }) : { certFile: certificateFile }),
    ...(keyFile === undefined ? given({ keyData, keyFile: ownKeyFile }) : { keyFile }),
    ...given({ token: token ?? ownToken }),
  };
  config.clusters = config.clusters.map((entry) => (entry.name === cluster.name ? changedCluster : entry));
  config.users = config.users.map((entry) => (entry.name === user.name ? changedUser : entry));
  config.setCurrentContext(current);
}

type Given<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

function given<Fields extends object>(fields: Fields): Given<Fields> {
  const kept: Given<Fields> = {};
  for (const name in fields) {
    const value = fields[name];
    if (value !== undefined) Object.assign(kept, { [name]: value });
  }
  return kept;
}
