/**
 * What a person would call controls, found in the text and styles of a screen.
 *
 * No rule knows a program. The order of the detectors is an order of certainty: each leaves alone what an
 * earlier one has taken. docs/elements.md lists the rules and their hit rates.
 */
import type { Screen } from '../screen.ts';
import { boxElements, findBoxes } from './boxes.ts';
import { findButtons } from './buttons.ts';
import type { DetectedElement } from './element.ts';
import { readGrid } from './grid.ts';
import { findInputs } from './inputs.ts';
import { findKeyHints } from './key-hints.ts';
import { findLinks } from './links.ts';
import { findLists } from './lists.ts';
import { findMenuBar } from './menu-bar.ts';
import { findPointedLists } from './pointed-lists.ts';
import { add, type Scene } from './scene.ts';
import { findTabs } from './tabs.ts';
import { findToggles } from './toggles.ts';

const DETECTORS = [
  findMenuBar,
  findKeyHints,
  findTabs,
  findToggles,
  findButtons,
  findInputs,
  findLists,
  findPointedLists,
  findLinks,
];

/** In reading order: by row, then by column, a box before what begins where it does. */
export function detectElements(screen: Screen): DetectedElement[] {
  const grid = readGrid(screen);
  const boxes = findBoxes(grid);
  const scene: Scene = { grid, boxes, found: [], taken: new Uint8Array(grid.rows * grid.cols) };
  for (const detect of DETECTORS) add(scene, detect(scene));
  return [...boxElements(boxes, grid.rows), ...scene.found].sort((a, b) => a.row - b.row || a.col - b.col);
}
