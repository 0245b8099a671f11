/**
 * Buttons: `[ OK ]`, `<Cancel>`, `[< Set >]`, small boxes around one word, words on blocks of their own.
 *
 * Brackets alone are text. A button has a ground of its own, or stands with others in a row that holds
 * nothing else, or alone in the middle of the last rows of a box.
 */
import { type Box, boxAround } from './boxes.ts';
import type { DetectedElement } from './element.ts';
import {
  columnAt,
  type Grid,
  groundAt,
  groundRuns,
  inked,
  isBlankAt,
  penAt,
  rawText,
  segmentAt,
  tidyText,
} from './grid.ts';
import { focus, isTaken, type Scene } from './scene.ts';

interface Candidate {
  row: number;
  left: number;
  right: number;
  text: string;
  isPadded: boolean;
  /** Cells of the label, whose ground is the button's. */
  label: { left: number; right: number };
}

const BRACKETED =
  /\[<( ?[^[\]<>│]{1,24}? ?)>\]|\[( *[^\s[\]<>│][^[\]<>│]{0,23}? *)\]|<( *[^\s[\]<>│=/][^[\]<>│]{0,23}? *)>/gu;
const LONGEST_BLOCK = 24;
const MAX_WORDS = 4;

export function findButtons(scene: Scene): DetectedElement[] {
  const found = [...boxedButtons(scene)];
  const candidates = scene.grid.texts.map((_, row) => rowCandidates(scene, row));
  candidates.forEach((inRow, row) => {
    const beside = [...(candidates[row - 1] ?? []), ...(candidates[row + 1] ?? [])];
    for (const group of bySegment(scene.grid, inRow)) found.push(...buttons(scene, group, beside));
    found.push(...blocks(scene, row));
  });
  return found;
}

function rowCandidates(scene: Scene, row: number): Candidate[] {
  const { grid } = scene;
  const text = grid.texts[row] ?? '';
  return [...text.matchAll(BRACKETED)].flatMap((match) => {
    const inner = match[1] ?? match[2] ?? match[3] ?? '';
    const label = inner.trim();
    const left = columnAt(grid, row, match.index);
    const right = columnAt(grid, row, match.index + match[0].length) - 1;
    const isLabel = /^[\p{L}]/u.test(label) && label.split(/\s+/).length <= MAX_WORDS;
    const isApart = isBlankAround(grid, row, left, right);
    if (!isLabel || !isApart || isTaken(scene, row, left, right)) return [];
    const at = match.index + match[0].indexOf(label);
    return [
      {
        row,
        left,
        right,
        text: label,
        isPadded: inner.startsWith(' ') || inner.endsWith(' ') || match[1] !== undefined,
        label: { left: columnAt(grid, row, at), right: columnAt(grid, row, at + label.length) - 1 },
      },
    ];
  });
}

function bySegment(grid: Grid, candidates: readonly Candidate[]): Candidate[][] {
  const groups = new Map<number, Candidate[]>();
  for (const candidate of candidates) {
    const { left } = segmentAt(grid, candidate.row, candidate.left);
    groups.set(left, [...(groups.get(left) ?? []), candidate]);
  }
  return [...groups.values()];
}

function isBlankAround(grid: Grid, row: number, left: number, right: number): boolean {
  const isOpen = (col: number) =>
    col < 0 || col >= grid.cols || isBlankAt(grid, row, col) || grid.edges[row * grid.cols + col] === 1;
  return isOpen(left - 1) && isOpen(right + 1);
}

/** `beside`: candidates of the rows above and below, which may make a column with this one. */
function buttons(scene: Scene, group: readonly Candidate[], beside: readonly Candidate[]): DetectedElement[] {
  const { grid, boxes } = scene;
  const [first] = group as [Candidate];
  const { row } = first;
  const box = boxAround(boxes, row, first.left);
  const isAlone = isPure(scene, row, group);
  const ground = groundBeside(grid, row, first.left, group.at(-1)?.right ?? first.right);
  const convincing = group.filter((candidate) => {
    const hasGround = groundAt(grid, row, candidate.label.left) !== ground;
    const isInColumn = isAlone && candidate.isPadded && beside.some((other) => isBelow(other, candidate));
    if (isInColumn) return true;
    if (box === undefined) {
      // Messages and logs are bracketed as well, but not two padded words in a row of their own.
      return isAlone && !/\d/.test(candidate.text) && group.length > 1 && (hasGround || candidate.isPadded);
    }
    if (hasGround) return isAlone || candidate.isPadded;
    if (hasMnemonic(grid, candidate) && candidate.isPadded) return true;
    return isAlone && (group.length > 1 || (candidate.isPadded && isCentred(grid, candidate, box)));
  });
  const focused = convincing.filter(({ label }) => groundAt(grid, row, label.left) !== ground);
  const isFocused = (candidate: Candidate) =>
    focused.length === 1 || convincing.length === 1
      ? focused.includes(candidate)
      : focused.length > 1 && holdsCursor(grid, row, candidate);
  return convincing.map((candidate) => element(candidate, isFocused(candidate)));
}

function element({ row, left, right, text }: Candidate, isFocused: boolean): DetectedElement {
  return { kind: 'button', row, col: left, width: right - left + 1, height: 1, text, ...focus(isFocused) };
}

function isBelow(one: Candidate, other: Candidate): boolean {
  return one.isPadded && one.left === other.left && one.right === other.right;
}

