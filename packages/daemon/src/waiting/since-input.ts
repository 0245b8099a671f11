/**
 * What appeared on a screen after somebody's input, and not merely because it was typed.
 *
 * A character counts when it was not there before (terminal/read/past-lines.ts) and is no echo. The echo of
 * a line is looked for where it was typed, and, for what was typed before its reader was ready, once more
 * behind a prompt: the terminal shows it when it comes, and a line editor again when it reads it.
 */
import type { PastLines } from '@pilotty/terminal';
import type { InputMark } from '../session/input-mark.ts';
import type { Counts, SearchedLines } from './line-search.ts';

/** What shells and the like end their prompts with. */
const PROMPT_END = /(?:^|[$#%>❯➜»›]|\.\.\.)\s?$/;

/**
 * At least one character of what was found has appeared since.
 * @param echoMet is called where text is taken for the echo, as long as it is not known whether there is one
 */
export function appearedSince(mark: InputMark, echoMet: () => void): Counts {
  return ofNewCharacters((searched, number, line) => {
    const echo = mark.isEchoed === false ? undefined : echoIn(searched, number, mark);
    if (echo && mark.isEchoed === undefined) echoMet();
    const { before } = mark;
    // Nothing has been drawn since: all there is stood there before.
    return { past: before ? before.textBefore(searched.screen, rowOf(searched, number), line) : line, echo };
  });
}

/** The same against a look at the screen alone: there was no input to be echoed. */
export function appearedSinceLook(before: PastLines): Counts {
  return ofNewCharacters((searched, number, line) => ({
    past: before.textBefore(searched.screen, rowOf(searched, number), line),
    echo: undefined,
  }));
}

function rowOf(searched: SearchedLines, number: number): number {
  return searched.lines[number]?.row ?? 0;
}

/** Characters of a line, from the first on and without the last. */
interface Range {
  start: number;
  end: number;
}

type Known = (
  searched: SearchedLines,
  number: number,
  line: string,
) => { past: string; echo: Range | undefined };

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

function newCharacters(line: string, { past, echo }: { past: string; echo: Range | undefined }): boolean[] {
  return Array.from({ length: line.length }, (_, at) => {
    const isEcho = echo !== undefined && at >= echo.start && at < echo.end;
    return !isEcho && line[at] !== ' ' && line[at] !== past[at];
  });
}

/** Where a line shows what was typed; undefined where it does not. */
function echoIn(
  searched: SearchedLines,
  number: number,
  { typed, origin, isEdited }: InputMark,
): Range | undefined {
  const line = searched.lines[number];
  const text = searched.lineText(number);
  if (line === undefined || typed === '') return undefined;
  const { screen } = searched;
  const lineNumber = (screen.alternateScreen ? 0 : screen.topLine) + line.row;
  const [first = '', ...others] = typed.split('\n');
  const start = indexOfPlace(line, lineNumber, origin, text);
  if (start !== undefined) {
    if (first !== '' && text.startsWith(first, start)) return { start, end: start + first.length };
    // A line that was edited shows what came of it; what the program answers stands below.
    if (isEdited && !screen.alternateScreen) return { start, end: text.length };
  }
  const again = [first, ...others]
    .map((part) => part.trimEnd())
    .find(
      (part) =>
        part !== '' && text.endsWith(part) && PROMPT_END.test(text.slice(0, text.length - part.length)),
    );
  if (again === undefined) return undefined;
  // Behind no prompt at all it could as well be an answer; the first line's own place has been looked at.
  const begin = text.length - again.length;
  return begin === 0 && !isBelow(lineNumber, origin, others) ? undefined : { start: begin, end: text.length };
}

/** Further lines of what was typed at once stand right below the first. */
function isBelow(lineNumber: number, origin: { line: number }, others: readonly string[]): boolean {
  const below = lineNumber - origin.line;
  return below > 0 && below <= others.filter((part) => part !== '').length;
}

/** The index in a line's text at which a place on the screen lies, if the line has it. */
function indexOfPlace(
  line: { row: number; at(index: number): { row: number; col: number } },
  lineNumber: number,
  origin: { line: number; col: number },
  text: string,
): number | undefined {
  const row = line.row + origin.line - lineNumber;
  if (origin.line < lineNumber || line.at(text.length).row < row) return undefined;
  for (let index = 0; index <= text.length; index++) {
    const place = line.at(index);
    if (place.row === row && place.col >= origin.col) return index;
  }
  return undefined;
}
