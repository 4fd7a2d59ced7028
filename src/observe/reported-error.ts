// An error that the reader's thread reported, as the error it was there.
import { CATALOGUE, type ErrorCode } from '../core/errors/catalogue.ts';
import { PortolanError } from '../core/errors/portolan-error.ts';
import type { ReaderMessage } from './node-readings.ts';

export function reportedError(message: Extract<ReaderMessage, { kind: 'failed' }>): PortolanError {
  const code: ErrorCode = isErrorCode(message.code) ? message.code : 'PTL_CANNOT_MEASURE';
  return new PortolanError(code, message.message, message.hint === undefined ? {} : { hint: message.hint });
}

/** The thread ended before it answered. */
export function stoppedEarly(): PortolanError {
  return new PortolanError('PTL_CANNOT_MEASURE', 'Cannot read the node: the reader stopped early, wanted its readings');
}

function isErrorCode(code: string): code is ErrorCode {
  return code in CATALOGUE;
}