/** Also where it is hidden: where two differ from their surroundings, it shows which one was drawn last. */
function holdsCursor(
  { cursor }: Grid,
  row: number,
  { left, right }: { left: number; right: number },
): boolean {
  return cursor.row === row && cursor.col >= left && cursor.col <= right;
}

/** Nothing else stands in this part of the row. */
function isPure(scene: Scene, row: number, group: readonly Candidate[]): boolean {
  const { grid } = scene;
  const [first] = group as [Candidate];
  const { left, right } = segmentAt(grid, row, first.left);
  for (let col = left; col <= right; col++) {
    const isOwn = group.some((candidate) => candidate.left <= col && col <= candidate.right);
    if (!isOwn && !isBlankAt(grid, row, col) && !isTaken(scene, row, col)) return false;
  }
  return true;
}

/** The ground the buttons lie on: what is just left of the first, else just right of the last. */
function groundBeside(grid: Grid, row: number, left: number, right: number): number {
  return left > 0 ? groundAt(grid, row, left - 1) : groundAt(grid, row, Math.min(right + 1, grid.cols - 1));
}

function isCentred(grid: Grid, { row, left, right }: Candidate, box: Box): boolean {
  if (box.bottom - row > 2) return false;
  const segment = segmentAt(grid, row, left);
  return Math.abs(left - segment.left - (segment.right - right)) <= 2;
}

/** One letter of the label is drawn with another pen: the key that presses it. */
function hasMnemonic(grid: Grid, { row, label }: Candidate): boolean {
  const pens = new Map<number, number>();
  for (let col = label.left; col <= label.right; col++) {
    const pen = penAt(grid, row, col);
    pens.set(pen, (pens.get(pen) ?? 0) + 1);
  }
  return pens.size === 2 && [...pens.values()].includes(1);
}

/** Boxes that fit one word, two or more side by side in another box. */
function boxedButtons({ grid, boxes }: Scene): DetectedElement[] {
  const small = boxes.filter((box) => {
    const row = box.top + 1;
    const ink = inked(grid, row, box.left + 1, box.right - 1);
    return (
      box.bottom - box.top === 2 &&
      ink !== undefined &&
      ink.left - box.left <= 3 &&
      ink.left - box.left === box.right - ink.right &&
      boxAround(boxes, box.top, box.left) !== undefined
    );
  });
  return small.flatMap((box) => {
    const siblings = small.filter((other) => other.top === box.top);
    if (siblings.length < 2) return [];
    const row = box.top + 1;
    const look = (of: Box) => groundAt(grid, row, (of.left + of.right) >> 1);
    const isDifferent = siblings.every((other) => other === box || look(other) !== look(box));
    // Of two that differ, the cursor shows which one was drawn last.
    const isFocused = isDifferent && (siblings.length > 2 || holdsCursor(grid, row, box));
    return [
      {
        kind: 'button' as const,
        row: box.top,
        col: box.left,
        width: box.right - box.left + 1,
        height: 3,
        text: tidyText(grid, row, box.left + 1, box.right - 1),
        ...focus(isFocused),
      },
    ];
  });
}

/** In the last rows of a box: words far apart, one or all of them on a ground of their own. */
function blocks(scene: Scene, row: number): DetectedElement[] {
  const { grid, boxes } = scene;
  return boxes.flatMap((box) => {
    if (row < box.bottom - 2 || row >= box.bottom || box.bottom - box.top < 3) return [];
    const left = box.left + 1;
    const right = box.right - 1;
    if (boxAround(boxes, row, left) !== box || isTaken(scene, row, left, right)) return [];
    const base = groundAt(grid, row, box.left);
    const grounds = groundRuns(grid, row).filter((run) => run.left >= left && run.right <= right);
    const blocksHere = grounds.filter((run) => run.ground !== base && inked(grid, row, run.left, run.right));
    if (blocksHere.length === 0) return [];
    const words = [...rawText(grid, row, left, right).matchAll(/\S+(?: \S+)*/gu)].map((match) => ({
      row,
      left: left + match.index,
      right: left + match.index + match[0].length - 1,
      text: match[0],
      isPadded: true,
      label: { left: left + match.index, right: left + match.index + match[0].length - 1 },
    }));
    // A mnemonic is a block of one letter: a button's block holds its word.
    const isRow =
      words.length > 1 &&
      words.length < 6 &&
      words.every((word) => word.text.length <= LONGEST_BLOCK && /^\p{L}/u.test(word.text)) &&
      blocksHere.every((run) => words.some((word) => run.left <= word.left && word.right <= run.right));
    if (!isRow) return [];
    const on = (word: Candidate) => blocksHere.find((run) => overlaps(word, run));
    const grown = words.map((word) => ({ ...word, ...pick(on(word) ?? word) }));
    const different = onlyGround(grid, words, base);
    return grown.map((word, i) => element(word, words[i] === different));
  });
}

function pick({ left, right }: { left: number; right: number }): { left: number; right: number } {
  return { left, right };
}

function overlaps(a: { left: number; right: number }, b: { left: number; right: number }): boolean {
  return a.left <= b.right && b.left <= a.right;
}

/** The one on a ground that no other has; where two are left, the one off the ground of the box. */
function onlyGround(grid: Grid, words: readonly Candidate[], base: number): Candidate | undefined {
  const ground = (word: Candidate) => groundAt(grid, word.row, word.left);
  const off = words.filter((word) => ground(word) !== base);
  if (off.length === 1) return off[0];
  const single = words.filter((word) => words.filter((other) => ground(other) === ground(word)).length === 1);
  return single.length === 1 ? single[0] : undefined;
}
