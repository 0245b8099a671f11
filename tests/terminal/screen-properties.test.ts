/** What holds for every stream of bytes and every size; fast-check looks for one for which it does not. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { markedText, Screen } from '../../packages/terminal/src/index.ts';
import { anyOutput, anySize } from './any-output.ts';

const stream = anyOutput();
const size = anySize;

/** Everything a caller can see. */
function look(screen: Screen) {
  const { cols, rows } = screen.size;
  return {
    rows: screen.rowTexts(),
    hash: screen.hash(),
    cursor: screen.cursor,
    modes: screen.modes,
    scrollback: screen.scrollbackTexts(100),
    signals: screen.takeSignals(),
    replies: screen.takeReplies(),
    links: Array.from({ length: cols * rows }, (_, i) => screen.linkAt(Math.floor(i / cols), i % cols)),
    told: [
      screen.title,
      screen.cwd,
      screen.progress,
      screen.bellCount,
      screen.alternateScreen,
      screen.topLine,
    ],
  };
}

test('a stream cut into pieces anywhere draws the same', () => {
  fc.assert(
    fc.property(size, stream, fc.array(fc.nat(), { maxLength: 12 }), ({ cols, rows }, bytes, cuts) => {
      const whole = new Screen({ cols, rows, scrollback: 50 });
      whole.write(bytes);
      const pieces = new Screen({ cols, rows, scrollback: 50 });
      const places = cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b);
      let start = 0;
      for (const place of [...places, bytes.length]) {
        pieces.write(bytes.subarray(start, place));
        start = place;
      }
      expect(look(pieces)).toEqual(look(whole));
    }),
    { numRuns: 600, seed: 1 },
  );
});

test('whatever is written between whatever sizes, the screen keeps its size and the cursor is on it', () => {
  fc.assert(
    fc.property(size, fc.array(fc.tuple(stream, size), { maxLength: 8 }), (first, storm) => {
      const screen = new Screen({ ...first, scrollback: 30 });
      for (const [bytes, { cols, rows }] of storm) {
        screen.write(bytes);
        screen.resize(cols, rows);
        const { cursor } = screen;
        expect([screen.size, screen.lines().length]).toEqual([{ cols, rows }, rows]);
        expect(cursor.row >= 0 && cursor.row < rows && cursor.col >= 0 && cursor.col < cols).toBe(true);
        for (const line of screen.lines()) expect(line.length).toBe(Math.max(cols, 2));
        markedText(screen);
        screen.logicalLines();
        look(screen);
      }
    }),
    { numRuns: 400, seed: 2 },
  );
});

test('after whatever was written, a reset gives a screen like a new one', () => {
  fc.assert(
    fc.property(size, stream, ({ cols, rows }, bytes) => {
      const fresh = new Screen({ cols, rows, scrollback: 30 });
      fresh.write(Buffer.from('text\x1b]133;A\x07\x1b[3;3r\x1b[31m'));
      const used = new Screen({ cols, rows, scrollback: 30 });
      // CAN and ST end what may have been begun.
      used.write(Buffer.concat([bytes, Buffer.from('\x18\x1b\\\x1bc')]));
      used.write(Buffer.from('text\x1b]133;A\x07\x1b[3;3r\x1b[31m'));
      expect([used.rowTexts(), used.cursor, used.hash(), used.modes]).toEqual([
        fresh.rowTexts(),
        fresh.cursor,
        fresh.hash(),
        fresh.modes,
      ]);
    }),
    { numRuns: 400, seed: 3 },
  );
});

test('a line keeps its text however often its screen changes its width', () => {
  const word = fc.string({ unit: fc.constantFrom(...'abcdefgh 漢字é'), minLength: 1, maxLength: 120 });
  const widths = fc.array(fc.integer({ min: 3, max: 60 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), widths, (lines, sizes) => {
      const screen = new Screen({ cols: 40, rows: 50, scrollback: 200 });
      screen.write(Buffer.from(lines.join('\r\n')));
      for (const cols of sizes) screen.resize(cols, 50);
      screen.write(Buffer.from('|more'));
      const found = screen.logicalLines().map((line) => line.text);
      const expected = [...lines.slice(0, -1).map((line) => line.trimEnd()), `${lines.at(-1)}|more`];
      expect(found.slice(0, lines.length)).toEqual(expected);
    }),
    { numRuns: 400, seed: 4 },
  );
});
