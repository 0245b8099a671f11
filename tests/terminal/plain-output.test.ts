/** What is drawn straight from its bytes stands as xterm.js would have drawn it: cell by cell, and in what shows later. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Screen } from '../../packages/terminal/src/index.ts';

const text = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: fc.constantFrom(...'abc 0189#*~'), maxLength: 30 }) },
  fc.string({ unit: fc.constantFrom(...'é—│█Ωж©™❤漢🇩👩'), maxLength: 6 }),
  fc.constantFrom('e\u0301', '\u0301', '\u200d', '1\ufe0f\u20e3', '\u00ad', '\x7f', '\x07', '\x0b', '\b\b'),
);
const ends = fc.constantFrom('\r\n', '\n', '\r', '\r\r\n', '\t', '\n\n\n\n');
const number = fc.constantFrom(
  ...'0 1 2 3 4 5 7 8 9 21 22 23 24 25 27 28 29 31 39 42 49 53 58 59 92 97 100 107 133 256 1000'.split(' '),
  '',
  '38;5;200',
  '48;5;300',
  '38;5',
  '38;2;1;2;3',
  '48;2;9;8',
  '58;5;3',
  '38:2::1:2:3',
  '4:3',
);
const style = fc.array(number, { maxLength: 4 }).map((list) => `\x1b[${list.join(';')}m`);
const other = fc.constantFrom(
  ...[
    '\x1b[2;5r',
    '\x1b[r',
    '\x1b[3;4H',
    '\x1b[9;1H',
    '\x1b[4h',
    '\x1b[4l',
    '\x1b[?7l',
    '\x1b[?7h',
    '\x1b[K',
  ],
  ...[
    '\x1b[?1049h',
    '\x1b[?1049l',
    '\x1b(0',
    '\x1b(B',
    '\x1b[3b',
    '\x1b[20h',
    '\x1b[20l',
    '\x1b[2J',
    '\x1bc',
  ],
  ...[
    '\x1b7',
    '\x1b8',
    '\x1b[@',
    '\x1b]8;;https://a.example/\x1b\\',
    '\x1b]8;;\x1b\\',
    '\x1b[>1m',
    '\x1b[1 q',
  ],
);
const stream = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: text },
      { weight: 4, arbitrary: ends },
      { weight: 3, arbitrary: style },
      { weight: 1, arbitrary: other },
      // What xterm.js was given it parses for some lines.
      { weight: 2, arbitrary: fc.constant(`${'x'.repeat(128)}\n`) },
    ),
    { maxLength: 60, size: 'max' },
  )
  .map((parts) => Buffer.from(parts.join('')));

/** All that the next bytes can depend on. */
function state(screen: Screen) {
  const { core } = screen.inside;
  const { active } = core.buffers;
  const attributes = core._inputHandler.getAttrData();
  return {
    rows: Array.from({ length: active.lines.length }, (_, row) => {
      const line = active.lines.get(row);
      return { isWrapped: line?.isWrapped, cells: line && [...line._data], combined: line?._combined };
    }),
    place: [active.x, active.y, active.ybase, active.scrollTop, active.scrollBottom, screen.topLine],
    attributes: [attributes.fg, attributes.bg, attributes.extended.ext, attributes.extended._ext],
    joins: core._inputHandler._parser.precedingJoinState,
    hash: screen.hash(),
  };
}

test('what is drawn straight from its bytes stands as xterm.js draws it', () => {
  const size = fc.record({ cols: fc.integer({ min: 2, max: 40 }), rows: fc.integer({ min: 1, max: 9 }) });
  fc.assert(
    fc.property(size, stream, fc.nat({ max: 900 }), (screenSize, bytes, cut) => {
      const own = new Screen({ ...screenSize, scrollback: 12 });
      const reference = new Screen({ ...screenSize, scrollback: 12 });
      own.write(bytes.subarray(0, cut));
      own.write(bytes.subarray(cut));
      reference.inside.core._inputHandler.parse(bytes);
      expect(state(own)).toEqual(state(reference));
    }),
    { numRuns: 800, seed: 5 },
  );
});

/** Longer than what is drawn at once. */
const flood = fc
  .array(
    fc.oneof(
      { weight: 20, arbitrary: fc.string({ unit: fc.constantFrom(...'abc 0189é—│█Ωж'), maxLength: 90 }) },
      {
        weight: 20,
        arbitrary: fc.constantFrom('\r\n', '\r\n', '\r\n', '\n', '\r', '\r\r\n', '\t', '\r\n'.repeat(200)),
      },
      {
        weight: 4,
        arbitrary: fc.constantFrom(
          '\x1b[m',
          '\x1b[0m',
          '\x1b[1;31m',
          '\x1b[38;5;9m',
          '\x1b[48;2;1;2;3m',
          '\x1b[44m',
        ),
      },
      { weight: 1, arbitrary: fc.oneof(style, other, text) },
    ),
    { minLength: 30, maxLength: 600, size: 'max' },
  )
  .map((parts) => Buffer.from(parts.join('')));

test('what is drawn only when somebody looks stands as if it had been drawn when it came', () => {
  const size = fc.record({
    cols: fc.integer({ min: 2, max: 40 }),
    rows: fc.integer({ min: 1, max: 9 }),
    scrollback: fc.constantFrom(0, 1, 12),
  });
  const cuts = fc.array(fc.record({ bytes: fc.integer({ min: 1, max: 3000 }), looks: fc.boolean() }), {
    minLength: 1,
    maxLength: 20,
  });
  let postponed = 0;
  fc.assert(
    fc.property(size, fc.array(flood, { minLength: 1, maxLength: 4 }), cuts, (options, floods, pieces) => {
      const own = new Screen(options);
      const reference = new Screen(options);
      const bytes = Buffer.concat(floods);
      for (let at = 0, index = 0; at < bytes.length; index++) {
        const { bytes: length, looks } = pieces[index % pieces.length] as { bytes: number; looks: boolean };
        const piece = bytes.subarray(at, at + length);
        at += length;
        if (own.postpone(piece)) postponed += piece.length;
        else own.write(piece);
        reference.write(piece);
        expect(own.topLine).toBe(reference.topLine);
        expect(own.scrollsAtLineEnds).toBe(reference.scrollsAtLineEnds);
        if (looks) expect(own.hash()).toBe(reference.hash());
      }
      expect(state(own)).toEqual(state(reference));
    }),
    { numRuns: 150, seed: 5 },
  );
  expect(postponed).toBeGreaterThan(100_000);
});
