import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import {
  fontFiles,
  pictureOf,
  rasterizerFile,
  renderPng,
  Screen,
} from '../../packages/terminal/src/index.ts';

const assets = {
  wasm: readFileSync(createRequire(import.meta.url).resolve(rasterizerFile)),
  fonts: fontFiles.map((name) =>
    readFileSync(new URL(`../../packages/terminal/fonts/${name}`, import.meta.url)),
  ),
};

const SCALE = 2;
/** Of the picture, around the screen. */
const PADDING = 8 * SCALE;
const CELL = { width: 8 * SCALE, height: 16 * SCALE };
const BLACK = '#000000';
const WHITE = '#e5e5e5';

interface Pixels {
  width: number;
  height: number;
  at(x: number, y: number): string;
}

/** PNG of eight bits a channel, as resvg writes it (RFC 2083, "Filter Algorithms"). */
function decode(png: Uint8Array): Pixels {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const [width, height, colorType] = [view.getUint32(16), view.getUint32(20), png[25]];
  const size = colorType === 6 ? 4 : 3;
  const data: Uint8Array[] = [];
  for (let at = 8; at < png.length; at += view.getUint32(at) + 12) {
    if (String.fromCharCode(...png.subarray(at + 4, at + 8)) === 'IDAT') {
      data.push(png.subarray(at + 8, at + 8 + view.getUint32(at)));
    }
  }
  const raw = inflateSync(Buffer.concat(data));
  const stride = width * size;
  const pixels = new Uint8Array(height * stride);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)];
    for (let i = 0; i < stride; i++) {
      const left = i >= size ? (pixels[y * stride + i - size] as number) : 0;
      const up = y > 0 ? (pixels[(y - 1) * stride + i] as number) : 0;
      const upLeft = y > 0 && i >= size ? (pixels[(y - 1) * stride + i - size] as number) : 0;
      const guess = left + up - upLeft;
      const nearest = [left, up, upLeft].reduce((best, one) =>
        Math.abs(guess - one) < Math.abs(guess - best) ? one : best,
      );
      const predicted = [0, left, up, (left + up) >> 1, nearest][filter as number] as number;
      pixels[y * stride + i] = ((raw[y * (stride + 1) + 1 + i] as number) + predicted) & 0xff;
    }
  }
  const at = (x: number, y: number) =>
    `#${Buffer.from(pixels.subarray(y * stride + x * size, y * stride + x * size + 3)).toString('hex')}`;
  return { width, height, at };
}

async function drawn(text: string, cols = 10, rows = 2): Promise<Pixels> {
  const screen = new Screen({ cols, rows, scrollback: 0 });
  screen.write(new TextEncoder().encode(`\x1b[?25l${text}`));
  return decode(await renderPng(pictureOf(screen), assets, { scale: SCALE }));
}

/** The colours along the top, bottom, left and right edges of a cell that are not the background. */
function edges(
  pixels: Pixels,
  col: number,
  row: number,
): Record<'top' | 'bottom' | 'left' | 'right', boolean> {
  const x = PADDING + col * CELL.width;
  const y = PADDING + row * CELL.height;
  const across = Array.from({ length: CELL.width }, (_, i) => x + i);
  const down = Array.from({ length: CELL.height }, (_, i) => y + i);
  return {
    top: across.some((at) => pixels.at(at, y) !== BLACK),
    bottom: across.some((at) => pixels.at(at, y + CELL.height - 1) !== BLACK),
    left: down.some((at) => pixels.at(x, at) !== BLACK),
    right: down.some((at) => pixels.at(x + CELL.width - 1, at) !== BLACK),
  };
}

/** How many pixels of the cells are not the background. */
function ink(pixels: Pixels, col: number, width = 1): number {
  let count = 0;
  for (let x = 0; x < CELL.width * width; x++) {
    for (let y = 0; y < CELL.height; y++) {
      if (pixels.at(PADDING + col * CELL.width + x, PADDING + y) !== BLACK) count++;
    }
  }
  return count;
}

