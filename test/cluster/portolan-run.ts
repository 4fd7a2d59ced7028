// Runs the program as a person does, against an API server, within this process.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Said } from '../cli/run-command.ts';
import { runInProcess } from '../cli/run-in-process.ts';
import type { ApiAccess } from './api-access.ts';
import { withKubeconfig } from './kube-client.ts';

/** With the kubeconfig of this user, and no home, so that no other one is found. */
export function portolanAs(access: ApiAccess, ...words: readonly string[]): Promise<Said> {
  return withKubeconfig(access, (kubeconfig) =>
    runInProcess(words, {
      variables: { HOME: '/nonexistent', KUBECONFIG: kubeconfig, LANG: 'C.UTF-8' },
      sleep: (milliseconds) => sleep(milliseconds),
    }),
  );
}
