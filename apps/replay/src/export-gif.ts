/**
 * A recording as a GIF, drawn by the rasterizer of pictures. Of each frame after the first only what has changed is in the
 * file; the rest is transparent, and so costs next to nothing.
 */
import { renderPixels, type ThemeName } from '@pilotty/terminal';
import { GIFEncoder } from 'gifenc';
import { pngAssets } from './assets.ts';
import type { Exported } from './exported.ts';
import { allFrames, type Frame, type FrameOptions, padded } from './frames.ts';
import { loadCast } from './load.ts';
import { Palette, TRANSPARENT } from './palette.ts';
import { ReplayError } from './replay-error.ts';

/** Each takes some 100 ms to draw, and is looked at for a tenth of a second or longer. */
const MAX_FRAMES = 1500;
const LAST_FRAME_MS = 2000;
/** Browsers take less for a tenth of a second. */
const LEAST_DELAY_MS = 20;
/** So many frames, spread over all, say which colours there are. */
const SAMPLES = 12;
/** Pixels a unit; a cell is 8 by 16 units. */
const SCALE = 1.5;
const KEEP_FRAME = 1;

/**
 * @param progress is called after each frame
 * @throws ReplayError where it would be too long
 */
export async function exportGif(
  path: string,
  {
    theme,
    progress,
    signal,
    ...options
  }: FrameOptions & {
    theme: ThemeName;
    progress?: (done: number, all: number) => void;
    signal?: AbortSignal;
  },
): Promise<Exported> {
  const cast = await loadCast(path);
  const tooMany = () => tooLong(path);
  const { frames, film } = await allFrames(cast, { ...options, most: MAX_FRAMES, tooMany });
  const draw = (frame: Frame) => renderPixels(padded(frame, film), pngAssets(), { theme, scale: SCALE });
  const palette = new Palette(
    await Promise.all(samplesOf(frames).map(async (frame) => (await draw(frame)).rgba)),
  );
  const gif = GIFEncoder();
  const totalMs = film.durationMs + LAST_FRAME_MS;
  let before: Uint8Array | undefined;
  let size = { width: 0, height: 0 };
  for (const [index, frame] of frames.entries()) {
    signal?.throwIfAborted();
    const { width, height, rgba } = await draw(frame);
    const indexes = palette.indexesOf(rgba);
    const delay = Math.max(LEAST_DELAY_MS, (frames[index + 1]?.timeMs ?? totalMs) - frame.timeMs);
    gif.writeFrame(before === undefined ? indexes : changes(before, indexes), width, height, {
      ...(before === undefined && { palette: palette.colors, repeat: 0 }),
      transparent: before !== undefined,
      transparentIndex: TRANSPARENT,
      delay,
      dispose: KEEP_FRAME,
    });
    before = indexes;
    size = { width, height };
    progress?.(index + 1, frames.length);
  }
  gif.finish();
  return {
    bytes: gif.bytes(),
    frames: frames.length,
    ...size,
    durationMs: Math.round(film.durationMs),
    isCut: cast.isCut,
  };
}

function changes(before: Uint8Array, after: Uint8Array): Uint8Array {
  return after.map((index, pixel) => (index === before[pixel] ? TRANSPARENT : index));
}

function samplesOf(frames: readonly Frame[]): Frame[] {
  const step = Math.max(1, Math.ceil(frames.length / SAMPLES));
  return frames.filter((_, index) => index % step === 0 || index === frames.length - 1);
}

function tooLong(path: string): ReplayError {
  return new ReplayError(
    `${path} is too long for a GIF: it has more than ${MAX_FRAMES} different screens`,
    'Make fewer of them with --speed 4 or --idle-limit 1s.',
  );
}