test('a picture is as large as its cells and the space around them', async () => {
  const { width, height } = await drawn('x', 10, 2);
  expect([width, height]).toEqual([10 * CELL.width + 2 * PADDING, 2 * CELL.height + 2 * PADDING]);
});

test('lines touch the edges of the cells they lead to, and no others', async () => {
  const pixels = await drawn('┌┬┐│┼╬╰═━╴');
  const touched = Array.from({ length: 10 }, (_, col) => {
    const { top, bottom, left, right } = edges(pixels, col, 0);
    return `${top ? 't' : ''}${bottom ? 'b' : ''}${left ? 'l' : ''}${right ? 'r' : ''}`;
  });
  expect(touched).toEqual(['br', 'blr', 'bl', 'tb', 'tblr', 'tblr', 'tr', 'lr', 'lr', 'l']);
});

test('a full block fills its cell, a half block half of it', async () => {
  const pixels = await drawn('█▀▌');
  const all = CELL.width * CELL.height;
  expect([ink(pixels, 0), ink(pixels, 1), ink(pixels, 2)]).toEqual([all, all / 2, all / 2]);
});

test('backgrounds fill their cells in the colours of xterm', async () => {
  const pixels = await drawn('\x1b[41m \x1b[48;5;21m \x1b[48;2;1;2;3m ');
  const corner = (col: number) => pixels.at(PADDING + col * CELL.width, PADDING + CELL.height - 1);
  expect([corner(0), corner(1), corner(2), corner(3)]).toEqual(['#cd0000', '#0000ff', '#010203', BLACK]);
});

test('letters are drawn inside their cells', async () => {
  const pixels = await drawn('g W', 10, 1);
  expect(ink(pixels, 0)).toBeGreaterThan(50);
  expect(ink(pixels, 1)).toBe(0);
  expect(ink(pixels, 2)).toBeGreaterThan(50);
  expect(ink(pixels, 3)).toBe(0);
});

test('bold has more ink, italic another shape', async () => {
  const [plain, bold, italic] = [await drawn('l'), await drawn('\x1b[1ml'), await drawn('\x1b[3ml')];
  expect(ink(bold, 0)).toBeGreaterThan(ink(plain, 0) * 1.2);
  const shape = (pixels: Pixels) =>
    Array.from({ length: CELL.height }, (_, y) =>
      Array.from({ length: CELL.width }, (_, x) => pixels.at(PADDING + x, PADDING + y)).join(),
    ).join();
  expect(shape(italic)).not.toBe(shape(plain));
});

test.each(['漢', 'か', '한', '😀', '👩🏽‍💻', '🇩🇪'])(
  '%s is drawn across its two cells, not as a box',
  async (text) => {
    const pixels = await drawn(`${text}\x1b[5G\u0e44`);
    expect(ink(pixels, 0)).toBeGreaterThan(20);
    expect(ink(pixels, 1)).toBeGreaterThan(20);
    expect(ink(pixels, 2)).toBe(0);
    expect(ink(pixels, 0, 2)).not.toBe(ink(pixels, 4, 2));
  },
);

test('what no font has is a visible box', async () => {
  expect(ink(await drawn('\u{1e900}'), 0)).toBeGreaterThan(20);
});

test('a block cursor is a cell with its colours swapped', async () => {
  const screen = new Screen({ cols: 4, rows: 1, scrollback: 0 });
  screen.write(new TextEncoder().encode('x'));
  const pixels = decode(await renderPng(pictureOf(screen), assets, { scale: SCALE }));
  expect(pixels.at(PADDING + CELL.width, PADDING)).toBe(WHITE);
  expect(pixels.at(PADDING, PADDING)).toBe(BLACK);
});

test('the largest screen there is has a picture', async () => {
  const screen = new Screen({ cols: 1000, rows: 3, scrollback: 0 });
  const { width } = decode(await renderPng(pictureOf(screen), assets, { scale: 2 }));
  expect(width).toBeLessThanOrEqual(8000);
});
