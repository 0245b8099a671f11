/** The clock and the jumps of the player, without a browser. */
import { expect, test } from 'vitest';
import { FilmReader } from '../../apps/web/src/recordings/film.ts';
import { Playback, type Stage } from '../../apps/web/src/recordings/playback.ts';

const SECOND = 1_000;

/** Has what was written since it was last empty. */
class Written implements Stage {
  text = '';
  isBehind = false;
  restarts = 0;
  readonly #decoder = new TextDecoder();

  restart({ cols, rows }: { cols: number; rows: number }): void {
    this.restarts += 1;
    this.text = `${cols}x${rows} `;
  }

  resize({ cols, rows }: { cols: number; rows: number }): void {
    this.text += `[${cols}x${rows}]`;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.text += this.#decoder.decode(bytes);
  }
}

function recordingOf(...events: [afterSeconds: number, code: string, data: string][]): string {
  const header = { version: 3, term: { cols: 80, rows: 24 } };
  return [header, ...events].map((line) => `${JSON.stringify(line)}\n`).join('');
}

function played(text: string): { playback: Playback; stage: Written } {
  const reader = new FilmReader();
  // In pieces, as it comes.
  for (let at = 0; at < text.length; at += 7) reader.read(text.slice(at, at + 7));
  const stage = new Written();
  return { playback: new Playback(reader.end(), stage), stage };
}

const FILM = recordingOf(
  [1, 'o', 'a'],
  [0, 'i', 'typed'],
  [1, 'o', 'b'],
  [0, 'm', 'here'],
  [0, 'o', 'c'],
  [60, 'r', '100x30'],
  [0, 'o', 'd'],
  [1, 'x', '0'],
);

test('what is due is drawn by the clock, in its order and at its speed, but not what was typed', () => {
  const { playback, stage } = played(FILM);
  playback.frame(0);
  playback.frame(900);
  expect(stage.text).toBe('80x24 ');
  playback.frame(1_100);
  expect(stage.text).toBe('80x24 a');
  playback.speed.value = 2;
  playback.frame(1_600);
  expect(stage.text).toBe('80x24 abc');
  // A tab that was in the background had no frames, and nobody has watched meanwhile.
  playback.frame(500_000);
  expect(playback.atMs.value).toBe(2_100 + 2 * SECOND);
  playback.idleLimitMs.value = 100;
  playback.frame(500_500);
  expect({ text: stage.text, isPlaying: playback.isPlaying.value }).toEqual({
    text: '80x24 abc[100x30]d',
    isPlaying: false,
  });
});

test('at a marker the screen is the one before all that stands behind it, at the same time as well', async () => {
  const { playback, stage } = played(FILM);
  playback.isPlaying.value = false;
  await playback.seek(Number.POSITIVE_INFINITY);
  expect(stage.text).toBe('80x24 abc[100x30]d');
  await playback.seekToNextMarker(-1);
  expect({ text: stage.text, atMs: playback.atMs.value }).toEqual({ text: '80x24 ab', atMs: 2 * SECOND });
  await playback.seek(2 * SECOND);
  expect(stage.text).toBe('80x24 abc');
  expect(stage.restarts).toBe(2);
});

test('a shorter pause changes the time of what follows, and not the screen', async () => {
  const { playback, stage } = played(FILM);
  await playback.seek(30 * SECOND);
  playback.limitPauses(500);
  expect({ text: stage.text, atMs: playback.atMs.value, end: playback.durationMs.value }).toEqual({
    text: '80x24 abc',
    atMs: SECOND,
    end: 2 * SECOND,
  });
});

test('a later jump ends an earlier one, and the clock stands still until the screen is there', async () => {
  const long = recordingOf(
    ...Array.from(
      { length: 8 },
      (_, index) => [1, 'o', String(index).repeat(300_000)] as [number, string, string],
    ),
  );
  const { playback, stage } = played(long);
  const far = playback.seek(8 * SECOND);
  playback.frame(0);
  playback.frame(500);
  expect({ isSeeking: playback.isSeeking.value, atMs: playback.atMs.value }).toEqual({
    isSeeking: true,
    atMs: 8 * SECOND,
  });
  const near = playback.seek(SECOND);
  await Promise.all([far, near]);
  expect({ isSeeking: playback.isSeeking.value, atMs: playback.atMs.value }).toEqual({
    isSeeking: false,
    atMs: SECOND,
  });
  expect(stage.text).toBe(`80x24 ${'0'.repeat(300_000)}`);
});

test('what is played when it has come to its end begins again; a cut or a strange file is said', () => {
  const { playback } = played(FILM);
  playback.isPlaying.value = false;
  void playback.seek(Number.POSITIVE_INFINITY);
  playback.togglePlaying();
  expect({ isPlaying: playback.isPlaying.value, atMs: playback.atMs.value }).toEqual({
    isPlaying: true,
    atMs: 0,
  });
  expect(played(`${FILM}[1.5, "o", "cu`).playback.durationMs.value).toBe(63 * SECOND);
  expect(() => played('not a recording\n')).toThrow('this is not the header of a recording');
  expect(() => played('')).toThrow('there is no header');
});
