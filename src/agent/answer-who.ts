// Who held a port at a time of day, from a ledger that counts seconds of the steady clock.
import { holdersOf } from '../core/ledger/port-witness.ts';
import type { LedgerKeeper } from './ledger-keeper.ts';
import type { WhoAnswer } from './watch-messages.ts';

export function answerWho(
  { ledger, clockSteps }: LedgerKeeper,
  { port, atMilliseconds }: { readonly port: number; readonly atMilliseconds: number },
): WhoAnswer {
  const atSeconds = Math.floor(clockSteps.steadyOf(atMilliseconds) / 1000);
  const { holders, forgottenUntilSeconds } = holdersOf(ledger, { port, atSeconds });
  const wall = (seconds: number): number => clockSteps.wallOf(seconds * 1000);
  return {
    port,
    atMilliseconds,
    holders: holders.map(({ fromSeconds, toSeconds, ...rest }) => ({
      ...rest,
      fromMilliseconds: wall(fromSeconds),
      ...(toSeconds === undefined ? {} : { toMilliseconds: wall(toSeconds) }),
    })),
    ...(forgottenUntilSeconds === undefined ? {} : { forgottenUntilMilliseconds: wall(forgottenUntilSeconds) }),
  };
}
