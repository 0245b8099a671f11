/** The whole of what is shown, as cells: a line that sums up, the sessions, and a line of keys. Pure. */
import { duration } from '../readable-sessions.ts';
import { type Area, CellGrid } from './cell-grid.ts';
import type { Shown } from './chosen-sessions.ts';
import { fitted, widthOf } from './clusters.ts';
import type { View } from './controls.ts';
import { type ColorDepth, inverted, lookOf } from './looks.ts';
import type { Kind } from './session-states.ts';
import { lastLine, shownRows } from './shown-rows.ts';
import { scrolled, type Tiling, tiling } from './tiles.ts';

export interface Scene {
  size: { cols: number; rows: number };
  view: View;
  /** Those that are shown, in their order. */
  shown: readonly Shown[];
  /** Of every watched session. */
  kinds: readonly Kind[];
  /** Hosts that do not answer. */
  silentHosts: readonly string[];
  /** What is watched, as it was asked for. */
  selection: string;
  depth: ColorDepth;
  notice: string | undefined;
  now: number;
  /** Index of the first session on the screen before. */
  first: number;
}

export interface Drawn {
  grid: CellGrid;
  /** Index of the first session on the screen. */
  first: number;
  /** Of those that can be seen. */
  visible: string[];
  columns: number;
}

/** SGR: what state it is, also without color by its mark. */
const MARKS: Readonly<Record<Kind, { mark: string; look: string }>> = {
  asks: { mark: '?', look: '1;33' },
  waiting: { mark: '?', look: '33' },
  failed: { mark: '✗', look: '1;31' },
  unreachable: { mark: '!', look: '1;31' },
  stopped: { mark: '■', look: '35' },
  running: { mark: '●', look: '32' },
  prompt: { mark: '›', look: '36' },
  ended: { mark: '✓', look: '2' },
};
/** For the line that sums up: how many of them are so. */
const KIND_WORDS: Readonly<Record<Kind, string>> = {
  asks: 'asking',
  waiting: 'waiting',
  failed: 'failed',
  unreachable: 'out of reach',
  stopped: 'stopped',
  running: 'running',
  prompt: 'at a prompt',
  ended: 'ended',
};
const KEYS = [
  'q quit',
  '? help',
  '←↑↓→ move',
  'Enter enlarge',
  'a attach',
  'x kill',
  '/ filter',
  's sort',
  'v view',
];
const HELP = [
  '←↑↓→ or hjkl, Tab   move the focus',
  'Home, End, PgUp/Dn  first, last, a page',
  'Enter or z          enlarge it, and back',
  'a                   attach to it',
  'x                   kill it (asks first)',
  '/                   filter: words, #tag, is:waiting',
  'Esc                 back; show all',
  's                   sort: start, name, state, activity',
  'v                   tiles, or a list of last lines',
  'Ctrl+L, Ctrl+Z      draw anew, suspend',
  'q or Ctrl+C         quit; the sessions go on',
];

export function draw(scene: Scene): Drawn {
  const { size, view, shown } = scene;
  const grid = new CellGrid(size.cols, size.rows);
  const room: Area = { left: 0, top: 1, cols: size.cols, rows: Math.max(0, size.rows - 2) };
  const drawn = drawSessions(grid, room, scene);
  drawSummary(grid, scene, drawn);
  drawLastLine(grid, scene);
  if (view.dialog?.kind === 'help') drawHelp(grid, room);
  const visible = shown.slice(drawn.first, drawn.first + drawn.count).map(({ id }) => id);
  return { grid, first: drawn.first, visible, columns: drawn.columns };
}

interface Placed {
  first: number;
  count: number;
  columns: number;
}

function drawSessions(grid: CellGrid, room: Area, scene: Scene): Placed {
  const { shown, view, first } = scene;
  const focused = shown[view.focusIndex];
  if (focused === undefined) {
    drawEmpty(grid, room, scene);
    return { first: 0, count: 0, columns: 1 };
  }
  if (view.isEnlarged) {
    drawTile(grid, room, focused, true, scene);
    return { first: view.focusIndex, count: 1, columns: 1 };
  }
  if (view.mode === 'list') return drawList(grid, room, scene);
  const tiles = tiling(room, shown.length, view.focusIndex, first);
  tiles.tiles.forEach((area, index) => {
    const session = shown[tiles.first + index];
    if (session) drawTile(grid, area, session, session === focused, scene);
  });
  drawSeparators(grid, room, tiles);
  return { first: tiles.first, count: tiles.tiles.length, columns: tiles.columns };
}

