/**
 * Lines of the main screen that were typed and sent off. Old text in one is what was typed and the prompt before it;
 * and what stands above the last one that was sent off at the prompt of a shell or the like is the past: the answers
 * to what was sent before.
 *
 * A line is one no longer once the screen has been cleared or folded anew, or the cursor is back on it or above.
 */

import type { SentLine } from '../input/input-mark.ts';
import { PROMPT_BEFORE_ECHO } from '../input/prompt-text.ts';
import { indexOfPlace, numberOf } from './echo.ts';
import type { SearchedLines } from './line-search.ts';

/** What questions end in, besides the prompts of shells. */
const QUESTION_END = /[:?)\]]\s?$/;

export interface SentLines {
  /** The lines, by their place among those searched: with a prompt as shells have it, or with a question. */
  prompts: ReadonlySet<number>;
  questions: ReadonlySet<number>;
  /** Up to this one, and it included, the lines are the past; -1 where none is. */
  pastTo: number;
}

export function findSentLines(searched: SearchedLines, sent: readonly SentLine[]): SentLines {
  const prompts = new Set<number>();
  const questions = new Set<number>();
  const { screen } = searched;
  if (screen.alternateScreen) return { prompts, questions, pastTo: -1 };
  const cursorLine = screen.topLine + screen.cursor.row;
  for (const { line, col, erasures, cols } of sent) {
    if (line >= cursorLine || erasures !== screen.erasures || cols !== screen.size.cols) continue;
    const number = searched.lines.findLastIndex((_, index) => numberOf(searched, index) <= line);
    if (number === -1) continue;
    const text = searched.lineText(number);
    const start = indexOfPlace(searched, number, { line, col }, text) ?? text.length;
    const before = text.slice(0, start);
    if (PROMPT_BEFORE_ECHO.test(before)) prompts.add(number);
    else if (QUESTION_END.test(before)) questions.add(number);
  }
  return { prompts, questions, pastTo: Math.max(-1, ...prompts) };
}
