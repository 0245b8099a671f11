/** The bounds of a trace, and what it says happened last. */
import { expect, test } from 'vitest';
import { difference } from '../../apps/testing/src/goldens/difference.ts';
import { stormSizes } from '../../apps/testing/src/resize-storm.ts';
import { MAX_FRAMES, MAX_OUTPUT_BYTES, MAX_STEPS, Trace } from '../../apps/testing/src/trace/trace.ts';
import { Cutter } from '../../packages/daemon/src/pty/terminal-faults.ts';

function screen(revision: number, text: string) {
  const cursor = { row: 0, col: 0, visible: true, shape: 'block' };
  return { revision, size: { cols: 80, rows: 2 }, cursor, lines: [[{ text }], []] } as never;
}

test('the oldest screens, steps and output go, and are counted', () => {
  const trace = new Trace(() => 0);
  for (let at = 1; at <= MAX_FRAMES + 3; at++) trace.see(screen(at, String(at)));
  for (let at = 0; at < MAX_STEPS + 2; at++) trace.note('a note');
  trace.printed(Buffer.alloc(MAX_OUTPUT_BYTES));
  trace.printed(Buffer.alloc(10));
  expect({
    frames: trace.frames.length,
    droppedFrames: trace.droppedFrames,
    droppedSteps: trace.droppedSteps,
    output: trace.output.length,
    droppedOutputBytes: trace.droppedOutputBytes,
  }).toEqual({
    frames: MAX_FRAMES,
    droppedFrames: 3,
    droppedSteps: 2,
    output: 1,
    droppedOutputBytes: MAX_OUTPUT_BYTES,
  });
});

test('a screen that was seen already is not seen again, and a row that is the same is one object', () => {
  const trace = new Trace(() => 0);
  trace.see(screen(1, 'one'));
  trace.see(screen(1, 'one'));
  trace.see(screen(2, 'one'));
  expect(trace.frames.length).toBe(2);
  expect(trace.frames[0]?.rows[0]).toBe(trace.frames[1]?.rows[0]);
});

test('what differs is shown with what is around it', () => {
  expect(difference('a\nb\nc\nd\ne', 'a\nb\nX\nd\ne')).toEqual(['  b', '- c', '+ X', '  d']);
});

test('cuts are the same for the same seed, and a storm ends at the size there was', () => {
  const cuts = (seed: number) => {
    const cutter = new Cutter('random', seed);
    return Array.from({ length: 20 }, () => cutter.next(1000));
  };
  expect(cuts(3)).toEqual(cuts(3));
  expect(cuts(3)).not.toEqual(cuts(4));
  expect(Math.max(...cuts(3))).toBeLessThanOrEqual(32);
  expect(stormSizes({ cols: 80, rows: 24 }, 7).at(-1)).toEqual({ cols: 80, rows: 24 });
});
