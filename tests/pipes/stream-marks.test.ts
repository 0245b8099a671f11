/** Which stream each retained byte was written to is known, or the byte counts as dropped. */
import { expect, test } from 'vitest';
import { Retention } from '../../packages/daemon/src/pty/retention.ts';
import type { Stream } from '../../packages/daemon/src/pty/stream-marks.ts';

const SIZE = { cols: 80, rows: 24 };

/** Writes to one stream or the other as `streamOf` says, a byte each. */
function written(count: number, limit: number, streamOf: (offset: number) => Stream): Retention {
  const retention = new Retention(limit, SIZE, true);
  for (let offset = 0; offset < count; offset++) {
    retention.markStream(streamOf(offset));
    retention.append(Buffer.from([streamOf(offset) === 'stdout' ? 0x6f : 0x65]));
  }
  return retention;
}

test.each([
  ['in turns, beginning with stderr', (offset: number) => (offset % 2 === 0 ? 'stderr' : 'stdout')],
  [
    'in runs of different lengths',
    (offset: number) => (Math.floor(Math.sqrt(offset)) % 3 ? 'stdout' : 'stderr'),
  ],
  ['to one alone', () => 'stderr'],
] as [string, (offset: number) => Stream][])('what is written %s', (_, streamOf) => {
  const retention = written(3000, 1000, streamOf);
  expect(retention.start).toBe(2000);
  for (let offset = retention.start; offset < 3000; ) {
    const run = retention.streamAt(offset);
    const end = Math.min(run?.end ?? 0, 3000);
    expect(end).toBeGreaterThan(offset);
    const bytes = retention.read(offset, end - offset).toString();
    expect([...new Set(bytes)]).toEqual([run?.stream === 'stdout' ? 'o' : 'e']);
    offset = end;
  }
});

test('more changes than are kept drop what came before them, and nothing is told of the wrong stream', () => {
  const count = 200_001;
  const retention = written(count, 1_000_000, (offset) => (offset % 2 === 0 ? 'stderr' : 'stdout'));
  const { start, facts } = retention;
  expect(count - start).toBeGreaterThan(30_000);
  expect(count - start).toBeLessThan(70_000);
  expect(facts).toMatchObject({ total_bytes: count, dropped_bytes: start, truncated: true });
  for (let offset = start; offset < count; offset += 997)
    expect([offset, retention.streamAt(offset)?.stream]).toEqual([
      offset,
      offset % 2 === 0 ? 'stderr' : 'stdout',
    ]);
});

test('they go over to another retention', () => {
  const streamOf = (offset: number): Stream => (offset % 7 < 3 ? 'stderr' : 'stdout');
  const { state } = written(3000, 1000, streamOf);
  const other = new Retention(1000, SIZE, true);
  other.adopt(structuredClone(state));
  for (let offset = 2000; offset < 3000; offset++)
    expect(other.streamAt(offset)?.stream).toBe(streamOf(offset));
});
