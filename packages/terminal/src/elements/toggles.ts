/**
 * Checkboxes and radios: `[x] Label`, `( ) Label`, `☑ Label`, `◯ Label`.
 *
 * Logs, task lists and source code write the same characters. A toggle therefore begins its part of the
 * row, has words behind it, and shows that it is one: it stands in a box, or beside an empty one, or is
 * highlighted.
 */
import { type Box, boxAround } from './boxes.ts';
import type { DetectedElement } from './element.ts';
import {
  codeAt,
  columnAt,
  type Grid,
  groundAt,
  inked,
  isBlankAt,
  penAt,
  rawText,
  segmentAt,
  tidyText,
} from './grid.ts';
import { isPointer } from './pointer.ts';
import { focus, isTaken, isUnderCursor, type Scene } from './scene.ts';

interface Mark {
  row: number;
  left: number;
  /** Last column of the mark. */
  end: number;
  /** First and last column of the label. */
  label: { left: number; right: number };
  shape: 'square' | 'round';
  /** Drawn with one character instead of with brackets. */
  isGlyph: boolean;
  isChecked: boolean;
  box: Box | undefined;
}

const BRACKETED = /\[([ xX*✓✔✗✘])\]|\(([ xX*oO•●])\)/gu;
const GLYPH = /[☐☑☒◻◼▢▣○●◯◉◌]/gu;
const CHECKED_GLYPHS = '☑☒◼▣●◉';
const SQUARE_GLYPHS = '☐☑☒◻◼▢▣';
/** The large circle is what prompts with many answers draw; one answer has a pointer or small circles. */
const MANY_GLYPH = '◯';
/** Drawn by lists of services as well, where they are no controls. */
const COMMON_GLYPHS = '○●';
/** A form has no more; every mark is compared with the others. */
const MAX_MARKS = 400;
/** Marks in rows that far apart are one group still. */
const GROUP_GAP = 2;

export function findToggles(scene: Scene): DetectedElement[] {
  const marks = scene.grid.texts.flatMap((_, row) => rowMarks(scene, row)).slice(0, MAX_MARKS);
  return groups(marks)
    .filter((group) => isConvincing(scene.grid, group))
    .flatMap((group) => elements(scene, group));
}

function rowMarks(scene: Scene, row: number): Mark[] {
  const { grid, boxes } = scene;
  const text = grid.texts[row] ?? '';
  const found: Mark[] = [];
  for (const match of [...text.matchAll(BRACKETED), ...text.matchAll(GLYPH)]) {
    const left = columnAt(grid, row, match.index);
    const end = columnAt(grid, row, match.index + match[0].length) - 1;
    if (isTaken(scene, row, left) || !isBlankAt(grid, row, end + 1)) continue;
    const segment = segmentAt(grid, row, left);
    // A tree draws its lines between mark and label.
    const stop = boxAround(boxes, row, left)?.right ?? segment.right + 1;
    const label = inked(grid, row, end + 1, stop - 1);
    if (label === undefined) continue;
    const isGlyph = match[0].length === 1;
    const state = match[1] ?? match[2];
    found.push({
      row,
      left,
      end,
      label,
      shape: (isGlyph ? SQUARE_GLYPHS.includes(match[0]) : match[0].startsWith('[')) ? 'square' : 'round',
      isGlyph,
      isChecked: isGlyph ? CHECKED_GLYPHS.includes(match[0]) : state !== ' ',
      box: boxAround(boxes, row, left),
    });
  }
  found.sort((a, b) => a.left - b.left);
  return found
    .map((mark, i) => clipped(grid, mark, found[i + 1]))
    .filter((mark, i, all) => begins(grid, mark, all[i - 1]) && hasWords(grid, mark));
}

/** A label ends where the next mark of its row begins. */
function clipped(grid: Grid, mark: Mark, next: Mark | undefined): Mark {
  if (next === undefined || next.left > mark.label.right) return mark;
  const label = inked(grid, mark.row, mark.end + 1, next.left - 1);
  if (label === undefined) return { ...mark, label: { left: 0, right: -1 } };
  // `Yes / No`: what separates two labels belongs to none.
  const end = rawText(grid, mark.row, label.left, label.right).replace(/ [/·•|]$/, '').length;
  return { ...mark, label: { left: label.left, right: Math.min(label.right, label.left + end - 1) } };
}

/** Nothing stands before it in its part of the row but a pointer, another toggle, or a gap. */
function begins(grid: Grid, mark: Mark, previous: Mark | undefined): boolean {
  const { row } = mark;
  const segment = segmentAt(grid, row, mark.left);
  const before = inked(grid, row, segment.left, mark.left - 1);
  if (before === undefined) return true;
  if (before.left === before.right && isPointer(grid, row, before.left)) return true;
  const between = previous && rawText(grid, row, previous.label.right + 1, mark.left - 1);
  if (previous !== undefined && between !== undefined && /^\s*[/·•|]?\s*$/.test(between)) {
    return isBlankAt(grid, row, mark.left - 1) && begins(grid, previous, undefined);
  }
  return mark.left - before.right > 2;
}

