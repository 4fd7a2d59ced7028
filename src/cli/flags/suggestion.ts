// The known word a mistyped one was probably meant to be.

/** The nearest of the known words, undefined when none is near. */
export function suggest(given: string, known: readonly string[]): string | undefined {
  if (given === '') return undefined;
  const limit = Math.max(1, Math.floor(given.length * 0.4));
  let best: { word: string; distance: number } | undefined;
  for (const word of known) {
    const distance = editDistance(given.toLowerCase(), word.toLowerCase());
    if (distance <= limit && distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = { word, distance };
  }
  return best?.word ?? continuation(given, known);
}

/** The one word that a few letters are the start of: `--expl`. */
function continuation(given: string, known: readonly string[]): string | undefined {
  const longer = known.filter((word) => given.length >= 4 && word.startsWith(given));
  return longer.length === 1 ? longer[0] : undefined;
}

/** `; did you mean diagnose?`, or nothing. */
export function didYouMean(given: string, known: readonly string[]): string {
  const word = suggest(given, known);
  return word === undefined ? '' : `; did you mean ${word}?`;
}

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
function editDistance(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      const swapped =
        row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      const candidates = [
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      ];
      if (swapped) candidates.push((beforeLast[column - 2] ?? 0) + 1);
      current.push(Math.min(...candidates));
    }
    beforeLast = last;
    last = current;
  }
  return last[right.length] ?? 0;
}
