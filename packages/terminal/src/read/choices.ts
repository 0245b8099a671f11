/** Choices that have no numbers: below each other with a pointer at one, or as words in a row. */
import { bare, withoutFrames } from './bare.ts';

export interface Choices {
  /** What is asked, above the choices. */
  asked: string[];
  labels: string[];
}

/** Between a question and its choices, and between the choices and the end of the screen. */
const ROWS_AROUND = 14;
/** Below the choices stand hints, such as which keys move. */
const MAX_BELOW = 3;
/** How inquirer, prompts, enquirer and survey mark what they ask; clack has a sign of its own. */
export const SIGNED = /^(?:\? .*[:?›»…)\]](?: |$)|◆ \S)/u;
/** A long question takes more than a row. */
const ROWS_OF_QUESTION = 3;
const ASKS = /\?["'”]?\s*(?:[[(][^\])]*[\])])?\s*:?$/;
const POINTER = '❯›➜▸▶→●◉>';
const POINTED = new RegExp(`^\\s*[${POINTER}]`, 'u');
/** Before a label: the pointer, boxes and circles that are or are not ticked. */
const MARKS = new RegExp(`^[\\s${POINTER}○◯◻◼☐☑]*(?:\\[[ x*]\\]\\s*)?`, 'u');
const ANSWER =
  /^(?:yes|no|ok|allow|deny|accept|approve|reject|always|never|cancel|abort|skip|continue|proceed|retry|don't)\b/i;

/** A list in which one row is pointed at, under a question. */
export function pointedChoices(rows: readonly string[], cursor: { row: number; col: number }) {
  const plain = rows.map(withoutFrames);
  const end = lastWith(plain);
  const at = plain.findLastIndex((row, index) => index >= end - ROWS_AROUND && POINTED.test(row));
  const row = plain[at];
  if (row === undefined) return undefined;
  const column = labelColumn(row);
  const isChoice = (index: number) => index === at || isUnchosen(plain[index], column);
  let [first, last] = [at, at];
  while (isChoice(first - 1)) first -= 1;
  while (isChoice(last + 1)) last += 1;
  const below = plain.slice(last + 1).filter((other) => other.trim() !== '');
  if (first === last || column >= row.length || below.length > MAX_BELOW) return undefined;
  const labels = plain.slice(first, last + 1).map((other) => bare(other.slice(column)));
  const above = plain.slice(Math.max(0, first - ROWS_AROUND), first).map(bare);
  const asked = above.filter(Boolean);
  // Behind the pointer of a prompt stands the cursor.
  const isPrompt = cursor.row === at && cursor.col >= column;
  return isAsked(above, labels, row, isPrompt) ? { asked, labels } : undefined;
}

function isAsked(above: readonly string[], labels: readonly string[], pointed: string, isPrompt: boolean) {
  const nearest = above.at(-1) || above.at(-2) || '';
  if (above.slice(-ROWS_OF_QUESTION).some((row) => SIGNED.test(row))) return true;
  if (labels.filter((label) => ANSWER.test(label)).length >= 2) return above.some((row) => ASKS.test(row));
  // It quotes, too.
  return ASKS.test(nearest) && !isPrompt && !pointed.trimStart().startsWith('>');
}

/** Begins where the label of the row does that is pointed at. */
function isUnchosen(row: string | undefined, column: number): boolean {
  return row !== undefined && row.trim() !== '' && !POINTED.test(row) && labelColumn(row) === column;
}

function labelColumn(row: string): number {
  return MARKS.exec(row)?.[0].length ?? 0;
}

/** Words of answers beside each other, as whole screens show them: `Allow once   Reject`. */
export function choicesInRow(rows: readonly string[]): Choices | undefined {
  const plain = rows.map(withoutFrames);
  const at = plain.findLastIndex((row) => answersIn(row).length >= 2);
  const below = plain.slice(at + 1).filter((row) => row.trim() !== '');
  if (at < 0 || below.length > MAX_BELOW) return undefined;
  const above = plain.slice(Math.max(0, at - ROWS_AROUND), at).map(bare);
  return { asked: above.filter(Boolean), labels: answersIn(plain[at] ?? '') };
}

function answersIn(row: string): string[] {
  return row
    .split(/ {2,}/)
    .map(bare)
    .filter((words) => ANSWER.test(words) && words.split(' ').length <= 5);
}

function lastWith(rows: readonly string[]): number {
  return rows.findLastIndex((row) => row.trim() !== '');
}
