/**
 * Characters that must touch their neighbours, as shapes drawn to the edges of the cell: lines (U+2500 to
 * 257F), blocks, shades and quadrants (2580 to 259F), Braille (2800 to 28FF), Powerline (E0B0 to E0B3).
 * A font leaves gaps between them as soon as cells are higher than its letters.
 */

export interface Shape {
  /** SVG path data. */
  path: string;
  /** 0 for a filled path, else the width of its stroke. */
  strokeWidth: number;
  opacity: number;
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const NONE = 0;
const HEAVY = 2;
const DOUBLE = 3;
/** Of lines, by weight; the two of a double line are light. */
const THICKNESS = [0, 1, 2, 1];
/** From the middle of a double line to the middle of either of its lines. */
const DOUBLE_OFFSET = 1;

/** Weights of the arms to the left, right, top and bottom of U+2500 to 257F, from their Unicode names. */
const ARMS = (
  '1100 2200 0011 0022 1100 2200 0011 0022 1100 2200 0011 0022 0101 0201 0102 0202 ' +
  '1001 2001 1002 2002 0110 0210 0120 0220 1010 2010 1020 2020 0111 0211 0121 0112 ' +
  '0122 0221 0212 0222 1011 2011 1021 1012 1022 2021 2012 2022 1101 2101 1201 2201 ' +
  '1102 2102 1202 2202 1110 2110 1210 2210 1120 2120 1220 2220 1111 2111 1211 2211 ' +
  '1121 1112 1122 2121 1221 2112 1212 2221 2212 2122 1222 2222 1100 2200 0011 0022 ' +
  '3300 0033 0301 0103 0303 3001 1003 3003 0310 0130 0330 3010 1030 3030 0311 0133 ' +
  '0333 3011 1033 3033 3301 1103 3303 3310 1130 3330 3311 1133 3333 0101 1001 1010 ' +
  '0110 0000 0000 0000 1000 0010 0100 0001 2000 0020 0200 0002 1200 0012 2100 0021'
).split(' ');

/** How many dashes U+2504 to 250B and 254C to 254F have in a cell. */
const DASHES: Readonly<Record<number, number>> = Object.fromEntries([
  ...[0x2504, 0x2505, 0x2506, 0x2507].map((codepoint) => [codepoint, 3]),
  ...[0x2508, 0x2509, 0x250a, 0x250b].map((codepoint) => [codepoint, 4]),
  ...[0x254c, 0x254d, 0x254e, 0x254f].map((codepoint) => [codepoint, 2]),
]);

/** Upper left, upper right, lower left, lower right of U+2596 to 259F. */
const QUADRANTS = ['0010', '0001', '1000', '1011', '1001', '1110', '1101', '0100', '0110', '0111'];
const SHADES = [0.25, 0.5, 0.75];
/** Of the eight Braille dots by their bit: column and row. */
const DOTS = ['00', '01', '02', '10', '11', '12', '03', '13'];

/** Nothing for a character that a font draws. */
export function shapesOf(text: string, box: Box): Shape[] | undefined {
  const codepoint = text.codePointAt(0) ?? 0;
  if (codepoint < 0x2500 || String.fromCodePoint(codepoint).length !== text.length) return undefined;
  if (codepoint < 0x2580) return lines(codepoint, box);
  if (codepoint < 0x25a0) return block(codepoint, box);
  if (codepoint >= 0x2800 && codepoint <= 0x28ff) return [braille(codepoint - 0x2800, box)];
  if (codepoint >= 0xe0b0 && codepoint <= 0xe0b3) return [powerline(codepoint - 0xe0b0, box)];
  return undefined;
}

function filled(path: string, opacity = 1): Shape {
  return { path, strokeWidth: 0, opacity };
}

function stroked(path: string): Shape {
  return { path, strokeWidth: THICKNESS[1] as number, opacity: 1 };
}

function rectangle(left: number, top: number, right: number, bottom: number): string {
  return `M${round(left)} ${round(top)}H${round(right)}V${round(bottom)}H${round(left)}z`;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function lines(codepoint: number, { x, y, width, height }: Box): Shape[] {
  const middle = { x: x + width / 2, y: y + height / 2 };
  const [right, bottom] = [x + width, y + height];
  if (codepoint >= 0x2571 && codepoint <= 0x2573) {
    const rising = `M${x} ${bottom}L${right} ${y}`;
    const falling = `M${x} ${y}L${right} ${bottom}`;
    return [stroked([rising, falling, rising + falling][codepoint - 0x2571] as string)];
  }
  const arms = [...(ARMS[codepoint - 0x2500] as string)].map(Number) as [number, number, number, number];
  if (codepoint >= 0x256d && codepoint <= 0x2570) {
    const [toX, radiusX] = arms[0] ? [x, -width / 2] : [right, width / 2];
    const [toY, radiusY] = arms[2] ? [y, -width / 2] : [bottom, width / 2];
    const curve = `Q${middle.x} ${middle.y} ${middle.x + radiusX} ${middle.y}H${toX}`;
    return [stroked(`M${middle.x} ${toY}V${middle.y + radiusY}${curve}`)];
  }
  const dashes = DASHES[codepoint];
  if (dashes !== undefined) return [filled(dashed(arms, dashes, { x, y, width, height }))];

  const path: string[] = [];
  arms.forEach((_, direction) => {
    const isHorizontal = direction < 2;
    const length = isHorizontal ? width / 2 : height / 2;
    for (const { offset, thickness, end } of armLines(arms, direction)) {
      // Along the arm from the edge to `end` beyond the middle; across it by `offset`.
      const [from, to] = direction % 2 === 0 ? [-length, end] : [-end, length];
      const [low, high] = [offset - thickness / 2, offset + thickness / 2];
      path.push(
        isHorizontal
          ? rectangle(middle.x + from, middle.y + low, middle.x + to, middle.y + high)
          : rectangle(middle.x + low, middle.y + from, middle.x + high, middle.y + to),
      );
    }
  });
  return [filled(path.join(''))];
}

/** The lines of one arm: how far from the middle, and how far beyond it they go to meet the others. */
function armLines(
  arms: readonly number[],
  direction: number,
): { offset: number; thickness: number; end: number }[] {
  const weight = arms[direction] as number;
  const thickness = THICKNESS[weight] as number;
  const opposite = arms[direction ^ 1] as number;
  // The arms to either side: up and down of a horizontal one, left and right of a vertical one.
  const [low, high] = (direction < 2 ? [arms[2], arms[3]] : [arms[0], arms[1]]) as [number, number];
  if (weight === NONE) return [];
  if (weight === DOUBLE) {
    return [-1, 1].map((side) => {
      const [near, far] = side === -1 ? [low, high] : [high, low];
      let end = 0;
      if (near === DOUBLE) end = -DOUBLE_OFFSET;
      else if (near === NONE && opposite === NONE && far === DOUBLE) end = DOUBLE_OFFSET;
      return { offset: side * DOUBLE_OFFSET, thickness, end: end + thickness / 2 };
    });
  }
  let end = Math.max(THICKNESS[low] as number, THICKNESS[high] as number) / 2;
  if (opposite === NONE && low === DOUBLE && high === DOUBLE) end = -DOUBLE_OFFSET + thickness / 2;
  else if (opposite === NONE && (low === DOUBLE || high === DOUBLE)) end = DOUBLE_OFFSET + thickness / 2;
  return [{ offset: 0, thickness, end }];
}

function dashed(arms: readonly number[], count: number, { x, y, width, height }: Box): string {
  const isHorizontal = arms[0] !== NONE;
  const step = (isHorizontal ? width : height) / count;
  const half = (THICKNESS[arms.includes(HEAVY) ? HEAVY : 1] as number) / 2;
  const path: string[] = [];
  for (let index = 0; index < count; index++) {
    const from = (index + 0.2) * step;
    const to = (index + 0.8) * step;
    path.push(
      isHorizontal
        ? rectangle(x + from, y + height / 2 - half, x + to, y + height / 2 + half)
        : rectangle(x + width / 2 - half, y + from, x + width / 2 + half, y + to),
    );
  }
  return path.join('');
}

function block(codepoint: number, { x, y, width, height }: Box): Shape[] {
  const [right, bottom] = [x + width, y + height];
  const [middleX, middleY] = [x + width / 2, y + height / 2];
  if (codepoint === 0x2580) return [filled(rectangle(x, y, right, middleY))];
  if (codepoint <= 0x2588) {
    return [filled(rectangle(x, bottom - (height * (codepoint - 0x2580)) / 8, right, bottom))];
  }
  if (codepoint <= 0x258f) return [filled(rectangle(x, y, x + (width * (0x2590 - codepoint)) / 8, bottom))];
  if (codepoint === 0x2590) return [filled(rectangle(middleX, y, right, bottom))];
  if (codepoint <= 0x2593) return [filled(rectangle(x, y, right, bottom), SHADES[codepoint - 0x2591])];
  if (codepoint === 0x2594) return [filled(rectangle(x, y, right, y + height / 8))];
  if (codepoint === 0x2595) return [filled(rectangle(right - width / 8, y, right, bottom))];
  const corners = [
    rectangle(x, y, middleX, middleY),
    rectangle(middleX, y, right, middleY),
    rectangle(x, middleY, middleX, bottom),
    rectangle(middleX, middleY, right, bottom),
  ];
  const mask = QUADRANTS[codepoint - 0x2596] ?? '';
  return [filled(corners.filter((_, index) => mask[index] === '1').join(''))];
}

function braille(bits: number, { x, y, width, height }: Box): Shape {
  const [stepX, stepY] = [width / 2, height / 4];
  const half = Math.min(stepX, stepY) / 4;
  const path = DOTS.map(([column, row], bit) => {
    if ((bits & (1 << bit)) === 0) return '';
    const dotX = x + (Number(column) + 0.5) * stepX;
    const dotY = y + (Number(row) + 0.5) * stepY;
    return rectangle(dotX - half, dotY - half, dotX + half, dotY + half);
  });
  return filled(path.join(''));
}

/** Triangle and chevron to the right, triangle and chevron to the left. */
function powerline(which: number, { x, y, width, height }: Box): Shape {
  const [base, tip] = which < 2 ? [x, x + width] : [x + width, x];
  const path = `M${base} ${y}L${tip} ${y + height / 2}L${base} ${y + height}`;
  return which % 2 === 0 ? filled(`${path}z`) : stroked(path);
}
