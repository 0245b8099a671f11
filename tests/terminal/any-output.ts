/** What a program could print, sense or nonsense, as fast-check arbitraries: text, every kind of sequence, and bytes of any kind. */
import fc from 'fast-check';
import { ESCAPES, KEYBOARD, MODES, MORE_TEXTS, STYLES, TEXTS, TOLD } from './random-stream.ts';

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

/** At most so many texts and sequences. */
export function anyOutput(maxLength = 40): fc.Arbitrary<Buffer> {
  return fc
    .array(
      fc.oneof(
        { weight: 4, arbitrary: text.map((part) => Buffer.from(part)) },
        { weight: 6, arbitrary: sequence.map((part) => Buffer.from(part)) },
        { weight: 1, arbitrary: fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)) },
      ),
      { maxLength },
    )
    .map((parts) => Buffer.concat(parts));
}

const number = fc.constantFrom('', '0', '1', '2', '3', '5', '9', '30');
const usualSequence = fc.oneof(
  fc.constantFrom(...STYLES).map((style) => `[${style}m`),
  fc.tuple(fc.constantFrom(...STYLES), fc.constantFrom(...STYLES)).map(([a, b]) => `[${a};${b}m`),
  fc.tuple(number, number).map(([row, col]) => `[${row};${col}H`),
  fc.tuple(number, oneOf('ABCDEFGIZ@PXLMSTb`d')).map(([count, final]) => `[${count}${final}`),
  fc.tuple(fc.constantFrom('', '1', '2'), oneOf('JK')).map(([extent, final]) => `[${extent}${final}`),
  fc.tuple(fc.constantFrom(...MODES), oneOf('hl')).map(([mode, final]) => `[?${mode}${final}`),
  fc.tuple(number, number).map(([top, bottom]) => `[${top};${bottom}r`),
  fc.constantFrom(...ESCAPES),
  fc.constantFrom(...KEYBOARD).map((keyboard) => `[${keyboard}`),
  fc.constantFrom(...TOLD).map((told) => `]${told}\x07`),
  fc.constantFrom(']8;;https://a.example/\x07', ']8;;https://b.example/\x07', ']8;;\x07'),
);
const usualPart = fc.oneof(fc.constantFrom(...TEXTS), fc.constantFrom(...MORE_TEXTS), {
  weight: 3,
  arbitrary: usualSequence.map((sequence) => `\x1b${sequence}`),
});

/** What programs do print, in any order: most of it changes what is seen. */
export function usualOutput(maxLength = 60): fc.Arbitrary<Buffer> {
  return fc.array(usualPart, { maxLength }).map((parts) => Buffer.from(parts.join('')));
}

/** Of a screen, from the smallest on. */
export const anySize = fc.record({
  cols: fc.integer({ min: 1, max: 60 }),
  rows: fc.integer({ min: 1, max: 20 }),
});
