/** A plot of curves, each in a panel of its own because their units differ, as a small SVG. Both axes begin at 0. */
import { escaped, plain } from './bars.ts';
import type { Row } from './summary.ts';

const PANEL = { width: 330, height: 150 };
const PLOT = { left: 12, top: 34, width: 240, height: 90 };
const COLUMNS = 2;

/** undefined where no row is a point of a curve. */
export function lines(rows: readonly Row[]): string | undefined {
  const curves = new Map<string, Row[]>();
  for (const row of rows)
    if (row.point) curves.set(row.point.curve, [...(curves.get(row.point.curve) ?? []), row]);
  if (curves.size === 0) return undefined;
  const panels = [...curves].map(([curve, points], index) => {
    const x = (index % COLUMNS) * PANEL.width;
    const y = Math.floor(index / COLUMNS) * PANEL.height;
    return `<g transform="translate(${x} ${y})">\n${panel(plain(curve), points)}\n</g>`;
  });
  const height = Math.ceil(curves.size / COLUMNS) * PANEL.height;
  const size = `width="${COLUMNS * PANEL.width}" height="${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="11" fill="#8b949e">
<title>${escaped([...curves.keys()].map(plain).join(', '))}</title>
${panels.join('\n')}
</svg>
`;
}

function panel(curve: string, points: readonly Row[]): string {
  const { left, top, width, height } = PLOT;
  const farthest = Math.max(...points.map(({ point }) => point?.at ?? 0));
  const most = Math.max(...points.map(({ value }) => value)) || 1;
  const places = points.map(({ point, value, unit }) => ({
    x: Math.round(left + ((point?.at ?? 0) / farthest) * width),
    y: Math.round(top + height - (value / most) * height),
    at: point?.at,
    label: `${Number(value.toPrecision(3))} ${unit}`.trim(),
  }));
  const marks = places.map(({ x, y }) => `<circle cx="${x}" cy="${y}" r="2.5" fill="#2f81f7"/>`);
  const last = places.at(-1);
  return `<text x="${left}" y="16">${escaped(curve)}</text>
<path d="M${left} ${top}V${top + height}H${left + width}" fill="none" stroke="#8b949e"/>
<polyline points="${places.map(({ x, y }) => `${x},${y}`).join(' ')}" fill="none" stroke="#2f81f7"/>
${marks.join('')}
<text x="${(last?.x ?? 0) + 6}" y="${(last?.y ?? 0) + 4}">${last?.label}</text>
<text x="${last?.x}" y="${top + height + 14}" text-anchor="middle">${last?.at}</text>`;
}
