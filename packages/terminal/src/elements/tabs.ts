/**
 * Tabs: labels side by side at the left end of a row, each on its own ground or in brackets, of which one
 * shares the ground of what lies beneath. That is what makes it look open.
 */
import type { DetectedElement } from './element.ts';
import { columnAt, groundAt, inked, mainGround } from './grid.ts';
import { focus, isTaken, type Scene } from './scene.ts';

/** Tabs begin where a panel does. */
const FARTHEST_START = 4;
const LONGEST_LABEL = 24;
const MAX_TABS = 16;

interface Label {
  left: number;
  right: number;
  text: string;
}

export function findTabs(scene: Scene): DetectedElement[] {
  const found: DetectedElement[] = [];
  for (let row = 0; row + 1 < scene.grid.rows; row++) found.push(...rowTabs(scene, row));
  return found;
}

function rowTabs(scene: Scene, row: number): DetectedElement[] {
  const { grid } = scene;
  const text = grid.texts[row] ?? '';
  const labels = labelsIn(scene, row, text);
  const [first, last] = [labels[0], labels.at(-1)];
  const isRow =
    first !== undefined &&
    last !== undefined &&
    (row === 0 || inked(grid, row - 1, first.left, last.right) === undefined) &&
    first.left <= FARTHEST_START &&
    labels.length > 1 &&
    labels.length <= MAX_TABS &&
    labels.every((label) => isLabel(label.text) && !isTaken(scene, row, label.left, label.right));
  if (!isRow) return [];
  const ground = ({ left, right }: Label) => groundAt(grid, row, (left + right) >> 1);
  const grounds = new Set(labels.map(ground));
  const open = labels.filter((label) => {
    const beneath = mainGround(grid, row + 1, label.left, label.right);
    return beneath.share === 1 && beneath.ground === ground(label);
  });
  const [selected] = open;
  if (selected === undefined || open.length > 1 || grounds.size !== 2) return [];
  // The others are alike, and all of them are drawn as something.
  if (labels.some((label) => label !== selected && ground(label) === ground(selected))) return [];
  if (labels.some((label) => label !== selected && ground(label) === 0)) return [];
  return labels.map((label) => ({
    kind: 'tab',
    row,
    col: label.left,
    width: label.right - label.left + 1,
    height: 1,
    text: label.text.replace(/^\[\s*|\s*\]$/g, ''),
    ...focus(label === selected),
  }));
}

function isLabel(text: string): boolean {
  return text.length <= LONGEST_LABEL && /[\p{L}\p{N}]/u.test(text) && !/[<>|│]/u.test(text);
}

function labelsIn({ grid }: Scene, row: number, text: string): Label[] {
  const words = text.matchAll(/\[[^[\]]+\]|[^\s[\]]+(?: [^\s[\]]+)*/gu);
  const labels = [...words].map((match) => ({
    left: columnAt(grid, row, match.index),
    right: columnAt(grid, row, match.index + match[0].length) - 1,
    text: match[0],
  }));
  // What stands alone at the far end closes a tab and is none.
  const last = labels.at(-1);
  const before = labels.at(-2);
  if (last && before && last.left - before.right > LONGEST_LABEL) labels.pop();
  return labels;
}
