/**
 * Where a screen shows what was typed, and only because it was typed.
 *
 * The echo of a line is looked for where it was typed, and, for what was typed before its reader was ready,
 * once more behind a prompt: the terminal shows it when it comes, and a line editor again when it reads it. What shows its
 * beginning, up to the cursor, is an echo that is under way: programs, and hosts far away, show it in pieces. Of a line that
 * is being edited only what was typed is echo, what an editor completed is not.
 */

import { EDIT, type InputMark, type SentLine } from '../input/input-mark.ts';
import { PROMPT_BEFORE_ECHO } from '../input/prompt-text.ts';
import type { SearchedLines } from './line-search.ts';

const LONGEST_PROMPT_END = 4;
/** Nothing more on the line, or what stands to the right of it. */
const ECHO_END = /^(?:\s|$)/;

/** Characters of a line, from the first on and without the last. */
export interface Range {
  start: number;
  end: number;
}

/**
 * Where a line shows what was typed.
 * @param isTerminalEchoing is asked where a program has printed on, right behind it
 */
export function echoesIn(
  searched: SearchedLines,
  number: number,
  mark: InputMark,
  isTerminalEchoing: () => boolean,
): Range[] {
  if (mark.typed === '') return [];
  const text = searched.lineText(number);
  const own = [...editedIn(searched, number, mark), ...typedIn(searched, number, text, mark)];
  if (own.length > 0) return own;
  const printedOn = mark.isErasedSince(searched.screen)
    ? undefined
    : printedOnIn(searched, number, mark.typed, mark.origin);
  if (printedOn !== undefined && mark.isOnMainScreen && isTerminalEchoing()) return [printedOn];
  const first = firstFolded(searched, number, mark.typed.length);
  if (first === number) return [];
  const above = unfolded(searched, first, number);
  return typedIn(searched, first, above + text, mark).map(({ start, end }) => ({
    start: start - above.length,
    end: end - above.length,
  }));
}

/**
 * Lines that were sent off earlier, and may have been typed ahead: where a line editor shows them, behind its prompt,
 * and where the terminal did, alone on a line. That may come only after later input.
 * @param isEchoing is asked where a line stands alone: without an echo the program has printed it
 * @param isTerminalEchoing is asked where a program has printed on, right behind it
 */
export function earlierEchoesIn(
  searched: SearchedLines,
  number: number,
  line: string,
  earlier: readonly SentLine[],
  isEchoing: () => boolean,
  isTerminalEchoing: () => boolean,
): Range[] {
  return earlier.flatMap((sent) => {
    const alone = earlierAlone(searched, number, line, sent, isEchoing);
    if (alone.length > 0 || !isWhereItWas(searched.screen, sent)) return alone;
    const printedOn = printedOnIn(searched, number, sent.typed, sent);
    return printedOn !== undefined && isTerminalEchoing() ? [printedOn] : [];
  });
}

function earlierAlone(
  searched: SearchedLines,
  number: number,
  line: string,
  sent: SentLine,
  isEchoing: () => boolean,
): Range[] {
  return sent.typed
    .split('\n')
    .filter((typedLine) => !typedLine.includes(EDIT))
    .flatMap((typedLine) => {
      const range =
        behindPrompt(typedLine.trimEnd(), line) ?? begunBehindPrompt(searched, number, typedLine, line);
      const isEcho =
        range && (range.start > 0 || (isFirstShown(searched, number, typedLine, sent) && isEchoing()));
      return isEcho ? [range] : [];
    });
}

/**
 * A line that was typed while the program was printing: the terminal has shown it, and the program has printed on, right
 * behind it, before the line ended. It begins where it was typed, or, where earlier input was still to be shown then, at the
 * beginning of a line further down, once. Of several lines typed at once each stands below the one before.
 */
function printedOnIn(
  searched: SearchedLines,
  number: number,
  typed: string,
  origin: { line: number; col: number },
): Range | undefined {
  const below = numberOf(searched, number) - origin.line;
  const lines = typed.split('\n');
  const [first = ''] = lines;
  if (searched.screen.alternateScreen || below < 0 || typed.includes(EDIT)) return undefined;
  const text = searched.lineText(number);
  if (below === 0) {
    const start = indexOfPlace(searched, number, origin, text);
    const isThere = first !== '' && start !== undefined && text.startsWith(first, start);
    return isThere ? { start, end: start + first.length } : undefined;
  }
  if (isAtOrigin(searched, first, origin)) {
    const typedLine = lines[below] ?? '';
    return typedLine !== '' && text.startsWith(typedLine) ? { start: 0, end: typedLine.length } : undefined;
  }
  const begun = lines.find((typedLine) => typedLine !== '' && text.startsWith(typedLine));
  if (begun === undefined || !isFirstBegun(searched, number, begun, origin)) return undefined;
  return { start: 0, end: begun.length };
}

