/** A terminal that one program has left in any state, made as the next one expects it. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bytesBetweenPrograms, replayBytes, Screen } from '../../packages/terminal/src/index.ts';
import { randomNumbers, randomStream } from './random-stream.ts';

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function startOver(screen: Screen): void {
  screen.write(bytesBetweenPrograms(screen));
  screen.forgetProgram();
}

/** All that the bytes of a program can depend on, without what has scrolled by. */
const stateOf = (screen: Screen) => ({
  replay: text(replayBytes(screen, { scrollback: 0 })),
  modes: screen.modes,
  cursor: screen.cursor,
  title: screen.title,
  cwd: screen.cwd,
  progress: screen.progress,
  promptEnd: screen.promptEnd,
});

/** A new terminal; its saved cursor is at home, as it is where none was saved. */
function fresh(options: { cols: number; rows: number; scrollback: number }) {
  const screen = new Screen(options);
  screen.write(Buffer.from('\x1b7'));
  return stateOf(screen);
}

test('after a random stream the terminal is as a new one', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = randomNumbers(seed);
    const options = {
      cols: [20, 9, 12, 40][seed % 4] as number,
      rows: [5, 3, 2, 8][(seed >> 2) % 4] as number,
      scrollback: 1000,
    };
    const screen = new Screen(options);
    // Cut anywhere: inside of a character, a sequence or a string.
    const stream = Buffer.from(randomStream(random, 3 + Math.floor(random() * 60)));
    screen.write(stream.subarray(0, Math.floor(random() * (stream.length + 1))));
    startOver(screen);
    expect(stateOf(screen), `seed ${seed}`).toEqual(fresh(options));
    screen.dispose();
  }
});

test.each(['vim', 'htop', 'mc', 'less', 'dialog'])('%s can be cut off anywhere', (program) => {
  const stream = readFileSync(new URL(`fixtures/${program}.bytes`, import.meta.url));
  const size = { cols: 80, rows: 24, scrollback: 1000 };
  const expected = fresh(size);
  for (let end = 1; end <= stream.length; end += 331) {
    const screen = new Screen(size);
    screen.write(stream.subarray(0, end));
    startOver(screen);
    expect(stateOf(screen), `after ${end} bytes`).toEqual(expected);
    screen.dispose();
  }
});

test('what stood on the main screen is above it afterwards, without blank lines, also from behind a full-screen program', () => {
  const screen = new Screen({ cols: 20, rows: 6, scrollback: 100 });
  screen.write(Buffer.from('one\r\ntwo\r\n\r\nthree\x1b[?1049h\x1b[2Jan editor'));
  startOver(screen);
  expect(screen.scrollbackTexts(100)).toEqual(['one', 'two', '', 'three']);
  expect(screen.text()).toBe('');
  expect(screen.alternateScreen).toBe(false);
});
