// Opens Calico's objects for one command and closes them after it.
import { prefixed } from '../../act/calicoctl-failure.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { FAILED } from '../exit-code.ts';
import { type CalicoRequest, NoCalicoClient, type OpenedCalico, openCalico } from './open-calico.ts';

export interface CalicoUse extends CalicoRequest {
  /** What calicoctl's command says before an error of the datastore: `hit error: `. */
  readonly before: string;
}

/** @returns what `work` returns; 1 when no client could be made. Errors: those of `work`; PTL_API_*, behind `before`. */
export async function withCalico(request: CalicoUse, work: (calico: OpenedCalico) => Promise<number>): Promise<number> {
  const { stdout, stderr } = request.surroundings;
  try {
    const calico = await openCalico(request).catch((error: unknown) => {
      throw prefixed(error, `${request.before}${refusedText(error)}`);
    });
    try {
      return await work(calico).catch((error: unknown) => {
        throw prefixed(error, request.before);
      });
    } finally {
      calico.reader.client.close();
    }
  } catch (error) {
    if (!(error instanceof NoCalicoClient)) throw error;
    stdout.write(`${error.said}\n`);
    stderr.write(`hint: ${error.hint}\n`);
    return FAILED;
  }
}

/** The first request already meets credentials that are not taken. */
function refusedText(error: unknown): string {
  const isRefused =
    error instanceof PortolanError && ['PTL_API_UNAUTHORISED', 'PTL_API_FORBIDDEN'].includes(error.code);
  return isRefused ? 'connection is unauthorized: ' : '';
}
