/**
 * Places to type into: a field on its own ground, underscores, a bracketed or boxed blank, an answer
 * behind the question of a status line.
 *
 * A highlighted list row looks like a field. What makes a field is that it is empty, that the cursor is
 * in it, that a label with a colon leads to it, or that it lines up with another field.
 */

import { UNDERLINE } from '../lines/cells.ts';
import { boxAround } from './boxes.ts';
import type { DetectedElement } from './element.ts';
import {
  columnAt,
  type Grid,
  groundAt,
  groundRuns,
  inked,
  isBlankAt,
  penAt,
  type Run,
  rawText,
  segmentAt,
  tidyText,
} from './grid.ts';
import { focus, isTaken, isUnderCursor, type Scene } from './scene.ts';

const NARROWEST = 3;
const NARROWEST_BOX = 6;
const LONGEST_VALUE = 80;
/** What a prompt inside a bordered field puts before the typed text. */
const PROMPT = /^[>❯›$] ?/;

function input(scene: Scene, row: number, left: number, right: number, text: string): DetectedElement {
  // At its end the cursor stands one column behind a full field.
  const isFocused = isUnderCursor(scene, row, left, right + 1);
  return { kind: 'input', row, col: left, width: right - left + 1, height: 1, text, ...focus(isFocused) };
}

export function findInputs(scene: Scene): DetectedElement[] {
  const found: DetectedElement[] = [];
  for (const find of [boxedFields, writtenFields, groundFields, answers]) {
    for (const field of find(scene)) {
      const end = field.col + field.width;
      const isFree = found.every(
        (other) => other.row !== field.row || end <= other.col || other.col + other.width <= field.col,
      );
      if (isFree && !isTaken(scene, field.row, field.col, end - 1)) found.push(field);
    }
  }
  return found;
}

interface Field extends Run {
  row: number;
  isSure: boolean;
}

function groundFields(scene: Scene): DetectedElement[] {
  const { grid, boxes } = scene;
  const fields: Field[] = [];
  for (let row = 0; row < grid.rows; row++) {
    const runs = groundRuns(grid, row);
    for (let i = 1; i + 1 < runs.length; i++) {
      const run = runs[i] as Run;
      const around = runs[i - 1]?.ground;
      if (around !== runs[i + 1]?.ground || run.right - run.left + 1 < NARROWEST) continue;
      const box = boxAround(boxes, row, run.left);
      const text = rawText(grid, row, run.left, run.right);
      // A field begins with what was typed, a button or a row with a blank.
      if (/^\s+\S/.test(text) || /[─-╿]/.test(text)) continue;
      // The blank between two pieces of something else.
      if (box !== undefined && run.ground === groundAt(grid, row, box.left)) continue;
      // Outside of boxes a word under the cursor is a match of a search, unless there is room behind it.
      const hasCursor = isUnderCursor(scene, row, run.left, run.right);
      const isSure =
        (hasCursor && (box !== undefined || /\s$/.test(text))) || hasLabel(grid, row, run.left, true);
      if (box !== undefined || isSure) fields.push({ ...run, row, isSure });
    }
  }
  const isSure = (field: Field) =>
    field.isSure ||
    fields.some((other) => other.isSure && other.left === field.left && other.ground === field.ground);
  return fields
    .filter(isSure)
    .map(({ row, left, right }) => input(scene, row, left, right, tidyText(grid, row, left, right)));
}

/** A word with a colon before it, or as the end of the row above. */
function hasLabel(grid: Grid, row: number, left: number, isAboveAllowed = false): boolean {
  const segment = segmentAt(grid, row, left);
  const before = rawText(grid, row, segment.left, left - 1);
  if (/[\p{L}\p{N})]:\s{0,2}$/u.test(before)) return true;
  if (!isAboveAllowed || before.trim() !== '' || row === 0) return false;
  return /[\p{L})]:\s*$/u.test(rawText(grid, row - 1, left, segmentAt(grid, row - 1, left).right));
}

/** `Name: ____` and `Name: [Ada     ]`. */
function writtenFields(scene: Scene): DetectedElement[] {
  const { grid } = scene;
  const found: DetectedElement[] = [];
  for (let row = 0; row < grid.rows; row++) {
    const text = grid.texts[row] ?? '';
    for (const match of text.matchAll(/_{3,}/g)) {
      // The value typed so far is the word that the underscores continue.
      const value =
        /[^\s_│[]*$/u.exec(text.slice(Math.max(0, match.index - LONGEST_VALUE), match.index))?.[0] ?? '';
      const left = columnAt(grid, row, match.index - value.length);
      const right = columnAt(grid, row, match.index + match[0].length) - 1;
      const isOnGround = groundAt(grid, row, left) !== groundAt(grid, row, Math.max(0, left - 1)) && left > 0;
      if (!hasLabel(grid, row, left) && !isOnGround && !isUnderCursor(scene, row, left, right)) continue;
      found.push(input(scene, row, left, right, value));
    }
    for (const match of text.matchAll(/\[([^[\]]*\s{2})\]/gu)) {
      const left = columnAt(grid, row, match.index);
      const right = columnAt(grid, row, match.index + match[0].length) - 1;
      const isUnderlined = (penAt(grid, row, left + 1) & UNDERLINE) !== 0;
      if (!isUnderlined && !isUnderCursor(scene, row, left, right)) continue;
      if (hasLabel(grid, row, left)) found.push(input(scene, row, left, right, (match[1] ?? '').trim()));
    }
  }
  return found;
}

/** A box with room for one line, in another box or with the cursor in it. */
function boxedFields(scene: Scene): DetectedElement[] {
  const { grid, boxes } = scene;
  return boxes.flatMap((box) => {
    const row = box.top + 1;
    const left = box.left + 1;
    const right = box.right - 1;
    const hasCursor = isUnderCursor(scene, row, left, right);
    const isNested = boxAround(boxes, box.top, box.left) !== undefined;
    if (box.bottom - box.top !== 2 || right - left + 1 < NARROWEST_BOX) return [];
    const ink = inked(grid, row, left, right);
    // A meter or a label is centred, a button fits its label.
    const isLeft = ink === undefined || (ink.left - left <= 1 && right - ink.right > 2);
    if (!hasCursor && !(isNested && isLeft)) return [];
    return [input(scene, row, left, right, tidyText(grid, row, left, right).replace(PROMPT, ''))];
  });
}

/** `File Name to Write: README.md` on a ground of its own, with the cursor behind the colon. */
function answers(scene: Scene): DetectedElement[] {
  const { grid } = scene;
  const { row, col, visible } = grid.cursor;
  if (!visible || groundAt(grid, row, col) === 0) return [];
  const run = groundRuns(grid, row).find((candidate) => candidate.left <= col && col <= candidate.right);
  if (run === undefined) return [];
  const question = /^.*?[\p{L}\p{N})\]]:\s?/u.exec(rawText(grid, row, run.left, Math.max(run.left, col - 1)));
  if (question === null) return [];
  let left = run.left + question[0].length;
  while (left < col && isBlankAt(grid, row, left)) left++;
  if (left > col) return [];
  return [input(scene, row, left, run.right, tidyText(grid, row, left, run.right))];
}
