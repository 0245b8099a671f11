/**
 * A recording as one SVG that moves by itself, in an <img> as well.
 *
 * Rows are drawn once for each state that they have, by the drawer of pictures; those that never change are the static
 * layer. Which states are visible when is an animation in CSS that goes by steps; rows that come and go together share one.
 */
import { type Picture, renderSvg, type ThemeName, themes } from '@pilotty/terminal';
import type { Exported } from './exported.ts';
import { allFrames, type Film, type Frame, type FrameOptions, padded } from './frames.ts';
import { loadCast } from './load.ts';
import { ReplayError } from './replay-error.ts';

const CELL_WIDTH = 8;
const CELL_HEIGHT = 16;
const PADDING = 8;
/** A browser draws all states of all frames; with more it is slow, and the file larger than the GIF. */
const MAX_FRAMES = 500;
const MAX_CHARACTERS = 8 * 1024 * 1024;
/** How long the last screen is shown before it begins again. */
const LAST_FRAME_MS = 2000;

interface State {
  svg: string;
  row: number;
  /** In which frames it is shown, one character each. */
  shown: string[];
}

/** @throws ReplayError where it would be too long */
export async function exportSvg(
  path: string,
  { theme, ...options }: FrameOptions & { theme: ThemeName },
): Promise<Exported> {
  const cast = await loadCast(path);
  const tooMany = () => tooLong(path, `more than ${MAX_FRAMES} different screens`);
  const { frames, film } = await allFrames(cast, { ...options, most: MAX_FRAMES, tooMany });
  const states = statesOf(frames, film, theme, path);
  const text = draw(states, { frames, film, theme });
  if (text.length > MAX_CHARACTERS)
    throw tooLong(path, `${Math.ceil(text.length / 1024 / 1024)} MiB of drawing`);
  return {
    bytes: Buffer.from(text),
    frames: frames.length,
    ...sizeOf(film),
    durationMs: Math.round(film.durationMs),
    isCut: cast.isCut,
  };
}

function statesOf(frames: readonly Frame[], film: Film, theme: ThemeName, path: string): State[] {
  const states = new Map<string, State>();
  let length = 0;
  frames.forEach((frame, index) => {
    const picture = padded(frame, film);
    for (let row = 0; row < film.rows; row++) {
      const alone = rowAlone(picture, row);
      const key = `${row} ${JSON.stringify(alone)}`;
      const state = states.get(key) ?? { svg: rowSvg(alone, row, theme), row, shown: [] };
      if (!states.has(key)) length += state.svg.length;
      states.set(key, state);
      while (state.shown.length < index) state.shown.push('0');
      state.shown.push('1');
    }
    if (length > MAX_CHARACTERS)
      throw tooLong(path, `more than ${MAX_CHARACTERS / 1024 / 1024} MiB of drawing`);
  });
  for (const { shown } of states.values()) while (shown.length < frames.length) shown.push('0');
  return [...states.values()];
}

function rowAlone({ cols, rows, cursor }: Picture, row: number): Picture {
  const runs = rows[row] ?? [];
  return { cols, rows: [runs], cursor: cursor?.row === row ? { ...cursor, row: 0 } : undefined, title: '' };
}

function rowSvg(picture: Picture, row: number, theme: ThemeName): string {
  const svg = renderSvg(picture, { theme, padding: 0 });
  return svg
    .replace('<svg xmlns="http://www.w3.org/2000/svg"', `<svg y="${row * CELL_HEIGHT}"`)
    .replace('<title></title>\n', '')
    .trimEnd();
}

function draw(
  states: readonly State[],
  { frames, film, theme }: { frames: readonly Frame[]; film: Film; theme: ThemeName },
): string {
  const { width, height } = sizeOf(film);
  const totalMs = film.durationMs + LAST_FRAME_MS;
  const groups = new Map<string, string[]>();
  for (const { svg, shown } of states) {
    const key = shown.join('');
    groups.set(key, [...(groups.get(key) ?? []), svg]);
  }
  const styles: string[] = [];
  const drawn = [...groups].map(([shown, svgs], index) => {
    if (!shown.includes('0')) return `<g>${svgs.join('')}</g>`;
    styles.push(
      `@keyframes f${index}{${keyframes(shown, frames, totalMs)}}`,
      `.f${index}{animation-name:f${index}}`,
    );
    return `<g class="f f${index}">${svgs.join('')}</g>`;
  });
  const background = themes[theme].background;
  const box = `${-PADDING} ${-PADDING} ${width} ${height}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}" width="${width}" height="${height}">
<style>.f{visibility:hidden;animation:${(totalMs / 1000).toFixed(3)}s step-end infinite}${styles.join('')}</style>
<rect x="${-PADDING}" y="${-PADDING}" width="${width}" height="${height}" fill="${background}"/>
${drawn.join('\n')}
</svg>
`;
}

/** Where it appears and where it goes, in percent of all. */
function keyframes(shown: string, frames: readonly Frame[], totalMs: number): string {
  const steps: string[] = [];
  for (let index = 0; index < shown.length; index++) {
    if (index > 0 && shown[index] === shown[index - 1]) continue;
    const percent = index === 0 ? 0 : ((frames[index]?.timeMs ?? 0) / totalMs) * 100;
    steps.push(`${Number(percent.toFixed(4))}%{visibility:${shown[index] === '1' ? 'visible' : 'hidden'}}`);
  }
  return steps.join('');
}

function sizeOf({ cols, rows }: Film): { width: number; height: number } {
  return { width: cols * CELL_WIDTH + 2 * PADDING, height: rows * CELL_HEIGHT + 2 * PADDING };
}

function tooLong(path: string, what: string): ReplayError {
  return new ReplayError(
    `${path} is too long for an SVG: ${what}`,
    'Make a GIF of it, or fewer screens with --speed 4 or --idle-limit 1s.',
  );
}