/** No line above, from where it was typed on, begins so or has it behind a prompt. */
function isFirstBegun(
  searched: SearchedLines,
  number: number,
  typedLine: string,
  origin: { line: number },
): boolean {
  for (let above = 0; above < number; above++) {
    if (numberOf(searched, above) < origin.line) continue;
    const text = searched.lineText(above);
    if (text.startsWith(typedLine) || behindPrompt(typedLine.trimEnd(), text) !== undefined) return false;
  }
  return true;
}

/** Of lines that a line editor has folded itself, as fish does: each but the last reaches the right edge. */
function firstFolded(searched: SearchedLines, number: number, typedLength: number): number {
  // The line before the typed text has the prompt, and may have none of it.
  const most = 1 + Math.ceil(typedLength / searched.screen.size.cols);
  let first = number;
  while (first > 0 && number - first < most && missingToEdge(searched, first - 1) <= 1) first--;
  return first;
}

/** A blank at the edge cannot be told from nothing. */
function missingToEdge(searched: SearchedLines, number: number): number {
  const end = searched.lines[number]?.at(searched.lineText(number).length);
  return end === undefined ? Number.POSITIVE_INFINITY : searched.screen.size.cols - end.col;
}

function unfolded(searched: SearchedLines, first: number, end: number): string {
  let text = '';
  for (let number = first; number < end; number++)
    text += searched.lineText(number) + ' '.repeat(missingToEdge(searched, number));
  return text;
}

/** A line that was edited shows what came of it; what the program answers stands below, once it is sent off. */
function editedIn(searched: SearchedLines, number: number, mark: InputMark): Range[] {
  const [first = ''] = mark.typed.split('\n');
  if (searched.screen.alternateScreen || !mark.isOnMainScreen || !first.includes(EDIT)) return [];
  const text = searched.lineText(number);
  const start = indexOfPlace(searched, number, mark.origin, text);
  if (start === undefined) return [];
  const isLineEditors = mark.isSubmitted && !isAnsweredInPlace(searched.screen, mark);
  return isLineEditors ? [{ start, end: text.length }] : placesOf(first.split(EDIT), text, start);
}

/**
 * A line editor leaves the line that is sent off. A program that reads key by key and has taken the keys, but has
 * the cursor there still, edits no line: it has answered them where they were pressed.
 */
function isAnsweredInPlace(screen: SearchedLines['screen'], mark: InputMark): boolean {
  return mark.isTaken && !hasLeftLine(screen, mark);
}

/** Where a line was sent off on the main screen, the cursor leaves it: with the echo of Enter, before anything is printed. */
export function hasLeftLine(screen: SearchedLines['screen'], { sentLine }: InputMark): boolean {
  if (sentLine === undefined || screen.alternateScreen || sentLine.erasures !== screen.erasures) return true;
  return screen.topLine + screen.cursor.row !== sentLine.line;
}

/** @param number of the line that the text begins with */
function typedIn(searched: SearchedLines, number: number, text: string, mark: InputMark): Range[] {
  const [first = '', ...others] = mark.typed.split('\n');
  const isElsewhere = first === '' || mark.isOnMainScreen === searched.screen.alternateScreen;
  const start = isElsewhere ? undefined : indexOfPlace(searched, number, mark.origin, text);
  if (start !== undefined && text.startsWith(first, start)) return [{ start, end: start + first.length }];
  if (start !== undefined && isBegun(searched, number, first, text.slice(start)))
    return [{ start, end: text.length }];
  for (const part of [first, ...others].flatMap((typedLine) => typedLine.split(EDIT))) {
    const again = behindPrompt(part.trimEnd(), text) ?? begunBehindPrompt(searched, number, part, text);
    if (again === undefined) continue;
    // Behind no prompt at all it could as well be an answer.
    if (again.start > 0 || searched.screen.alternateScreen) return [again];
    if (isBelow(numberOf(searched, number), mark.origin, others)) return [again];
    if (!isAtOrigin(searched, first, mark.origin) && isFirstShownAlone(searched, number, part, mark.origin))
      return [again];
  }
  return [];
}

/** Up to the end of the line, where the cursor is, a beginning of what was typed is shown, and the rest may come. */
function isBegun(searched: SearchedLines, number: number, typedLine: string, shown: string): boolean {
  const [part = ''] = typedLine.split(EDIT);
  return (
    shown !== '' &&
    shown.length < part.length &&
    part.startsWith(shown) &&
    isAtEnd(searched, number, searched.lineText(number))
  );
}

