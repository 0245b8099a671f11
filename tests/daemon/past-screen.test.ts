/** The screen as it was: the one that was there, or none. */
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { Call, Cancellation, Deadline, NEVER } from '../../packages/daemon/src/call.ts';
import { Retention } from '../../packages/daemon/src/pty/retention.ts';
import { Scheduler } from '../../packages/daemon/src/pty/scheduler.ts';
import { drawAgain, PastScreen } from '../../packages/daemon/src/session/past-screen.ts';
import { ScreenHistory } from '../../packages/daemon/src/session/screen-history.ts';
import { Screen } from '../../packages/terminal/src/index.ts';
import { type Pilotty, test } from '../harness/pilotty.ts';
import { needs } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { randomNumbers, randomStream } from '../terminal/random-stream.ts';

const FOREVER = { ...NEVER, isOver: false, whenOver: () => () => {} };
const FORMATS = ['text', 'ansi', 'html', 'svg', 'png'];

/** A program that prints whatever it likes in a terminal that is resized, and how its screen looked each time. */
function randomSession(seed: number, pieces: number) {
  let nowMs = 1_000_000;
  const random = randomNumbers(seed);
  const size = { cols: 20, rows: 5 };
  const screen = new Screen({ ...size, scrollback: 50 });
  const retention = new Retention(96 * 1024, size);
  const history = new ScreenHistory(screen, retention, {
    now: () => nowMs,
    drawnBytes: () => retention.totalBytes,
  });
  const looks: { timeMs: number; offset: number; hash: number; text: string }[] = [];
  for (let piece = 1; piece <= pieces; piece++) {
    nowMs += 20 + Math.floor(random() * 400);
    if (random() < 0.1) {
      screen.resize(8 + Math.floor(random() * 30), 2 + Math.floor(random() * 10));
      history.resized(retention.totalBytes);
    } else {
      const bytes = Buffer.from(randomStream(random, 10 + Math.floor(random() * 200)));
      retention.markTime(nowMs, piece);
      retention.append(bytes);
      screen.write(bytes);
      history.drawn();
    }
    looks.push({ timeMs: nowMs, offset: retention.totalBytes, hash: screen.hash(), text: screen.text() });
  }
  const session = { reference: { session: 's', session_id: '1' }, scrollback: 50, term: 'xterm', retention };
  history.close();
  return { session, history, looks };
}

test('any output and sizes, drawn again from what is retained, give the screen that was there, or none', async () => {
  const scheduler = new Scheduler();
  for (const seed of [1, 2]) {
    const { session, history, looks } = randomSession(seed, 500);
    const { retention } = session;
    expect(retention.start).toBeGreaterThan(0);
    const answered: number[] = [];
    for (const [index, look] of looks.entries()) {
      const moment = retention.momentAt(look.timeMs + 5);
      expect(moment.offset).toBe(look.offset);
      const way = history.wayTo(moment, look.timeMs + 5);
      if (way === undefined) continue;
      answered.push(look.timeMs);
      // One in a few: each draws some 100 KiB again.
      if (index % 40 !== 0 && answered.length > 3) continue;
      const past = new PastScreen(session, way.from, moment);
      expect(await drawAgain(session, past, way, moment, { scheduler, deadline: FOREVER })).toBe('drawn');
      const shown = { text: past.screen.text(), hash: past.contentHash };
      expect(shown, `seed ${seed}, piece ${index}`).toEqual({ text: look.text, hash: look.hash });
      past.close();
    }
    // Nothing in between is missing, and half of what is retained is known at least.
    expect(answered[0]).toBeGreaterThanOrEqual(history.earliest?.timeMs ?? 0);
    expect(answered).toEqual(looks.slice(-answered.length).map(({ timeMs }) => timeMs));
    const known = looks.at(-answered.length)?.offset ?? 0;
    expect(retention.totalBytes - known).toBeGreaterThan(retention.limit / 3);
  }
});

test('beyond a thousand resizes the first are forgotten, and what followed them is known from a copy', () => {
  const screen = new Screen({ cols: 20, rows: 5, scrollback: 50 });
  const retention = new Retention(1024 * 1024, { cols: 20, rows: 5 });
  let nowMs = 0;
  const history = new ScreenHistory(screen, retention, {
    now: () => nowMs,
    drawnBytes: () => retention.totalBytes,
  });
  for (let count = 0; count < 1500; count++) {
    nowMs += 1;
    screen.resize(10 + (count % 20), 5);
    history.resized(0);
  }
  expect(history.wayTo({ offset: 0, timeMs: 5, seq: 0 }, 5)).toBeUndefined();
  expect(history.earliest?.timeMs).toBe(1025);
  expect(history.wayTo({ offset: 0, timeMs: 1500, seq: 0 }, 1500)?.resizes.length).toBe(475);
});

