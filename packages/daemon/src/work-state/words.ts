/** Words that say that a program works, though it draws nothing and has its terminal open for keys. */

/** What is offered while something runs: `esc to interrupt`; where it only cancels, with the time that it has taken. */
const INTERRUPT = /\b(?:esc|ctrl[+-]?c|\^c)\b.{0,8}\b(?:interrupt|stop\b|cancel, \d)/i;
/** `Fetching packages...`, `[####----] 66%`, of what is not at its end. */
const UNDER_WAY = /\p{L}\)?\s?(?:\.\.\.|…)$|(?:^|[\s\])])\d{1,2}(?:\.\d+)?\s?%$/u;
/** A row to type into, in a frame or between rules. */
const INPUT_LINE = /^\s*[│┃|]?\s*[>❯›](?:\s|$)/u;
/** An agent shows what it does above its input line. */
const ROWS = 12;

export interface SaidOfWork {
  /** It is under way, or can be interrupted. */
  isUnderWay: boolean;
  hasInputLine: boolean;
}

export function saidOfWork(rows: readonly string[], isWholeScreen: boolean): SaidOfWork {
  const last = rows.filter((row) => row.trim() !== '').slice(-ROWS);
  const end = last.at(-1)?.trimEnd() ?? '';
  return {
    // Pagers say how far they are, too.
    isUnderWay: last.some((row) => INTERRUPT.test(row)) || (!isWholeScreen && UNDER_WAY.test(end)),
    hasInputLine: last.some((row) => INPUT_LINE.test(row)),
  };
}
