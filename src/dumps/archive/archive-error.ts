// What is wrong with an archive, in one line.
import { PortolanError } from '../../core/errors/portolan-error.ts';

export function archiveError(name: string, why: string, cause?: unknown): PortolanError {
  return new PortolanError('PTL_ARCHIVE', `Cannot read ${name}: ${why}, wanted a whole .tar, .tar.gz or .gz`, {
    hint: 'docs/reference/files.md says what an archive may hold',
    cause,
  });
}