/** How the screen looks in every format, and when that was: once nothing is drawn while it is looked at. */
async function lookNow(pilotty: Pilotty): Promise<{ time: string; looks: unknown }> {
  const revision = async () => (await pilotty.client.request('session.snapshot', {})).revision;
  return await until('the screen to rest', async () => {
    const before = await revision();
    const looks = await looksOf(pilotty);
    const time = new Date().toISOString();
    // What comes next comes later, by any clock.
    await pause(15);
    return (await revision()) === before && { time, looks };
  });
}

async function looksOf(pilotty: Pilotty, ...at: string[]): Promise<unknown> {
  const styled = await pilotty.client.request('session.snapshot', {
    format: 'full',
    styles: true,
    scrollback: 5,
    ...(at.length > 0 && { at: at[1] }),
  });
  const { revision, seq, exit, shown_at, shown_offset, ...full } = styled;
  const formats = await Promise.all(
    FORMATS.map(async (format) => (await pilotty.run('snapshot', '--format', format, ...at)).stdout),
  );
  return [full, ...formats];
}

test('vim, a resize and the shell behind it, in every format, also once it has ended', async ({
  pilotty,
}) => {
  needs('vim');
  await pilotty.run('spawn', '--size', '60x12', 'sh', '-c', 'seq 30; vim -u NONE -N; echo over; read line');
  await pilotty.run('wait', '--text', '~', '--settle', '100ms');
  const looks = [await lookNow(pilotty)];
  await pilotty.run('send', 'ihello ünï 漢', 'Escape', '--wait-gone', 'INSERT');
  looks.push(await lookNow(pilotty));
  await pilotty.run('resize', '40', '8', '--wait-settle', '100ms');
  looks.push(await lookNow(pilotty));
  await pilotty.run('resize', '70', '20', '--wait-settle', '100ms');
  looks.push(await lookNow(pilotty));
  await pilotty.run('send', ':q!', 'Enter', '--wait-text', 'over', '--wait-settle', '100ms');
  looks.push(await lookNow(pilotty));
  const compare = async ({ time, looks: then }: { time: string; looks: unknown }) => {
    expect(await looksOf(pilotty, '--at', time)).toEqual(then);
  };
  for (const each of looks) await compare(each);
  await pilotty.run('send', 'Enter', '--wait-exit');
  for (const each of looks.slice(2, 3)) await compare(each);
  // Now it has ended; then it had not.
  const now = (await pilotty.run('snapshot', '--at=-0s')).json();
  expect(now).toMatchObject({ exit: { exit_code: 0 }, outcome: 'immediate' });
  const first = (await pilotty.run('snapshot', '--at', looks[0]?.time ?? '')).json();
  expect(first).toMatchObject({ alternate_screen: true, revision: 0, shown_at: looks[0]?.time });
  expect(first.exit).toBeUndefined();
});

test('a moment is given as an age, as a time of this machine, or as an offset', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'a', 'sh', '-c', 'printf one; read line; printf two; read line');
  await pilotty.run('wait', '--text', 'one');
  await pause(30);
  const before = Date.now();
  await pause(30);
  const sent = Date.now();
  await pilotty.run('send', 'Enter', '--wait-text', 'two');
  const textAt = async (...at: string[]) => (await pilotty.run('snapshot', ...at)).json().text;
  // An age is counted from when the daemon reads it.
  const { text } = await until('a question that is read at once', async () => {
    const answer = (await pilotty.run('snapshot', '--at', `-${Date.now() - before}ms`)).json();
    return Date.parse(answer.shown_at) < sent && answer;
  });
  expect(text).toBe('one');
  expect(await textAt('--at', new Date(before).toISOString())).toBe('one');
  const local = new Date(before - new Date(before).getTimezoneOffset() * 60_000).toISOString().slice(0, -1);
  expect(await textAt('--at', local)).toBe('one');
  expect(await textAt('--at', local.replace('T', ' '))).toBe('one');
  expect(await textAt('--at', local.slice(11))).toBe('one');
  expect(await textAt('--at-offset', '0')).toBe('');
  expect(await textAt('--at-offset', '2')).toBe('on');
  expect((await pilotty.run('snapshot', '--at-offset', '3')).json()).toMatchObject({
    text: 'one',
    shown_offset: 3,
  });
});

