/*
 * "Did you mean ...?": the known word nearest to what was typed, where one is near enough. Pure;
 * the configuration's report and the command line both ask it.
 */

/** Longer words are nobody's typing mistake, and comparing them costs the product of their lengths. */
const LONGEST_WORD = 64;

/**
 * The known word that takes the fewest single-letter mistakes to become `word`, letter case apart:
 * at most one mistake for every three letters, and one where there are fewer. Undefined if none is that near.
 */
export function suggest(word: string, known: readonly string[]): string | undefined {
  if (word.length > LONGEST_WORD) return undefined;
  const allowed = Math.max(1, Math.floor(word.length / 3));
  const ranked = known
    .filter((candidate) => Math.abs(candidate.length - word.length) <= allowed)
    .map((candidate) => ({ candidate, mistakes: mistakesBetween(word, candidate) }))
    .filter(({ mistakes }) => mistakes <= allowed)
    .sort((a, b) => a.mistakes - b.mistakes);
  return ranked[0]?.candidate;
}

/** The same as half a sentence: ` Did you mean wiki?`, or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = suggest(word, known);
  return near === undefined ? "" : ` Did you mean ${near}?`;
}

/**
 * How many letters must be put in, taken out, replaced or swapped with their neighbour to turn one
 * word into the other (optimal string alignment distance).
 */
function mistakesBetween(one: string, other: string): number {
  const a = Array.from(one.toLowerCase());
  const b = Array.from(other.toLowerCase());
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (const [i, letter] of a.entries()) {
    const row = [i + 1];
    for (const [j, wanted] of b.entries()) {
      const swapped = i > 0 && j > 0 && letter === b[j - 1] && a[i - 1] === wanted;
      row.push(
        Math.min(
          at(above, j + 1) + 1,
          at(row, j) + 1,
          at(above, j) + (letter === wanted ? 0 : 1),
          swapped ? at(before, j - 1) + 1 : Infinity,
        ),
      );
    }
    before = above;
    above = row;
  }
  return at(above, b.length);
}

function at(row: readonly number[], index: number): number {
  return Number(row[index]);
}
