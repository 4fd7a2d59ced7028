// Asks a person for a yes before anything is written.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { CommandInput } from '../command-spec.ts';

/** Errors: PTL_CHANGE_UNCONFIRMED when nobody says yes, or nobody is there. */
export async function confirm(question: string, { isConfirmed, input }: { isConfirmed: boolean; input: CommandInput }) {
  if (isConfirmed) return;
  const { surroundings, mayAsk, format } = input;
  const isPerson = surroundings.stdinIsTerminal && surroundings.stderr.isTerminal;
  if (!mayAsk || !isPerson || format !== 'table')
    throw new PortolanError(
      'PTL_CHANGE_UNCONFIRMED',
      `Cannot ask "${question}": nobody is there to answer, wanted a yes`,
      {
        hint: '--yes says it for a script; nothing was changed',
      },
    );
  surroundings.stderr.write(`${question} [y/N] `);
  const answer = await surroundings.readLine();
  if (/^\s*y(es)?\s*$/i.test(answer ?? '')) return;
  throw new PortolanError('PTL_CHANGE_UNCONFIRMED', 'Cannot go on: the answer was not yes, wanted y', {
    hint: 'nothing was changed',
  });
}
