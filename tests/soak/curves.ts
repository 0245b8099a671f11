/** A run as curves, one below the other, over the same seconds: as a small SVG. */
import type { LoadResult } from './load.ts';
import type { Rest, Sample } from './samples.ts';

const LEFT_PX = 150;
const WIDTH_PX = 560;
const HEIGHT_PX = 54;
const GAP_PX = 18;

interface Curve {
  label: string;
  /** Drawn as a line; without it the points are connected. */
  of?(sample: Sample, before: Sample): number;
  /** Drawn as points. */
  atRest?(rest: Rest): number;
}

const CURVES: readonly Curve[] = [
  { label: 'memory, MB', of: ({ memoryMb }) => memoryMb, atRest: ({ memoryMb }) => memoryMb },
  { label: 'descriptors', of: ({ descriptors }) => descriptors, atRest: ({ descriptors }) => descriptors },
  { label: 'threads', of: ({ threads }) => threads, atRest: ({ threads }) => threads },
  { label: 'timers', atRest: ({ timers }) => timers },
  { label: 'sessions', of: ({ sessions }) => sessions },
  { label: 'connections', of: ({ connections }) => connections },
  { label: 'answers a second', of: answersASecond },
];

function answersASecond(sample: Sample, before: Sample): number {
  const seconds = sample.atSeconds - before.atSeconds;
  return seconds > 0 ? (sample.answered - before.answered) / seconds : 0;
}

export function curves({ samples, rests }: Pick<LoadResult, 'samples' | 'rests'>): string {
  const seconds = Math.max(...[...samples, ...rests].map(({ atSeconds }) => atSeconds));
  const x = (atSeconds: number) => Math.round(LEFT_PX + (atSeconds / seconds) * WIDTH_PX);
  const plots = CURVES.map(({ label, of, atRest }, index) => {
    const values: [atSeconds: number, value: number][] =
      of === undefined
        ? rests.map((rest) => [rest.atSeconds, atRest?.(rest) ?? 0])
        : samples.map((sample, at) => [sample.atSeconds, of(sample, samples[at - 1] ?? sample)]);
    const most = Math.max(1, ...values.map(([, value]) => value));
    const bottom = index * (HEIGHT_PX + GAP_PX) + GAP_PX + HEIGHT_PX;
    const y = (value: number) => Math.round(bottom - (value / most) * HEIGHT_PX);
    const line = values.map(([atSeconds, value]) => `${x(atSeconds)},${y(value)}`).join(' ');
    const points = rests.map((rest) => {
      const at = `cx="${x(rest.atSeconds)}" cy="${y(atRest?.(rest) ?? 0)}"`;
      return atRest && `<circle ${at} r="3" fill="#d29922"/>`;
    });
    return `<text x="${LEFT_PX - 10}" y="${bottom - 24}" text-anchor="end">${label}</text>
<text x="${LEFT_PX - 10}" y="${bottom - 8}" text-anchor="end">0 to ${Math.round(most)}</text>
<line x1="${LEFT_PX}" y1="${bottom}" x2="${LEFT_PX + WIDTH_PX}" y2="${bottom}" stroke="#8b949e" stroke-width="0.5"/>
<polyline points="${line}" fill="none" stroke="#2f81f7"/>${points.filter(Boolean).join('')}`;
  });
  const height = CURVES.length * (HEIGHT_PX + GAP_PX) + GAP_PX + 12;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${LEFT_PX + WIDTH_PX + 20}" height="${height}" font-family="sans-serif" font-size="12" fill="#8b949e">
<title>What a daemon takes under load, over ${Math.round(seconds)} seconds</title>
${plots.join('\n')}
<text x="${LEFT_PX + WIDTH_PX}" y="${height - 6}" text-anchor="end">${Math.round(seconds)} s; points: at rest, between two rounds</text>
</svg>
`;
}
