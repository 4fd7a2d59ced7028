// Numbers in words, where the screens look for their words.
export { formatCount, formatInteger, formatNumber, formatRate } from '../core/model/number-text.ts';