function hasWords(grid: Grid, { row, label }: Mark): boolean {
  return /^[│\s]*["'.<(/-]{0,2}[\p{L}\p{N}]/u.test(tidyText(grid, row, label.left, label.right));
}

function groups(marks: readonly Mark[]): Mark[][] {
  const found: Mark[][] = [];
  for (const mark of marks) {
    const group = found.find((others) =>
      others.some(
        (other) =>
          other.box === mark.box &&
          other.shape === mark.shape &&
          other.isGlyph === mark.isGlyph &&
          (other.row === mark.row || (other.left === mark.left && mark.row - other.row <= GROUP_GAP)),
      ),
    );
    if (group) group.push(mark);
    else found.push([mark]);
  }
  return found;
}

function isConvincing(grid: Grid, group: readonly Mark[]): boolean {
  const [first] = group as [Mark];
  if (first.isGlyph) {
    const isCommon = group.every((mark) => {
      return COMMON_GLYPHS.includes(String.fromCodePoint(codeAt(grid, mark.row, mark.left)));
    });
    const checked = group.filter((mark) => mark.isChecked).length;
    return group.length > 1 && (!isCommon || (checked === 1 && group.every((mark) => isFramed(grid, mark))));
  }
  if (first.box !== undefined) return true;
  if (group.length > 1 && group.some((mark) => !mark.isChecked)) return true;
  return group.some((mark) => groundAt(grid, mark.row, mark.left) !== groundAt(grid, mark.row, 0));
}

/** An edge to the left, as prompts draw it. */
function isFramed(grid: Grid, { row, left }: Mark): boolean {
  return segmentAt(grid, row, left).left > 0;
}

function elements(scene: Scene, group: readonly Mark[]): DetectedElement[] {
  const { grid } = scene;
  const focused = focusedMark(scene, group);
  const glyphs = group.map((mark) => String.fromCodePoint(codeAt(grid, mark.row, mark.left)));
  const isMany = glyphs.includes(MANY_GLYPH) || group.filter((mark) => mark.isChecked).length > 1;
  const isRadio = group.every((mark) => mark.shape === 'round' && !(mark.isGlyph && isMany));
  return group.map((mark) => ({
    kind: isRadio ? 'radio' : 'checkbox',
    row: mark.row,
    col: mark.left,
    width: mark.label.right - mark.left + 1,
    height: 1,
    text: tidyText(grid, mark.row, mark.label.left, mark.label.right),
    ...focus(mark === focused),
    checked: mark.isChecked,
  }));
}

/** The one whose ground is another than that of the rest, has a pointer, the cursor, or else its own pen. */
function focusedMark(scene: Scene, group: readonly Mark[]): Mark | undefined {
  const { grid } = scene;
  const grounds = (mark: Mark) =>
    [mark.left + (mark.isGlyph ? 0 : 1), mark.label.left].map((col) => groundAt(grid, mark.row, col)).join();
  // Of two that differ, the one that also differs from what it stands on.
  const raised = group.filter(
    (mark) =>
      mark.left > 0 && groundAt(grid, mark.row, mark.left) !== groundAt(grid, mark.row, mark.left - 1),
  );
  const pointed = (mark: Mark) => mark.left > 0 && isPointer(grid, mark.row, inkBefore(grid, mark));
  return (
    group.find((mark) => isUnderCursor(scene, mark.row, mark.left, mark.end)) ??
    onlyOne(group, grounds) ??
    (raised.length === 1 && group.length === 2 ? raised[0] : undefined) ??
    group.find(pointed) ??
    (grid.cursor.visible || group.length < 3
      ? undefined
      : onlyOne(group, (mark) => String(penAt(grid, mark.row, mark.label.left))))
  );
}

function inkBefore(grid: Grid, mark: Mark): number {
  let col = mark.left - 1;
  while (col > 0 && isBlankAt(grid, mark.row, col)) col--;
  return col;
}

/** The one that differs from all others, which are alike. */
function onlyOne(group: readonly Mark[], look: (mark: Mark) => string): Mark | undefined {
  const counts = new Map<string, Mark[]>();
  for (const mark of group) counts.set(look(mark), [...(counts.get(look(mark)) ?? []), mark]);
  if (counts.size !== 2) return undefined;
  const [one, two] = [...counts.values()].sort((a, b) => a.length - b.length) as [Mark[], Mark[]];
  return one.length === 1 && two.length > 1 ? one[0] : undefined;
}
