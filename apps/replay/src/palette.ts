/**
 * The colours of a GIF: those that are most frequent as they are, the shades at the edges of letters as near as they get.
 * One palette for all frames, so that what is equal in two frames is equal in the file.
 */
import { quantize } from 'gifenc';

/** The last is for what does not change. */
export const TRANSPARENT = 255;
const EXACT_COLORS = 128;

type Color = readonly number[];

export class Palette {
  readonly colors: Color[];
  readonly #indexes = new Map<number, number>();

  /** @param samples RGBA */
  constructor(samples: readonly Uint8Array[]) {
    const counts = countColors(samples);
    const byCount = [...counts].sort(([, a], [, b]) => b - a).map(([color]) => color);
    const isFew = byCount.length <= TRANSPARENT;
    const exact = (isFew ? byCount : byCount.slice(0, EXACT_COLORS)).map(channels);
    const rest = isFew ? [] : quantize(rgbaOf(byCount.slice(EXACT_COLORS)), TRANSPARENT - EXACT_COLORS);
    this.colors = [...exact, ...rest].slice(0, TRANSPARENT);
    while (this.colors.length <= TRANSPARENT) this.colors.push([0, 0, 0]);
  }

  indexesOf(rgba: Uint8Array): Uint8Array {
    const indexes = new Uint8Array(rgba.length / 4);
    for (let pixel = 0; pixel < indexes.length; pixel++)
      indexes[pixel] = this.#indexOf(colorAt(rgba, pixel * 4));
    return indexes;
  }

  #indexOf(color: number): number {
    let index = this.#indexes.get(color);
    if (index === undefined) {
      index = this.#nearest(channels(color));
      this.#indexes.set(color, index);
    }
    return index;
  }

  #nearest([red = 0, green = 0, blue = 0]: Color): number {
    let nearest = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let index = 0; index < TRANSPARENT; index++) {
      const [r = 0, g = 0, b = 0] = this.colors[index] as Color;
      const distance = (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
      if (distance >= least) continue;
      least = distance;
      nearest = index;
    }
    return nearest;
  }
}

function countColors(samples: readonly Uint8Array[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const rgba of samples) {
    for (let at = 0; at < rgba.length; at += 4) {
      const color = colorAt(rgba, at);
      counts.set(color, (counts.get(color) ?? 0) + 1);
    }
  }
  return counts;
}

function colorAt(rgba: Uint8Array, at: number): number {
  return ((rgba[at] as number) << 16) | ((rgba[at + 1] as number) << 8) | (rgba[at + 2] as number);
}

function channels(color: number): Color {
  return [color >> 16, (color >> 8) & 0xff, color & 0xff];
}

function rgbaOf(colors: readonly number[]): Uint8Array {
  return Uint8Array.from(colors.flatMap((color) => [...channels(color), 255]));
}
