/** The different screens of a recording, each with when it is shown: at most ten a second, and none half-drawn. */
import { Timeline } from '@pilotty/asciicast';
import { type Picture, pictureOf } from '@pilotty/terminal';
import type { Cast } from './load.ts';
import { Stage } from './stage.ts';

/** A browser draws faster ones slower. */
const FRAME_MS = 100;

export interface FrameOptions {
  speed?: number | undefined;
  idleLimitMs?: number | undefined;
}

export interface Frame {
  timeMs: number;
  picture: Picture;
}

export interface Film {
  /** The largest that the terminal was. */
  cols: number;
  rows: number;
  durationMs: number;
}

/** @returns the size and the length, once all frames were taken */
async function* frames(cast: Cast, { speed = 1, idleLimitMs }: FrameOptions): AsyncGenerator<Frame, Film> {
  const stage = new Stage(cast.header);
  const timeline = new Timeline({ speed, idleLimitMs: idleLimitMs ?? cast.header.idleLimitMs });
  const film: Film = { ...stage.screen.size, durationMs: 0 };
  let changedAt: number | undefined = 0;
  let last: string | undefined;
  const take = (timeMs: number): Frame | undefined => {
    const picture = pictureOf(stage.screen);
    const content = JSON.stringify(picture);
    if (content === last) return undefined;
    last = content;
    return { timeMs, picture };
  };
  for await (const event of cast.events()) {
    film.durationMs = timeline.at(event.timeMs);
    if (
      changedAt !== undefined &&
      film.durationMs >= changedAt + FRAME_MS &&
      !stage.screen.modes.synchronizedOutput
    ) {
      const frame = take(changedAt);
      if (frame !== undefined) yield frame;
      changedAt = undefined;
    }
    if (!stage.apply(event)) continue;
    changedAt ??= film.durationMs;
    film.cols = Math.max(film.cols, stage.screen.size.cols);
    film.rows = Math.max(film.rows, stage.screen.size.rows);
  }
  const frame = changedAt === undefined ? undefined : take(changedAt);
  if (frame !== undefined) yield frame;
  return film;
}

/** All of them. @throws what `tooMany` makes, beyond so many */
export async function allFrames(
  cast: Cast,
  options: FrameOptions & { most: number; tooMany: () => Error },
): Promise<{ frames: Frame[]; film: Film }> {
  const all: Frame[] = [];
  const steps = frames(cast, options);
  for (;;) {
    const { done, value } = await steps.next();
    if (done) return { frames: all, film: value };
    all.push(value);
    if (all.length > options.most) throw options.tooMany();
  }
}

/** On a screen as large as the largest. */
export function padded({ picture }: Frame, { cols, rows }: Film): Picture {
  const missing = Array.from({ length: rows - picture.rows.length }, () => []);
  return { ...picture, cols, rows: [...picture.rows, ...missing] };
}
