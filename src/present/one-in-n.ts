// A probability in words, where the screens look for their words.
export { oneInN } from '../core/model/one-in-n.ts';
