/** The line that a text was found on, for who is told of it: as it was then, whatever has become of it since. */
import type { Match } from './line-search.ts';

/**
 * @param most characters: of a longer line the part with the text is left
 * @returns undefined where the text goes over more than one line
 */
export function lineOfMatch({ text, lineText }: Match, most: number): string | undefined {
  const line = lineText.trimEnd();
  const index = line.indexOf(text);
  if (index === -1) return undefined;
  const from = Math.min(index, Math.max(0, index + text.length - most));
  return line.slice(from, from + most);
}