function drawSeparators(grid: CellGrid, room: Area, { tiles, columns }: Tiling): void {
  for (const { left, cols } of tiles.slice(0, columns - 1)) {
    for (let row = room.top; row < room.top + room.rows; row++) grid.write(left + cols, row, '│', '2');
  }
}

function drawTile(grid: CellGrid, area: Area, session: Shown, isFocused: boolean, scene: Scene): void {
  const { depth } = scene;
  drawHeader(grid, area, session, isFocused, scene);
  const { look } = session;
  if (look === undefined) return;
  const { lines = [], cursor } = look;
  const end = area.left + area.cols;
  shownRows(look, area.rows - 1).forEach((screenRow, index) => {
    const row = area.top + 1 + index;
    let col = area.left;
    for (const span of lines[screenRow] ?? []) {
      const text = span.invisible ? ' '.repeat(widthOf(span.text)) : span.text;
      col = grid.write(col, row, text, lookOf(span, depth), end);
    }
    const isCursor = cursor.visible && cursor.row === screenRow && cursor.col < area.cols;
    if (isCursor && session.exit === undefined) grid.relook(area.left + cursor.col, row, inverted);
  });
}

/** Name, state, and for how long it has been quiet: as much of it as there is room for. */
function drawHeader(grid: CellGrid, area: Area, session: Shown, isFocused: boolean, scene: Scene): void {
  const { depth, now } = scene;
  const { left, top, cols } = area;
  const { name, state, exit, hasRung } = session;
  const { mark, look } = MARKS[state.kind];
  const base = isFocused ? '1;7' : '1';
  const end = left + cols;
  const quiet = exit ? '' : ` ${duration(Math.max(0, now - session.lastActiveAt))}`;
  grid.fill(left, top, isFocused ? '7' : '', end);
  const shownName = fitted(name, Math.max(1, cols - 4));
  let col = grid.write(left, top, `${isFocused ? '▸' : ' '}`, base, end);
  col = grid.write(col, top, mark, withColor(isFocused ? '7' : '', look, depth), end);
  col = grid.write(col, top, ` ${shownName} `, base, end);
  const leftOver = end - col;
  const words = widthOf(state.words) <= leftOver ? state.words : state.short;
  if (widthOf(words) > leftOver) return;
  col = grid.write(col, top, words, withColor(isFocused ? '7' : '', look, depth), end);
  if (hasRung && end - col >= 7)
    col = grid.write(col, top, ' (bell)', withColor(isFocused ? '7' : '', '33', depth), end);
  if (end - col < quiet.length + 1) return;
  if (!isFocused) grid.write(col, top, ` ${'─'.repeat(Math.max(0, end - col - quiet.length - 1))}`, '2', end);
  grid.write(end - quiet.length, top, quiet, isFocused ? '7' : '2', end);
}

/** A look of ours, without its color where none is wanted. */
function withColor(base: string, look: string, depth: ColorDepth): string {
  const kept = look.split(';').filter((parameter) => depth !== 'none' || Number(parameter) < 30);
  return [base, ...kept].filter(Boolean).join(';');
}

function drawList(grid: CellGrid, room: Area, scene: Scene): Placed {
  const { shown, view, depth, now } = scene;
  const rows = Math.min(shown.length, room.rows);
  const first = scrolled(scene.first, view.focusIndex, rows, shown.length);
  const part = shown.slice(first, first + rows);
  const nameCols = Math.min(32, Math.max(8, ...part.map(({ name }) => widthOf(name))));
  const isWide = room.cols >= 100;
  const stateCols = Math.max(...part.map(({ state }) => widthOf(isWide ? state.words : state.short)));
  part.forEach((session, index) => {
    const row = room.top + index;
    const isFocused = session.id === view.focus;
    const base = isFocused ? '7' : '';
    const { mark, look } = MARKS[session.state.kind];
    grid.fill(0, row, base, room.cols);
    grid.write(0, row, isFocused ? '▸' : ' ', base);
    grid.write(1, row, mark, withColor(base, look, depth));
    grid.write(3, row, fitted(session.name, nameCols), isFocused ? '1;7' : '1');
    let col = 3 + nameCols + 2;
    grid.write(col, row, isWide ? session.state.words : session.state.short, withColor(base, look, depth));
    col += stateCols + 1;
    const quiet = session.exit ? '' : duration(Math.max(0, now - session.lastActiveAt));
    grid.write(col, row, quiet.padStart(6), base || '2');
    grid.write(col + 8, row, session.look ? lastLine(session.look) : '', base);
  });
  return { first, count: rows, columns: 1 };
}

