// What every part that takes a while is given: a way to be stopped, and a way to say how far it is.

/** Called when a step begins or moves on; `share` is 0..1 of the whole. */
export type Progress = (step: string, share: number) => void;

/** What every long-running part takes. */
export interface Watched {
  readonly signal: AbortSignal;
  readonly progress: Progress;
}
