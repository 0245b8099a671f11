/** The word that was probably meant: one that begins with what was given, else one that is a slip or two away. */
export function nearest(given: string, words: readonly string[]): string | undefined {
  const begun = given.length > 1 ? words.filter((word) => word.startsWith(given)) : [];
  if (begun.length === 1) return begun[0];
  const [best] = words
    .map((word) => ({ word, slips: slipsBetween(given, word) }))
    .filter(({ word, slips }) => slips <= 2 && slips < word.length / 2)
    .sort((a, b) => a.slips - b.slips);
  return best?.word;
}

/** Letters added, left out, mistaken, or two exchanged: the optimal string alignment distance. */
function slipsBetween(a: string, b: string): number {
  const table = Array.from({ length: a.length + 1 }, (_, i) => [i]);
  const at = (i: number, j: number) => table[i]?.[j] ?? Math.max(i, j);
  for (let j = 1; j <= b.length; j++) {
    for (let i = 1; i <= a.length; i++) {
      const mistaken = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isExchanged = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const exchanged = isExchanged ? at(i - 2, j - 2) + 1 : mistaken;
      (table[i] ?? [])[j] = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, mistaken, exchanged);
    }
  }
  return at(a.length, b.length);
}
