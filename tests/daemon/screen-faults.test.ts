/** A screen that fails is drawn anew from what is retained, and other sessions go on. Faults are put into the emulator. */
import { expect, test, vi } from 'vitest';
import { Retention } from '../../packages/daemon/src/pty/retention.ts';
import { DrawingFaults } from '../../packages/daemon/src/session/drawing-faults.ts';
import { redraw } from '../../packages/daemon/src/session/redraw.ts';
import { ScreenHistory } from '../../packages/daemon/src/session/screen-history.ts';
import { Screen, WholeCharacters } from '../../packages/terminal/src/index.ts';
import { runDaemon } from '../fuzz/daemon.ts';
import { until } from '../harness/until.ts';

test('it is drawn from the output and the resizes of before the fault', () => {
  const size = { cols: 20, rows: 4 };
  const screen = new Screen({ ...size, scrollback: 10 });
  const retention = new Retention(100_000, size);
  const history = new ScreenHistory(screen, retention, {
    now: () => 0,
    drawnBytes: () => retention.totalBytes,
  });
  const print = (text: string) => {
    retention.markTime(0, 1);
    retention.append(Buffer.from(text));
    screen.write(Buffer.from(text));
  };
  print('one\r\n\x07\x1b[31mtwo');
  screen.resize(10, 3);
  history.resized(retention.totalBytes);
  print('\r\nthree');
  const [rows, hash, sound] = [screen.rowTexts(), screen.hash(), retention.totalBytes];
  screen.takeSignals();
  print('\x1b[2Jbroken');
  redraw(screen, history, retention, sound);
  expect([screen.rowTexts(), screen.hash(), screen.size]).toEqual([rows, hash, { cols: 10, rows: 3 }]);
  expect([screen.takeSignals(), screen.takeReplies()]).toEqual([[], undefined]);
});

test('one that fails again and again is left as it is after ten times', () => {
  const faults = new DrawingFaults(() => {});
  let redrawn = 0;
  for (let round = 0; round < 15; round++) {
    faults.note({ sequence: 'output', error: new Error(), isOfScreen: true });
    faults.mend(() => {
      redrawn += 1;
      // Also in this it fails.
      faults.note({ sequence: 'output', error: new Error(), isOfScreen: true });
    });
  }
  faults.mend(() => {
    redrawn += 1;
  });
  expect([redrawn, faults.facts?.screens_redrawn]).toEqual([10, 10]);
});

test('a fault of the emulator costs what it failed at: the session, its screen and the others go on', async () => {
  const daemon = await runDaemon();
  const client = daemon.client();
  try {
    await client.request('session.spawn', { argv: ['cat'], name: 'other', cwd: '/', env: {} });
    await client.request('session.spawn', { argv: ['cat'], name: 'a', cwd: '/', env: {} });
    const type = (session: string, text: string) =>
      client.request('session.type', { session, text: `${text}\n` });
    const shown = async (session: string) =>
      JSON.stringify(await client.request('session.snapshot', { session, format: 'text' }));
    await type('a', 'before');
    await until('the echo', async () => (await shown('a')).match(/before/g)?.length === 2);
    const fault = failOn('poison');
    await type('a', 'poison');
    await until(
      'the fault',
      async () => (await client.request('session.status', { session: 'a' })).drawing_faults,
    );
    fault.mockRestore();
    await type('a', 'after');
    await type('other', 'fine');
    await until('the echo', async () => (await shown('a')).match(/after/g)?.length === 2);
    await until('the echo', async () => (await shown('other')).match(/fine/g)?.length === 2);
    expect((await shown('a')).match(/before/g)).toHaveLength(2);
    const { drawing_faults } = await client.request('session.status', { session: 'a' });
    expect(drawing_faults).toMatchObject({ sequence: 'output' });
    expect(drawing_faults?.screens_redrawn).toBeGreaterThan(0);
    expect((await client.request('session.status', { session: 'other' })).drawing_faults).toBeUndefined();
    // The daemon says that something has failed, and where.
    const { faults } = await client.request('daemon.info', {});
    expect(faults).toMatchObject({ last: expect.stringMatching(/^the screen failed.*\(session 'a'\)$/) });
  } finally {
    client.close();
    await daemon.close();
  }
});

/** Whatever draws `word` throws outside of any sequence, as an emulator that has lost its state would. */
function failOn(word: string) {
  const { pieces } = WholeCharacters.prototype;
  return vi.spyOn(WholeCharacters.prototype, 'pieces').mockImplementation(function (
    this: WholeCharacters,
    bytes,
    limit,
  ) {
    if (Buffer.from(bytes).includes(word)) throw new Error('lost');
    return pieces.call(this, bytes, limit);
  });
}