/** The cursor is there, and what comes next does not erase it. */
function isAtEnd(searched: SearchedLines, number: number, text: string): boolean {
  const { row, col } = searched.screen.cursor;
  const end = searched.lines[number]?.at(text.length);
  return end?.row === row && end.col === col && !searched.isErasedNext;
}

/** As behindPrompt(), of an echo that is under way. */
function begunBehindPrompt(
  searched: SearchedLines,
  number: number,
  part: string,
  text: string,
): Range | undefined {
  if (part === '' || !isAtEnd(searched, number, text)) return undefined;
  for (let start = Math.max(1, text.length - part.length + 1); start < text.length; start++) {
    const before = text.slice(Math.max(0, start - LONGEST_PROMPT_END), start);
    if (part.startsWith(text.slice(start)) && PROMPT_BEFORE_ECHO.test(before))
      return { start, end: text.length };
  }
  return undefined;
}

/** The first line stands where it was typed, so that the same once more is something else. */
function isAtOrigin(searched: SearchedLines, first: string, origin: { line: number; col: number }): boolean {
  const number = searched.lines.findLastIndex((_, index) => numberOf(searched, index) <= origin.line);
  if (number === -1) return true;
  const text = searched.lineText(number);
  const start = indexOfPlace(searched, number, origin, text);
  return start !== undefined && text.startsWith(first, start);
}

/** The screen has not been cleared, nor folded anew, since. */
function isWhereItWas(screen: SearchedLines['screen'], { erasures, cols }: SentLine): boolean {
  return erasures === screen.erasures && cols === screen.size.cols;
}

/** Of a line that was sent off on the main screen, and is shown alone on a line: where it was typed, or further down, once. */
function isFirstShown(searched: SearchedLines, number: number, typedLine: string, sent: SentLine): boolean {
  if (searched.screen.alternateScreen || !isWhereItWas(searched.screen, sent)) return false;
  if (numberOf(searched, number) === sent.line) return true;
  return !isAtOrigin(searched, typedLine, sent) && isFirstShownAlone(searched, number, typedLine, sent);
}

/** Typed while earlier input was still to be shown, it is echoed further down, once: the same again below is an answer. */
function isFirstShownAlone(
  searched: SearchedLines,
  number: number,
  part: string,
  origin: { line: number },
): boolean {
  for (let above = 0; above < number; above++) {
    if (numberOf(searched, above) < origin.line) continue;
    if (behindPrompt(part.trimEnd(), searched.lineText(above))?.start === 0) return false;
  }
  return true;
}

/** Every place of every part, from `start` on. */
function placesOf(parts: readonly string[], text: string, start: number): Range[] {
  return parts.flatMap((part) => {
    const places: Range[] = [];
    let index = part === '' ? -1 : text.indexOf(part, start);
    while (index !== -1) {
      places.push({ start: index, end: index + part.length });
      index = text.indexOf(part, index + part.length);
    }
    return places;
  });
}

/** Where a part stands behind a prompt, and nothing else up to the right edge but what a shell has there. */
function behindPrompt(part: string, text: string): Range | undefined {
  if (part === '') return undefined;
  for (let start = text.indexOf(part); start !== -1; start = text.indexOf(part, start + 1)) {
    const end = start + part.length;
    const before = text.slice(Math.max(0, start - LONGEST_PROMPT_END), start);
    const isBehind = PROMPT_BEFORE_ECHO.test(before) || (start <= 1 && before.trim() === '');
    if (isBehind && ECHO_END.test(text.slice(end))) return { start, end };
  }
  return undefined;
}

/** Further lines of what was typed at once stand right below the first. */
function isBelow(lineNumber: number, origin: { line: number }, others: readonly string[]): boolean {
  const below = lineNumber - origin.line;
  return below > 0 && below <= others.filter((part) => part !== '').length;
}

/** The number of a line since the first the screen ever had, see Screen.topLine. */
export function numberOf({ screen, lines }: SearchedLines, number: number): number {
  return (screen.alternateScreen ? 0 : screen.topLine) + (lines[number]?.row ?? 0);
}

/** The index in a line's text at which a place on the screen lies, if the line has it. */
export function indexOfPlace(
  searched: SearchedLines,
  number: number,
  origin: { line: number; col: number },
  text: string,
): number | undefined {
  const line = searched.lines[number];
  if (line === undefined) return undefined;
  const row = line.row + origin.line - numberOf(searched, number);
  if (row < line.row || line.at(text.length).row < row) return undefined;
  for (let index = 0; index <= text.length; index++) {
    const place = line.at(index);
    if (place.row === row && place.col >= origin.col) return index;
  }
  return undefined;
}
