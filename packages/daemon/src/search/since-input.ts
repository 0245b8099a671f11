/**
 * What of a screen counts after somebody's input: text that has appeared since, text that stood there before, but
 * never what shows only because it was typed.
 *
 * A character is new when it was not there before (terminal/read/past-lines.ts). It is no answer, new or old, where it
 * is the echo of what was typed (echo.ts), nor what stood there when a line was sent off (sent-lines.ts).
 */
import type { PastLines } from '@pilotty/terminal';
import type { InputMark, SentLine } from '../input/input-mark.ts';
import { earlierEchoesIn, echoesIn, type Range } from './echo.ts';
import type { Counts, SearchedLines } from './line-search.ts';
import { findSentLines, type SentLines } from './sent-lines.ts';

/** What a character is to somebody who waits for an answer. */
type Kind = 'blank' | 'past' | 'old' | 'new';

/**
 * @param earlier lines that were sent off before
 * @param echoMet is called where text is taken for the echo, as long as it is not known whether there is one
 */
export function countsAfter(mark: InputMark, earlier: readonly SentLine[], echoMet: () => void): Counts {
  const sentIn = sentLinesOf(mark, earlier);
  return ofKinds((searched, number, line) => {
    const { questions, pastTo } = sentIn(searched);
    const isPast = number <= pastTo || questions.has(number);
    const { pasts, typed } = knownAfter(mark, echoMet, searched, number, line);
    const before = earlierIn(searched, number, line, earlier, mark, echoMet);
    return { pasts, typed: [...typed, ...before], isPast };
  });
}

/** As countsAfter(), where only what was not there at a look counts, whether it came before the last input or after. */
export function countsAfterLook(
  look: PastLines,
  mark: InputMark,
  earlier: readonly SentLine[],
  echoMet: () => void,
): Counts {
  const sentIn = sentLinesOf(mark, earlier);
  const counts = ofKinds((searched, number, line) => {
    const { typed } = knownAfter(mark, echoMet, searched, number, line);
    const isSent = sentIn(searched).prompts.has(number);
    const pasts = [look.textBefore(searched.screen, rowOf(searched, number), line)];
    const before = earlierIn(searched, number, line, earlier, mark, echoMet);
    const echoes = [...typed, ...before];
    return { pasts, typed: isSent ? [{ start: 0, end: line.length }] : echoes };
  });
  return (searched, found) => (counts(searched, found) === 'new' ? 'new' : undefined);
}

function sentLinesOf(mark: InputMark, earlier: readonly SentLine[]): (searched: SearchedLines) => SentLines {
  let last: { searched: SearchedLines; lines: SentLines } | undefined;
  return (searched) => {
    if (last?.searched === searched) return last.lines;
    // The line of the last act may be sent off while somebody waits.
    const { sentLine } = mark;
    last = { searched, lines: findSentLines(searched, sentLine ? [...earlier, sentLine] : earlier) };
    return last.lines;
  };
}

/** The program has shown something that was not there before the input, and is no echo of it. */
export function hasAnswered(searched: SearchedLines, mark: InputMark): boolean {
  for (let number = 0; number < searched.lineCount; number++) {
    const line = searched.lineText(number);
    const kinds = kindsOf(
      line,
      knownAfter(mark, () => {}, searched, number, line),
    );
    if (kinds.includes('new')) return true;
  }
  return false;
}

/** Taken to be so until it is known. */
function mayEcho(mark: InputMark, echoMet: () => void): boolean {
  if (mark.isEchoed === undefined) echoMet();
  return mark.isEchoed !== false;
}

/** As mayEcho(), by the terminal itself, line by line, and not by the program. */
function mayTerminalEcho(mark: InputMark, echoMet: () => void): boolean {
  return mayEcho(mark, echoMet) && mark.isTerminalEcho !== false;
}

function earlierIn(
  searched: SearchedLines,
  number: number,
  line: string,
  earlier: readonly SentLine[],
  mark: InputMark,
  echoMet: () => void,
): Range[] {
  return earlierEchoesIn(
    ...([searched, number, line, earlier] as const),
    () => mayEcho(mark, echoMet),
    () => mayTerminalEcho(mark, echoMet),
  );
}

function knownAfter(
  mark: InputMark,
  echoMet: () => void,
  searched: SearchedLines,
  number: number,
  line: string,
): KnownOfLine {
  const echoes =
    mark.isEchoed === false ? [] : echoesIn(searched, number, mark, () => mayTerminalEcho(mark, echoMet));
  if (echoes.length > 0) mayEcho(mark, echoMet);
  const textBefore = (look: PastLines) => look.textBefore(searched.screen, rowOf(searched, number), line);
  const { before, beforeLatest } = mark;
  // Nothing has been drawn since: all there is stood there before.
  const pasts = before ? [textBefore(before)] : [line];
  if (beforeLatest) pasts.push(textBefore(beforeLatest));
  const isSentOff = mark.isSubmitted && !searched.screen.alternateScreen;
  // Drawn anew behind a prompt, the line that was sent off has its prompt with it.
  const typed = isSentOff ? echoes.map(({ end }) => ({ start: 0, end })) : echoes;
  return { pasts, typed };
}

function rowOf(searched: SearchedLines, number: number): number {
  return searched.lines[number]?.row ?? 0;
}

interface KnownOfLine {
  /** How it was, at one moment or at several. */
  pasts: readonly string[];
  /** Where it shows what was typed. */
  typed: readonly Range[];
  /** What stood here before is no answer. */
  isPast?: boolean;
}

type Known = (searched: SearchedLines, number: number, line: string) => KnownOfLine;

function ofKinds(known: Known): Counts {
  let lastSearched: SearchedLines | undefined;
  /** Of each line, what its characters are: an expression may be found in it a thousand times. */
  let kinds: (Kind[] | undefined)[] = [];
  const kindsIn = (searched: SearchedLines, number: number): Kind[] => {
    if (searched !== lastSearched) kinds = [];
    lastSearched = searched;
    const line = searched.lineText(number);
    kinds[number] ??= kindsOf(line, known(searched, number, line));
    return kinds[number];
  };
  return (searched, { index, text }) => {
    const { number: first, offset } = searched.placeOf(index);
    const met = new Set<Kind>();
    let start = offset;
    let left = text.length;
    for (let number = first; left > 0 && number < searched.lineCount; number++) {
      const ofLine = kindsIn(searched, number);
      const end = Math.min(ofLine.length, start + left);
      for (let at = start; at < end; at++) met.add(ofLine[at] as Kind);
      if (met.has('new')) return 'new';
      left -= end - start + 1;
      start = 0;
    }
    // Blanks, and the ends of lines, stood there before.
    return met.has('old') || !met.has('past') ? 'old' : undefined;
  };
}

function kindsOf(line: string, { pasts, typed, isPast }: KnownOfLine): Kind[] {
  const kinds = Array.from({ length: line.length }, (_, at): Kind => {
    if (line[at] === ' ') return 'blank';
    if (pasts.some((before) => line[at] !== before[at])) return 'new';
    return isPast ? 'past' : 'old';
  });
  for (const { start, end } of typed) kinds.fill('past', Math.max(0, start), Math.max(0, end));
  return kinds;
}
