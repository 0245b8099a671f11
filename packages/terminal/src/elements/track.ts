/**
 * Names for elements that last: @e1, @e2 and so on, never the same one twice.
 *
 * An element keeps its ref while it is where it was: kind, place and label agree. What may change freely
 * is its state, figures in its label, and everything else on the screen. The title of the box around it
 * counts as a part of its label, because the OK of one dialog is not the OK of the next.
 *
 * Rows of a list are what they say, not where they stand: when a list scrolls, a ref moves with its row,
 * as long as there is one row only with these words. A row that is redrawn with some other words keeps
 * its ref if most of them are the same, or if the list around it has not moved.
 *
 * Gone is gone: what leaves the screen and comes back gets a new ref, because it cannot be known whether it
 * is the same.
 */
import type { DetectedElement } from './element.ts';

export interface Element extends DetectedElement {
  ref: string;
}

export type Resolution =
  | { status: 'found'; element: Element }
  /** Nothing ever had this ref. */
  | { status: 'unknown' }
  /** What had it is gone; `elements` are there now. */
  | { status: 'stale'; elements: readonly Element[] };

interface Unnamed extends DetectedElement {
  context: string;
}

interface Known extends Unnamed {
  ref: string;
}

export interface ElementsState {
  elements: readonly Known[];
  last: number;
}

/** A counter that grows by a digit moves a centred label by no more. */
const SHIFT = 2;
/** Of the words of a row, in their places. */
const SAME_WORDS = 0.6;

export class ElementTracker {
  #elements: readonly Known[] = [];
  #last = 0;

  get elements(): readonly Element[] {
    return this.#elements.map(withoutContext);
  }

  get state(): ElementsState {
    return { elements: this.#elements, last: this.#last };
  }

  adopt({ elements, last }: ElementsState): void {
    this.#elements = elements;
    this.#last = last;
  }

  /** Takes what is on the screen now, in the order given, and returns it with refs. */
  update(elements: readonly DetectedElement[]): Element[] {
    const boxes = elements.filter((element) => element.kind === 'box');
    const now = elements.map((element) => ({ ...element, context: contextOf(boxes, element) }));
    const refs = match(this.#elements, now);
    this.#elements = now.map((element) => ({ ...element, ref: refs.get(element) ?? `@e${++this.#last}` }));
    return this.#elements.map(withoutContext);
  }

  resolve(ref: string): Resolution {
    const element = this.#elements.find((candidate) => candidate.ref === ref);
    if (element !== undefined) return { status: 'found', element: withoutContext(element) };
    const number = /^@e([1-9]\d{0,14})$/.exec(ref)?.[1];
    if (number === undefined || Number(number) > this.#last) return { status: 'unknown' };
    return { status: 'stale', elements: this.elements };
  }
}

function withoutContext({ context: _, ...element }: Known): Element {
  return element;
}

/** The title of the smallest box around it. */
function contextOf(boxes: readonly DetectedElement[], { row, col, kind }: DetectedElement): string {
  if (kind === 'box') return '';
  let around: DetectedElement | undefined;
  for (const box of boxes) {
    const isInside =
      row > box.row && row < box.row + box.height && col > box.col && col < box.col + box.width;
    if (isInside && (around === undefined || box.width * box.height < around.width * around.height)) {
      around = box;
    }
  }
  return around === undefined ? '' : withoutFigures(around.text);
}

/** What a counter, a clock or a percentage leaves the same. */
function withoutFigures(text: string): string {
  return text.replace(/\d+(?:[.,:]\d+)*/g, '0').toLowerCase();
}

function isRow({ kind }: DetectedElement): boolean {
  return kind === 'list_row' || kind === 'menu_item';
}

/** Refs of elements that were there before: first what stayed, then rows that moved, then what is alike. */
function match(before: readonly Known[], now: readonly Unnamed[]): Map<Unnamed, string> {
  const refs = new Map<Unnamed, string>();
  const free = new Set(before);
  const pair = (element: Unnamed, old: Known | undefined) => {
    if (old === undefined || !free.delete(old)) return;
    refs.set(element, old.ref);
  };
  const place = (element: Unnamed) => `${element.row} ${element.col} ${words(element)}`;
  const old = groups(before, place);
  for (const element of now) pair(element, old.get(place(element))?.[0]);

  const stayed = new Set(
    before.filter((element) => isRow(element) && !free.has(element)).map((row) => row.context),
  );
  const oldRows = groups([...free].filter(isRow), words);
  const newRows = groups(
    now.filter((element) => isRow(element) && !refs.has(element)),
    words,
  );
  for (const [key, rows] of newRows) {
    const olds = oldRows.get(key);
    if (rows.length === 1 && olds?.length === 1) pair(rows[0] as Unnamed, olds[0]);
  }

  const left = groups([...free], kindAndRow);
  for (const element of now) {
    if (refs.has(element)) continue;
    const candidates = (left.get(kindAndRow(element)) ?? []).filter((candidate) => {
      return free.has(candidate) && isAlike(candidate, element, stayed.has(element.context));
    });
    const distance = (candidate: Known) => Math.abs(candidate.col - element.col);
    pair(element, candidates.sort((a, b) => distance(a) - distance(b))[0]);
  }
  return refs;
}

function words({ kind, context, text }: Unnamed): string {
  return `${kind} ${context} ${text}`;
}

function kindAndRow({ kind, row, context }: Unnamed): string {
  return `${kind} ${row} ${context}`;
}

function groups<T extends Unnamed>(elements: readonly T[], key: (element: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const element of elements) {
    const group = found.get(key(element));
    if (group) group.push(element);
    else found.set(key(element), [element]);
  }
  return found;
}

/** Of one kind and row. `isAmongStayed`: other rows of its list are where they were. */
function isAlike(old: Known, element: Unnamed, isAmongStayed: boolean): boolean {
  if (old.kind === 'input') return old.col === element.col;
  if (Math.abs(old.col - element.col) > SHIFT) return false;
  const hasSameLabel = withoutFigures(old.text) === withoutFigures(element.text);
  if (!isRow(old)) return hasSameLabel;
  return (hasSameLabel && isAmongStayed) || isRedrawn(old.text, element.text);
}

/** Most words stay, and those that name a row do: the first, the last, the first figure. */
function isRedrawn(before: string, now: string): boolean {
  const [old, next] = [before.split(' '), now.split(' ')];
  const same = old.filter((word, i) => word === next[i]).length;
  const figure = (row: readonly string[]) => row.find((word) => /\d/.test(word));
  return (
    same >= Math.max(old.length, next.length) * SAME_WORDS &&
    old[0] === next[0] &&
    old.at(-1) === next.at(-1) &&
    figure(old) === figure(next)
  );
}
