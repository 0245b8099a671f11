/** A plot of what is compared, as a small SVG. */
import type { Row } from './summary.ts';

const LABEL_PX = 280;
const WIDEST_PX = 360;
const ROW_PX = 22;

interface Bar {
  label: string;
  value: number;
  isOwn: boolean;
}

/** undefined when nothing is compared. */
export function bars(rows: readonly Row[]): string | undefined {
  const found = new Map<string, Bar>();
  for (const { what, value, against } of rows) {
    if (!against) continue;
    const label = plain(what);
    found.set(label, { label, value, isOwn: true });
    const other =
      rows.length > 2 && against.what.startsWith('with') ? `${label}: ${against.what}` : plain(against.what);
    found.set(other, { label: other, value: against.value, isOwn: false });
  }
  if (found.size === 0) return undefined;
  const unit = rows.find(({ against }) => against)?.unit;
  const all = [...found.values()];
  const most = Math.max(...all.map(({ value }) => value));
  const lines = all.map(({ label, value, isOwn }, index) => {
    const y = index * ROW_PX;
    const width = Math.max(1, Math.round((value / most) * WIDEST_PX));
    const color = isOwn ? '#2f81f7' : '#8b949e';
    return `<text x="${LABEL_PX - 8}" y="${y + 15}" text-anchor="end">${escaped(label)}</text>
<rect x="${LABEL_PX}" y="${y + 3}" width="${width}" height="${ROW_PX - 6}" fill="${color}"/>
<text x="${LABEL_PX + width + 6}" y="${y + 15}">${value.toPrecision(3)} ${unit}</text>`;
  });
  const size = `width="${LABEL_PX + WIDEST_PX + 90}" height="${all.length * ROW_PX + 4}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="12" fill="#8b949e">
<title>${escaped(all.map(({ label }) => label).join(', '))}</title>
${lines.join('\n')}
</svg>
`;
}

export function plain(text: string): string {
  return text.replaceAll('`', '');
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
