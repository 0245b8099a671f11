/**
 * A screen as a PNG, the same on every machine: the SVG, drawn by resvg with fonts of our own.
 *
 * resvg is WebAssembly and loaded when the first picture is asked for. Files are read by the caller, who
 * knows where they are: the program and the fonts named here.
 */
import type { Picture } from './picture.ts';
import { renderSvg, svgSize } from './svg.ts';
import type { ThemeName } from './theme.ts';

/** In the folder `fonts` of this package. Only the first is needed; a face that is missing looks like it. */
export const fontFiles: readonly string[] = [
  'DejaVuSansMono.ttf',
  'DejaVuSansMono-Bold.ttf',
  'DejaVuSansMono-Oblique.ttf',
  'DejaVuSansMono-BoldOblique.ttf',
  'NotoEmoji-Regular.ttf',
  'DroidSansFallback.ttf',
];

/** To be resolved as a module; the file is what `wasm` must hold. */
export const rasterizerFile = '@resvg/resvg-wasm/index_bg.wasm';

export interface PngAssets {
  wasm: Uint8Array;
  fonts: readonly Uint8Array[];
}

export interface PngOptions {
  theme?: ThemeName;
  /** Pixels a unit: a cell is 8 by 16 units. */
  scale?: number;
}

const FAMILY = 'DejaVu Sans Mono';
/** A larger picture is drawn smaller: 8000 by 8000 pixels are 256 MB while they are drawn. */
const SIDE_LIMIT_PX = 8000;

let loading: Promise<typeof import('@resvg/resvg-wasm')> | undefined;

export async function renderPng(
  picture: Picture,
  assets: PngAssets,
  options: PngOptions = {},
): Promise<Uint8Array> {
  return await draw(picture, assets, options, (image) => image.asPng());
}

export interface Pixels {
  width: number;
  height: number;
  /** Four bytes a pixel; all are opaque. */
  rgba: Uint8Array;
}

/** As renderPng(), uncompressed. */
export async function renderPixels(
  picture: Picture,
  assets: PngAssets,
  options: PngOptions = {},
): Promise<Pixels> {
  return await draw(picture, assets, options, ({ width, height, pixels }) => ({
    width,
    height,
    rgba: pixels,
  }));
}

type Image = ReturnType<InstanceType<typeof import('@resvg/resvg-wasm').Resvg>['render']>;

async function draw<T>(
  picture: Picture,
  { wasm, fonts }: PngAssets,
  { theme = 'dark', scale = 2 }: PngOptions,
  read: (image: Image) => T,
): Promise<T> {
  loading ??= load(wasm);
  // The next call may bring the right file.
  loading.catch(() => {
    loading = undefined;
  });
  const { Resvg } = await loading;
  const svg = renderSvg(picture, { theme, family: FAMILY });
  const resvg = new Resvg(svg, {
    font: { fontBuffers: [...fonts], defaultFontFamily: FAMILY, monospaceFamily: FAMILY },
    fitTo: { mode: 'zoom', value: Math.min(scale, largestScale(picture)) },
  });
  try {
    const image = resvg.render();
    const made = read(image);
    image.free();
    return made;
  } finally {
    resvg.free();
  }
}

function largestScale(picture: Picture): number {
  const { width, height } = svgSize(picture);
  return SIDE_LIMIT_PX / Math.max(width, height);
}

async function load(wasm: Uint8Array): Promise<typeof import('@resvg/resvg-wasm')> {
  const resvg = await import('@resvg/resvg-wasm');
  try {
    await resvg.initWasm(wasm);
  } catch (error) {
    // Another part of this process has loaded it.
    if (!String(error).includes('Already initialized')) throw error;
  }
  return resvg;
}
