/** Recordings looked at again: one screen, all of them in a terminal, pictures and text. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect } from 'vitest';
import { commandLine } from '../../packages/protocol/src/shell-quote.ts';
import {
  fontFiles,
  pictureOf,
  rasterizerFile,
  renderPixels,
  Screen,
} from '../../packages/terminal/src/index.ts';
import { builtProgram, type Pilotty, test } from '../harness/pilotty.ts';
import { needs } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { decodeGif } from './gif.ts';

const FILM = [
  '{"version":3,"term":{"cols":20,"rows":4}}',
  '[0.1, "o", "\\u001b[31mone\\u001b[0m\\r\\n"]',
  '[1.0, "m", "second"]',
  '[0.0, "o", "\\u001b[44mtwo ☃\\u001b[0m\\r\\n"]',
  '[60, "o", "\\u001b[?1000h\\u001b[?2004h\\u001b[c\\u001b]0;title\\u0007three"]',
  '[1, "x", "3"]',
];

function film(pilotty: Pilotty, name: string, lines: readonly string[] = FILM): string {
  const file = join(pilotty.home, name);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

test('one screen: at a time, before the end, at a marker, in each format', async ({ pilotty }) => {
  const file = film(pilotty, 'a.cast');
  const at = async (when: string, ...more: string[]) =>
    (await pilotty.run('replay', file, '--screen-at', when, ...more)).stdout;
  expect(await at('0.5s')).toBe('--- Terminal 20x4 | Cursor: (1, 0) ---\none\n[_]\n');
  expect(await at('marker:second')).toBe(await at('0.5s'));
  expect(await at('marker:1')).toBe(await at('0.5s'));
  expect(await at('1.1s')).toContain('two');
  expect(await at('-2s')).toBe(await at('1.1s'));
  expect(await at('end')).toContain('three');
  expect(await at('end', '--format', 'ansi')).toContain('\x1b[31mone');
  expect(await at('end', '--format', 'svg')).toMatch(/^<svg [\s\S]*two/);
  expect(await at('end', '--format', 'html')).toContain('three');
  const json = JSON.parse(await at('end', '--json'));
  expect(json).toMatchObject({
    at_ms: 62_100,
    duration_ms: 62_100,
    title: 'title',
    cursor: { row: 2, col: 5 },
  });
  const png = JSON.parse(await at('end', '--json', '--format', 'png'));
  expect(Buffer.from(png.data_base64, 'base64').subarray(1, 4).toString()).toBe('PNG');
  expect((await pilotty.run('replay', file, '--list-markers')).json()).toEqual({
    type: 'recording_markers',
    file,
    version: 3,
    duration_ms: 62_100,
    markers: [{ at_ms: 1100, label: 'second' }],
    exit_status: '3',
  });
});

test('what cannot be shown is refused, with what there is', async ({ pilotty }) => {
  const file = film(pilotty, 'a.cast');
  const problem = async (...words: string[]) => (await pilotty.run(...words)).error().message;
  expect(await problem('replay', file, '--screen-at', '2m')).toContain(
    'is 62.1s long: there is no screen at 120.0s',
  );
  expect(await problem('replay', file, '--screen-at', '-100s')).toContain('there is no screen at -100.0s');
  expect(await problem('replay', file, '--screen-at', 'marker:third')).toContain(
    "has no marker 'third'; it has 1",
  );
  expect(await problem('replay', file)).toContain('stdout is none');
  expect(await problem('replay', '/nowhere.cast', '--list-markers')).toContain(
    '/nowhere.cast cannot be read',
  );
  const broken = film(pilotty, 'broken.cast', [...FILM.slice(0, 2), '[1, "o', ...FILM.slice(2)]);
  expect(await problem('replay', broken, '--screen-at', 'end')).toContain(
    'broken.cast, line 3: an event is not',
  );
  const cut = join(pilotty.home, 'cut.cast');
  writeFileSync(cut, `${FILM.slice(0, 3).join('\n')}\n[1.0, "o", "lo`);
  const shown = await pilotty.run('replay', cut, '--screen-at', 'end');
  expect(shown.stdout).toContain('one');
  expect(shown.stderr).toContain('ends inside a line, which is left out');
});

test('a GIF shows the screens, each for its time', async ({ pilotty }) => {
  const file = film(pilotty, 'a.cast');
  const to = join(pilotty.home, 'a.gif');
  const made = (await pilotty.run('record', 'export', file, '--to', to, '--idle-limit', '2s')).json();
  const gif = decodeGif(readFileSync(to));
  expect(made).toMatchObject({ frames: 4, width: gif.width, height: gif.height });
  expect(gif.frames.map(({ delayMs }) => delayMs)).toEqual([100, 1000, 2000, 3000]);
  expect(gif.repeats).toBe(true);
  const assets = {
    wasm: readFileSync(createRequire(import.meta.url).resolve(rasterizerFile)),
    fonts: fontFiles.map((name) => readFileSync(join(builtProgram('fonts'), name))),
  };
  const screen = new Screen({ cols: 20, rows: 4, scrollback: 0 });
  const shown = ['', '\x1b[31mone\x1b[0m\r\n', '\x1b[44mtwo ☃\x1b[0m\r\n', '\x1b]0;title\x07three'];
  for (const [index, text] of shown.entries()) {
    screen.write(new TextEncoder().encode(text));
    const drawn = await renderPixels(pictureOf(screen), assets, { theme: 'dark', scale: 1.5 });
    expect(farthest(gif.frames[index]?.rgb ?? new Uint8Array(0), drawn.rgba)).toBeLessThan(24);
  }
});

/** The largest difference of a channel. */
function farthest(rgb: Uint8Array, rgba: Uint8Array): number {
  expect(rgb.length / 3).toBe(rgba.length / 4);
  let most = 0;
  for (let pixel = 0; pixel < rgb.length / 3; pixel++)
    for (let channel = 0; channel < 3; channel++)
      most = Math.max(most, Math.abs((rgb[pixel * 3 + channel] ?? 0) - (rgba[pixel * 4 + channel] ?? 0)));
  return most;
}

