/** However a recording comes to its end, it ends once. */
import { expect, test } from 'vitest';
import type { CastHandle } from '../../packages/daemon/src/recording/cast-file.ts';
import { Recording } from '../../packages/daemon/src/recording/recording.ts';
import { WriteTurns } from '../../packages/daemon/src/recording/write-turns.ts';
import type { Session } from '../../packages/daemon/src/session/session.ts';

/** A disk that takes everything and keeps nothing. */
const handle: CastHandle = {
  write: async ({ length }) => ({ bytesWritten: length }),
  close: async () => {},
  stat: async () => ({ dev: 1n, ino: 1n }),
};
const none = async () => {
  throw new Error('not in this test');
};

test('stopped, it comes to its limit with what was drawn last: it has ended by that, and once', async () => {
  const told: unknown[] = [];
  let draw = (_piece: Uint8Array) => {};
  const session = {
    argv: ['cat'],
    term: 'xterm',
    parsedBytes: 0,
    isExited: false,
    screen: { size: { cols: 80, rows: 24 }, title: '' },
    arrived: { draw: () => {} },
    watch: () => () => {},
    followDrawing(follower: typeof draw) {
      draw = follower;
      return () => {};
    },
  } as unknown as Session;
  const recording = new Recording(
    session,
    { path: '/f', handle },
    { format: 'v3', input: false, redact: undefined, pattern: undefined, maxBytes: 1000, rotate: 0 },
    {
      files: { create: none, reopen: none, rename: none },
      turns: new WriteTurns(),
      ended: ({ endedBecause }) => told.push(endedBecause),
    },
  );
  draw(Buffer.alloc(2000, 'x'));
  await recording.stop();
  expect(told).toEqual(['limit']);
  expect(recording.endedBecause).toBe('limit');
});
