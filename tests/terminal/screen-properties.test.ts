/** What holds for every stream of bytes and every size; fast-check looks for one for which it does not. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { markedText, Screen } from '../../packages/terminal/src/index.ts';

const parameter = fc.oneof(
  { weight: 4, arbitrary: fc.nat(12).map(String) },
  fc.constantFrom('', '38;5;100', '38;2;1;2;3', '38:2:1:2:3', '4:3', '58:5:9', '2147483647', '99999999999'),
  fc.nat(1100).map(String),
);
const parameters = fc.array(parameter, { maxLength: 4 }).map((list) => list.join(';'));
const oneOf = (characters: string) => fc.constantFrom(...characters);

const sequence = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(parameters, oneOf('@ABCDEFGHIJKLMPSTXZ`abcdefgmrsu'))
      .map(([p, f]) => `\x1b[${p}${f}`),
  },
  fc
    .tuple(oneOf('?><=!'), parameters, oneOf('hlmnpqrsuJKcS'))
    .map(([prefix, list, final]) => `\x1b[${prefix}${list}${final}`),
  fc.tuple(oneOf(' !"$\'*'), parameters, oneOf('pqrtuvxyz}~@A')).map(([i, p, f]) => `\x1b[${p}${i}${f}`),
  fc.constantFrom(
    ...['7', '8', 'D', 'E', 'H', 'M', 'c', '=', '>', '#8', '(0', '(B', ')0', 'n', 'o'].map((e) => `\x1b${e}`),
  ),
  fc.constantFrom(
    ...[1, 6, 7, 25, 47, 1047, 1048, 1049, 2004, 2026, 1006].flatMap((m) => [`\x1b[?${m}h`, `\x1b[?${m}l`]),
  ),
  fc
    .tuple(
      fc.constantFrom('0', '2', '4', '7', '8', '9', '10', '11', '52', '133', '633', '777'),
      fc.string({ maxLength: 12 }),
      fc.constantFrom('\x07', '\x1b\\', '\x18'),
    )
    .map(([number, text, end]) => `\x1b]${number};${text}${end}`),
  fc
    .tuple(oneOf('P_^X'), fc.string({ maxLength: 8 }), fc.constantFrom('\x1b\\', '\x18'))
    .map((parts) => `\x1b${parts.join('')}`),
);
const text = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(
    '漢字',
    '👨‍👩‍👧',
    '🇩🇪🇫🇷',
    'e\u0301',
    '❤\ufe0f',
    '1\ufe0f\u20e3',
    '\t',
    '\r\n',
    '\n\n\n',
    '\b\b',
    '\x0e',
    '\x0f',
  ),
);
const stream = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: text.map((part) => Buffer.from(part)) },
      { weight: 6, arbitrary: sequence.map((part) => Buffer.from(part)) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)) },
    ),
    { maxLength: 40 },
  )
  .map((parts) => Buffer.concat(parts));
const size = fc.record({ cols: fc.integer({ min: 1, max: 60 }), rows: fc.integer({ min: 1, max: 20 }) });

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