function drawEmpty(grid: CellGrid, room: Area, { view, kinds, silentHosts }: Scene): void {
  const text =
    kinds.length === 0
      ? [
          silentHosts.length > 0 ? 'No session on a host that answers.' : 'No session yet.',
          'Those that start are shown as they do.',
        ]
      : [`No session fits the filter '${view.filter}'.`, 'Esc shows all again.'];
  const top = room.top + Math.max(0, Math.floor(room.rows / 2) - 1);
  text.forEach((line, index) => {
    const left = Math.max(0, Math.floor((room.cols - widthOf(line)) / 2));
    if (top + index < room.top + room.rows) grid.write(left, top + index, line, index === 0 ? '1' : '2');
  });
}

function drawSummary(grid: CellGrid, scene: Scene, { first, count }: Placed): void {
  const { kinds, silentHosts, selection, view, shown, depth, size } = scene;
  let col = grid.write(0, 0, ' pilotty watch', '1');
  if (selection !== '') col = grid.write(col, 0, ` ${fitted(selection, Math.floor(size.cols / 4))}`, '');
  col = grid.write(col, 0, `  ${kinds.length} ${kinds.length === 1 ? 'session' : 'sessions'}`, '');
  let separator = ': ';
  for (const [kind, { look }] of Object.entries(MARKS) as [Kind, { look: string }][]) {
    const count = kinds.filter((each) => each === kind).length;
    if (count === 0) continue;
    const words = `${count} ${KIND_WORDS[kind]}`;
    if (col + separator.length + words.length > size.cols) break;
    col = grid.write(col, 0, separator, '');
    col = grid.write(col, 0, words, withColor('', look, depth));
    separator = ', ';
  }
  const isPart = count > 0 && count < shown.length;
  const facts = [
    view.filter !== '' && `filter: ${view.filter}`,
    view.order !== 'start' && `by ${view.order}`,
    isPart && `${first + 1}-${first + count} of ${shown.length}`,
    silentHosts.length > 0 && `no answer: ${fitted(silentHosts.join(' '), Math.floor(size.cols / 3))}`,
  ].filter((fact) => fact !== false);
  // From the last, which matter most, as many as there is room for.
  let right = '';
  for (const fact of facts.reverse()) {
    const longer = right === '' ? fact : `${fact}  ${right}`;
    if (col + widthOf(longer) + 2 < size.cols) right = longer;
  }
  grid.write(size.cols - widthOf(right) - 1, 0, right, '1');
}

function drawLastLine(grid: CellGrid, { view, size, notice }: Scene): void {
  const row = size.rows - 1;
  if (row < 1) return;
  const { dialog } = view;
  if (dialog?.kind === 'filter') {
    const col = grid.write(0, row, ` filter: ${dialog.draft}`, '1');
    grid.write(col, row, ' ', '7');
    grid.write(col + 1, row, '  Enter keeps it, Esc shows all', '2');
  } else if (dialog?.kind === 'kill') {
    grid.write(0, row, ` kill ${dialog.name}? y ends it, any other key leaves it`, '1;7');
  } else if (notice !== undefined) {
    grid.write(0, row, ` ${fitted(notice, size.cols - 1)}`, '1');
  } else {
    let line = '';
    for (const key of KEYS) if (widthOf(line) + widthOf(key) + 2 <= size.cols) line += ` ${key} `;
    grid.write(0, row, line, '2');
  }
}

function drawHelp(grid: CellGrid, room: Area): void {
  const cols = Math.min(room.cols, Math.max(...HELP.map(widthOf)) + 4);
  const left = Math.floor((room.cols - cols) / 2);
  const top = room.top + Math.max(0, Math.floor((room.rows - HELP.length - 2) / 2));
  ['', ...HELP, ''].forEach((line, index) => {
    const row = top + index;
    if (row >= room.top + room.rows) return;
    grid.fill(left, row, '7', left + cols);
    grid.write(left + 2, row, line, '7', left + cols);
  });
}
