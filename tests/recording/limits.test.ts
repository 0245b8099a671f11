/** What grows with recordings has bounds. */
import { join } from 'node:path';
import { expect } from 'vitest';
import { MAX_ENDED_RECORDINGS } from '../../packages/daemon/src/limits.ts';
import type { CastFiles } from '../../packages/daemon/src/recording/cast-file.ts';
import { Recordings } from '../../packages/daemon/src/recording/recordings.ts';
import { test } from '../harness/pilotty.ts';

test('a session has four recordings under way, and a fifth is refused', async ({ pilotty }) => {
  const session = await pilotty.spawn('four', ['cat']);
  const start = (name: string) =>
    pilotty.client.request('recording.start', { session, file: join(pilotty.home, name) });
  for (const name of ['1', '2', '3', '4']) await start(name);
  await expect(start('5')).rejects.toMatchObject({ code: 'LIMIT_REACHED' });
  const { recordings } = await pilotty.client.request('recording.stop', { session });
  expect(recordings.length).toBe(4);
  expect((await start('6')).recording.state).toBe('active');
});

test('of recordings that have ended the last are listed', async () => {
  const create = async () => ({
    write: async ({ length }: Uint8Array) => ({ bytesWritten: length }),
    close: async () => {},
    stat: async () => ({ dev: 1n, ino: 1n }),
  });
  const files: CastFiles = { create, reopen: create, rename: async () => {} };
  const silent = { info: () => {}, error: () => {} };
  const recordings = new Recordings(
    { redact: undefined, recordDir: undefined, defaultRecordDir: '/nowhere' },
    { events: { add: () => ({}) } as never, log: silent as never },
    files,
  );
  const session = {
    name: 's',
    reference: {},
    tags: new Set(),
    argv: ['x'],
    term: 'xterm',
    parsedBytes: 0,
    screen: { size: { cols: 80, rows: 24 }, title: '' },
    arrived: { draw: () => {} },
    followDrawing: () => () => {},
    watch: () => () => {},
    requireRunning: () => {},
  } as never;
  const wishes = { format: 'v3', input: false, max_bytes: 1e6, rotate: 0 } as const;
  for (let count = 0; count < MAX_ENDED_RECORDINGS + 5; count++) {
    const recording = await recordings.start(session, { ...wishes, file: `/r/${count}` });
    await recordings.stop([recording]);
  }
  expect(recordings.all.length).toBe(MAX_ENDED_RECORDINGS);
  expect(recordings.all.some(({ file }) => file === '/r/0')).toBe(false);
});