test('what cannot be known is refused, with what can', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'a', 'cat');
  const refused = async (code: string, ...args: string[]) => {
    const answer = await pilotty.run('snapshot', ...args);
    expect(answer.code).not.toBe(0);
    expect(`${answer.stderr}`).toContain(code);
    return answer.stderr;
  };
  expect(await refused('INVALID_INPUT', '--at', '-9h')).toContain('began at');
  expect(await refused('INVALID_INPUT', '--at=-99999999999h')).toContain('began at');
  expect(await refused('INVALID_INPUT', '--at', '2999-01-01T00:00:00Z')).toContain('yet to come');
  expect(await refused('INVALID_INPUT', '--at-offset', '99')).toContain('no offset 99');
  expect(await refused('INVALID_INPUT', '--at', '-1s', '--at-offset', '0')).toContain('not both');
  for (const more of [['--elements'], ['--settle', '1s'], ['--since', '1'], ['--format', 'new']])
    expect(await refused('INVALID_INPUT', '--at=-0s', ...more)).toContain('a past screen goes without');
  expect(await refused('5s', '--at', '5s')).toContain('Write -5s');
  expect(await refused('noon', '--at', 'noon')).toContain('must be so long ago');
  await refused('INVALID_INPUT', '--at', '2026-13-01T00:00:00Z');
});

test('a flood forgets what was before it; from its end on every moment is known again', async ({
  pilotty,
}) => {
  const flood = 'printf begun; read line; seq 1 60000; printf done; read line; printf more; read line';
  await pilotty.run('spawn', '--name', 'flood', '--retain-bytes', '100000', 'sh', '-c', flood);
  await pilotty.run('wait', '--text', 'begun');
  await pause(15);
  const before = new Date().toISOString();
  expect((await pilotty.run('snapshot', '--at', before)).json().text).toBe('begun');
  await pilotty.run('send', 'Enter', '--wait-text', 'done');
  expect((await pilotty.run('snapshot', '--at', before)).stderr).toContain('UNAVAILABLE');
  const then = (await pilotty.run('snapshot', '--format', 'ansi')).stdout;
  await pause(15);
  // From a copy that is made within a second.
  const after = await until('the screen to be known again', async () => {
    const { code, stdout } = await pilotty.run('snapshot', '--at=-0s');
    return code === 0 && (JSON.parse(stdout).shown_at as string);
  });
  await pause(15);
  await pilotty.run('send', 'Enter', '--wait-text', 'more');
  expect((await pilotty.run('snapshot', '--format', 'ansi', '--at', after)).stdout).toBe(then);
  const error = (await pilotty.run('snapshot', '--at', before)).stderr;
  const earliest = /The earliest that is known is of (\S+Z)/.exec(error)?.[1] ?? '';
  expect((await pilotty.run('snapshot', '--at', earliest)).json().text).toMatch(/\d\n\d/);
});

test('one whose deadline passes is not drawn to its end', async () => {
  const size = { cols: 80, rows: 24 };
  const retention = new Retention(1_000_000, size);
  retention.append(Buffer.from('text'));
  const session = { reference: { session: 's', session_id: '1' }, scrollback: 50, term: 'xterm', retention };
  // No turn of drawing ever comes.
  const scheduler = new Scheduler({ defer: () => {} });
  const from = { offset: 0, timeMs: 0, ...size, bytes: new Uint8Array(0), resizes: 0 };
  const moment = { offset: 4, timeMs: 1, seq: 1 };
  const past = new PastScreen(session, from, moment);
  const nobody = { isGone: () => false, emit: async () => {}, ready: async () => {} };
  const deadline = new Deadline(new Call(nobody, new Cancellation()), 20);
  const drawing = drawAgain(session, past, { from, resizes: [] }, moment, { scheduler, deadline });
  expect(await drawing).toBe('late');
  past.close();
  deadline.close();
});

test('output that is dropped while it is drawn again is missed', async () => {
  const size = { cols: 80, rows: 24 };
  const retention = new Retention(100_000, size);
  retention.append(Buffer.alloc(100_000, 'a'));
  const session = { reference: { session: 's', session_id: '1' }, scrollback: 50, term: 'xterm', retention };
  const from = { offset: 0, timeMs: 0, ...size, bytes: new Uint8Array(0), resizes: 0 };
  const moment = { offset: 100_000, timeMs: 1, seq: 1 };
  const past = new PastScreen(session, from, moment);
  const way = { from, resizes: [] };
  const drawing = drawAgain(session, past, way, moment, { scheduler: new Scheduler(), deadline: FOREVER });
  retention.append(Buffer.alloc(90_000, 'b'));
  expect(await drawing).toBe('dropped');
  past.close();
});

test('many who look back at once are all answered, and a flood beside them is drawn', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'a', 'sh', '-c', 'seq 50000; printf done; read line');
  await pilotty.run('wait', '-s', 'a', '--text', 'done');
  await pilotty.run('spawn', '--name', 'b', 'sh', '-c', 'seq 50000; printf done; read line');
  const asked = Array.from({ length: 20 }, () =>
    pilotty.client.request('session.snapshot', { session: 'a', at: '-0s' }),
  );
  await pilotty.run('wait', '-s', 'b', '--text', 'done');
  const { text } = await pilotty.client.request('session.snapshot', { session: 'a' });
  for (const screen of await Promise.all(asked)) expect(screen.text).toBe(text);
});
