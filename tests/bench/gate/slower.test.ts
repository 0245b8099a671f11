/** What the gate lets pass; tests/bench/gate/try-slowed-build shows the same with a build. */
import { expect, test } from 'vitest';
import { count, type Gauge, ratio } from './reading.ts';
import { slowerTwice } from './slower.ts';

/** Each reading in turn, of one that takes `ms` where the other takes one. */
const gauge = (name: string, ...times: number[]): Gauge => ({
  name,
  read: async () => [ratio(name, times.shift() ?? Number.NaN, 1)],
});

test('what is slower than its baseline allows, twice, is refused, and nothing else', async () => {
  const lines: string[] = [];
  const gauges = [
    gauge('same', 2.9),
    gauge('slower', 3.1, 3.2),
    gauge('once', 3.1, 2.0),
    gauge('faster', 0.1),
  ];
  const baseline = { same: 2, slower: 2, once: 2, faster: 2 };
  expect(await slowerTwice(gauges, 'dist', baseline, (line) => lines.push(line))).toEqual(['slower']);
  expect(lines.filter((line) => line.endsWith('SLOWER'))).toHaveLength(3);
});

test('a count may grow by a fifth, what could not be measured or has no baseline is refused', async () => {
  const counts = { name: 'counts', read: async () => [count('files', 12), count('bytes', 13)] };
  const gauges = [counts, gauge('unmeasured'), gauge('new', 1, 1)];
  const baseline = { files: 10, bytes: 10, unmeasured: 1 };
  expect(await slowerTwice(gauges, 'dist', baseline, () => {})).toEqual(['bytes', 'unmeasured', 'new']);
});
