/** The screen of a recording at one moment. */
import {
  markedText,
  pictureOf,
  renderAnsi,
  renderHtml,
  renderPng,
  renderSvg,
  type Screen,
  styledLines,
  type ThemeName,
} from '@pilotty/terminal';
import { pngAssets } from './assets.ts';
import { type Cast, loadCast } from './load.ts';
import { ReplayError } from './replay-error.ts';
import { Stage } from './stage.ts';

/** `end`: counted back from the end. */
export type Moment = { ms: number; from: 'start' | 'end' } | { marker: string };

export interface Still {
  /** When, since the beginning of the recording. */
  timeMs: number;
  durationMs: number;
  isCut: boolean;
  size: { cols: number; rows: number };
  cursor: { row: number; col: number; visible: boolean };
  title: string;
  isAlternate: boolean;
  text: string;
  /** In the format asked for. */
  rendered: string | Uint8Array | undefined;
}

export type StillFormat = 'full' | 'text' | 'ansi' | 'html' | 'svg' | 'png';

/** @throws ReplayError */
export async function screenAt(
  path: string,
  moment: Moment,
  { format, theme }: { format: StillFormat; theme: ThemeName },
): Promise<Still> {
  const cast = await loadCast(path);
  const { durationMs, untilMs, marker } = await find(cast, moment);
  const stage = new Stage(cast.header);
  let markersSeen = 0;
  for await (const event of cast.events()) {
    if (event.timeMs > untilMs) break;
    if (event.code === 'm') markersSeen += 1;
    if (markersSeen === marker) break;
    stage.apply(event);
  }
  const { screen } = stage;
  return {
    timeMs: untilMs,
    durationMs,
    isCut: cast.isCut,
    size: screen.size,
    cursor: screen.cursor,
    title: screen.title,
    isAlternate: screen.alternateScreen,
    text: screen.text(),
    rendered: await render(screen, format, theme),
  };
}

interface Found {
  durationMs: number;
  untilMs: number;
  /** Before the how manieth marker to stop; undefined: at the time. */
  marker: number | undefined;
}

/** @throws ReplayError */
async function find(cast: Cast, moment: Moment): Promise<Found> {
  let durationMs = 0;
  const markers: { timeMs: number; label: string }[] = [];
  for await (const { timeMs, code, data } of cast.events()) {
    durationMs = timeMs;
    if (code === 'm') markers.push({ timeMs, label: data });
  }
  if ('marker' in moment) return { durationMs, ...markerOf(markers, moment.marker, cast.path) };
  const untilMs = moment.from === 'end' ? durationMs - moment.ms : moment.ms;
  // What a person reads as 12.5 s may be 12.5004 s.
  if (untilMs >= 0 && Math.floor(untilMs) <= Math.ceil(durationMs))
    return { durationMs, untilMs, marker: undefined };
  throw new ReplayError(
    `${cast.path} is ${seconds(durationMs)} long: there is no screen at ${moment.from === 'end' ? '-' : ''}${seconds(moment.ms)}`,
    `Give a time from 0s to ${seconds(durationMs)}, or -1s for one second before the end.`,
  );
}

function markerOf(
  markers: readonly { timeMs: number; label: string }[],
  wanted: string,
  path: string,
): { untilMs: number; marker: number } {
  const byLabel = markers.findIndex(({ label }) => label === wanted);
  const index = byLabel === -1 && /^\d+$/.test(wanted) ? Number(wanted) - 1 : byLabel;
  const found = markers[index];
  if (found !== undefined) return { untilMs: found.timeMs, marker: index + 1 };
  throw new ReplayError(
    `${path} has no marker '${wanted}'; it has ${markers.length}`,
    `'pilotty replay ${path} --list-markers' lists them; a number counts them from 1.`,
  );
}

async function render(
  screen: Screen,
  format: StillFormat,
  theme: ThemeName,
): Promise<string | Uint8Array | undefined> {
  switch (format) {
    case 'full':
      return undefined;
    case 'text':
      return markedText(screen);
    case 'ansi':
      return renderAnsi(styledLines(screen));
    case 'html':
      return renderHtml(pictureOf(screen), { theme });
    case 'svg':
      return renderSvg(pictureOf(screen), { theme });
    case 'png':
      return await renderPng(pictureOf(screen), pngAssets(), { theme });
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)}s`;
}