test('an SVG has each row once for each of its states, and says when it is shown', async ({ pilotty }) => {
  const file = film(pilotty, 'a.cast');
  const to = join(pilotty.home, 'a.svg');
  const made = (await pilotty.run('record', 'export', file, '--to', to, '--speed', '2')).json();
  expect(made).toMatchObject({ frames: 3, width: 176, height: 80, duration_ms: 31_050 });
  const svg = readFileSync(to, 'utf8');
  for (const text of ['one', 'three']) expect(svg.split(text).length).toBe(2);
  expect(svg).toMatch(/animation:33\.050s step-end infinite/);
  expect(svg).not.toMatch(/<script|href/);
  // Row 3 never changes: it is in the static layer.
  expect(svg.split('<g class')[0]).toContain('<svg y="48"');
});

test('too many screens for a picture are refused; as text they are all there', async ({ pilotty }) => {
  const lines = Array.from({ length: 600 }, (_, index) => `[0.2, "o", "line ${index}\\r\\n"]`);
  const file = film(pilotty, 'long.cast', [
    '{"version":2,"width":20,"height":4}',
    ...lines.map((line, index) => line.replace('0.2', String(index / 5))),
  ]);
  const svg = await pilotty.run('record', 'export', file, '--to', 'a.svg');
  expect(svg.error().message).toContain('too long for an SVG: more than 500 different screens');
  const faster = await pilotty.run('record', 'export', file, '--to', 'a.svg', '--speed', '4');
  expect(faster.json().frames).toBeLessThanOrEqual(400);
  const text = await pilotty.run('record', 'export', file, '--to', 'a.txt');
  expect(text.code).toBe(0);
  const all = Array.from({ length: 600 }, (_, index) => `line ${index}\n`).join('');
  expect(readFileSync(join(pilotty.home, 'a.txt'), 'utf8')).toBe(all);
});

