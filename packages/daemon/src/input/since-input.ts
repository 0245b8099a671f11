/**
 * What appeared on a screen after somebody's input, and not merely because it was typed.
 *
 * A character counts when it was not there before (terminal/read/past-lines.ts) and is no echo (echo.ts).
 */
import type { PastLines } from '@pilotty/terminal';
import type { Counts, SearchedLines } from '../search/line-search.ts';
import { echoesIn, type Range } from './echo.ts';
import type { InputMark } from './input-mark.ts';

/**
 * At least one character of what was found has appeared since.
 * @param echoMet is called where text is taken for the echo, as long as it is not known whether there is one
 */
export function appearedSince(mark: InputMark, echoMet: () => void): Counts {
  return ofNewCharacters((searched, number, line) => {
    const echoes = mark.isEchoed === false ? [] : echoesIn(searched, number, mark);
    if (echoes.length > 0 && mark.isEchoed === undefined) echoMet();
    const textBefore = (look: PastLines) => look.textBefore(searched.screen, rowOf(searched, number), line);
    const { before, beforeLatest } = mark;
    // Nothing has been drawn since: all there is stood there before.
    const pasts = before ? [textBefore(before)] : [line];
    if (beforeLatest) pasts.push(textBefore(beforeLatest));
    return { pasts, echoes };
  });
}

/** The same against a look at the screen alone: there was no input to be echoed. */
export function appearedSinceLook(before: PastLines): Counts {
  return ofNewCharacters((searched, number, line) => ({
    pasts: [before.textBefore(searched.screen, rowOf(searched, number), line)],
    echoes: [],
  }));
}

function rowOf(searched: SearchedLines, number: number): number {
  return searched.lines[number]?.row ?? 0;
}

interface KnownOfLine {
  /** How it was, at one moment or at several. */
  pasts: readonly string[];
  echoes: readonly Range[];
}

type Known = (searched: SearchedLines, number: number, line: string) => KnownOfLine;

function ofNewCharacters(known: Known): Counts {
  let lastSearched: SearchedLines | undefined;
  /** Of each line, which characters are new: an expression may be found in it a thousand times. */
  let news: (boolean[] | undefined)[] = [];
  const newIn = (searched: SearchedLines, number: number): boolean[] => {
    if (searched !== lastSearched) news = [];
    lastSearched = searched;
    const line = searched.lineText(number);
    news[number] ??= newCharacters(line, known(searched, number, line));
    return news[number];
  };
  return (searched, { index, text }) => {
    const { number: first, offset } = searched.placeOf(index);
    let start = offset;
    let left = text.length;
    for (let number = first; left > 0 && number < searched.lineCount; number++) {
      const isNew = newIn(searched, number);
      const end = Math.min(isNew.length, start + left);
      for (let at = start; at < end; at++) if (isNew[at]) return true;
      left -= end - start + 1;
      start = 0;
    }
    return false;
  };
}

function newCharacters(line: string, { pasts, echoes }: KnownOfLine): boolean[] {
  const isNew = Array.from(
    { length: line.length },
    (_, at) => line[at] !== ' ' && pasts.some((past) => line[at] !== past[at]),
  );
  for (const { start, end } of echoes) isNew.fill(false, Math.max(0, start), Math.max(0, end));
  return isNew;
}