test('in a terminal it plays, pauses, jumps and quits, and leaves the terminal as it was', async ({
  pilotty,
}) => {
  const file = film(pilotty, 'a.cast');
  const replay = [process.execPath, builtProgram('pilotty.cjs'), 'replay', file];
  await pilotty.spawn(
    'player',
    [
      '/bin/sh',
      '-c',
      'echo before; stty -a > s1; "$@"; echo "code $?"; stty -a > s2; cmp s1 s2 && echo equal; exec cat',
      'sh',
      ...replay,
    ],
    { size: { cols: 60, rows: 12 } },
  );
  await pilotty.run('wait', '-s', 'player', '--text', 'two');
  const playing = await pilotty.run('snapshot', '-s', 'player', '--format', 'text');
  expect(playing.stdout).toMatch(/one\ntwo ☃/);
  await pilotty.run('key', '-s', 'player', 'Space', '--wait-text', 'paused');
  await pilotty.run('key', '-s', 'player', 'End', '--wait-text', 'three');
  await pilotty.run('key', '-s', 'player', 'Left', '--wait-gone', 'three');
  await pilotty.run('key', '-s', 'player', 'Home', '--wait-gone', 'two');
  await pilotty.run('send', '-s', 'player', ']', '--wait-text', '0:01 /');
  const during = (await pilotty.run('status', '-s', 'player')).json();
  expect(during.modes).toEqual({ wraparound: false });
  expect(during.title).toBeUndefined();
  await pilotty.run('send', '-s', 'player', 'q', '--wait-text', 'equal');
  const after = await pilotty.run('snapshot', '-s', 'player', '--format', 'text');
  expect(after.stdout).toContain('before\ncode 0\nequal\n[_]');
  const { modes, alternate_screen } = (await pilotty.run('status', '-s', 'player')).json();
  expect({ modes, alternate_screen }).toEqual({ modes: {}, alternate_screen: undefined });
});

test('Ctrl+Z and SIGKILL leave the terminal of the player as it was', async ({ pilotty }) => {
  needs('bash');
  const file = film(pilotty, 'a.cast');
  const replay = commandLine([process.execPath, builtProgram('pilotty.cjs'), 'replay', file]);
  const script = `set -m; stty -a >s1; ${replay}; stty -a >s2; cmp s1 s2 && echo stopped; fg; echo $? >code
    until stty -a >s3; cmp s1 s3; do sleep 0.1; done; echo equal; exec cat`;
  await pilotty.spawn('player', ['bash', '-c', script]);
  await pilotty.run('wait', '-s', 'player', '--text', 'playing');
  await pilotty.run('key', '-s', 'player', 'Space', '--wait-text', 'paused');
  const { foreground } = (await pilotty.run('status', '-s', 'player')).json();
  await pilotty.run('key', '-s', 'player', 'Ctrl+Z');
  // The shell compares, and lets it go on.
  await until('the player to have the terminal again', async () => {
    const now = (await pilotty.run('status', '-s', 'player')).json();
    const hasStopped = existsSync(join(pilotty.home, 's2'));
    return hasStopped && now.foreground?.pid === foreground.pid && now.alternate_screen;
  });
  process.kill(foreground.pid, 'SIGKILL');
  await pilotty.run('wait', '-s', 'player', '--text', 'equal');
  const { stdout } = await pilotty.run('snapshot', '-s', 'player', '--format', 'text');
  expect(stdout).toContain('stopped\n');
  // What the shell prints before the terminal is put back goes with the player's screen.
  expect(readFileSync(join(pilotty.home, 'code'), 'utf8')).toBe('137\n');
  const { modes, alternate_screen } = (await pilotty.run('status', '-s', 'player')).json();
  expect({ modes, alternate_screen }).toEqual({ modes: {}, alternate_screen: undefined });
});

test('a signal ends the player, and the terminal is as it was; --exit ends it at the end', async ({
  pilotty,
}) => {
  const short = film(pilotty, 'short.cast', FILM.slice(0, 4));
  const file = film(pilotty, 'a.cast');
  const replay = [process.execPath, builtProgram('pilotty.cjs'), 'replay'];
  const script = 'trap : TERM; "$@" --exit "$SHORT"; echo "code $?"; "$@" "$LONG"; echo "code $?"; exec cat';
  await pilotty.spawn('ending', ['/bin/sh', '-c', script, 'sh', ...replay], {
    env: { ...pilotty.env, SHORT: short, LONG: file },
  });
  await pilotty.run('wait', '-s', 'ending', '--text', 'playing 0:01 / 1:02');
  await pilotty.run('signal', '-s', 'ending', 'TERM', '--wait-text', 'code 143');
  const after = await pilotty.run('snapshot', '-s', 'ending', '--format', 'text');
  expect(after.stdout).toMatch(/code 0\n(?:Terminated\n)?code 143\n\[_\]/);
  const { modes, alternate_screen } = (await pilotty.run('status', '-s', 'ending')).json();
  expect({ modes, alternate_screen }).toEqual({ modes: {}, alternate_screen: undefined });
});
