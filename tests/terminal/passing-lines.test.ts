/** Plain lines that are read from their bytes are those that a transcript reads which draws each of them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Transcript } from '../../packages/terminal/src/index.ts';

const styles = fc.constantFrom(
  '\x1b[m',
  '\x1b[0m',
  '\x1b[1;31m',
  '\x1b[38;5;9;48;2;1;2;3m',
  '\x1b[4m',
  '\x1b[7m',
);
const words = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: fc.constantFrom(...'ab 01~'), maxLength: 30 }) },
  { weight: 1, arbitrary: styles },
  { weight: 1, arbitrary: fc.constantFrom('é—│█Ωж', '\u00a0', ' '.repeat(9)) },
);
const line = fc
  .tuple(fc.array(words, { maxLength: 3 }), fc.constantFrom('\r\n', '\r\n', '\r\r\n'))
  .map(([parts, end]) => parts.join('') + end);
const plainLines = fc.array(line, { minLength: 8, maxLength: 40 }).map((lines) => lines.join(''));
const other = fc.oneof(
  words,
  fc.constantFrom('\r\n', '\n', '\r', '\t', '漢字', 'e\u0301', '\u0301', '\x7f', '\u0085', '\x1b'),
  fc.constantFrom(
    ...[
      '\x1b[2;4r',
      '\x1b[r',
      '\x1b[1;3H',
      '\x1b[9;1H',
      '\x1b[9;4H',
      '\x1b[A',
      '\x1b[4h',
      '\x1b[4l',
      '\x1b[?7l',
      '\x1b[?7h',
    ],
    ...[
      '\x1b[K',
      '\x1b[2J',
      '\x1b[J',
      '\x1b[H\x1b[J',
      '\x1bc',
      '\x1b7',
      '\x1b8',
      '\x1b(0',
      '\x1b(B',
      '\x1b[20h',
      '\x1b[2S',
      '\x1b[3b',
    ],
    ...[
      '\x1b[?1049h',
      '\x1b[?1049l',
      '\x1b]8;;https://a.example/\x1b\\',
      '\x1b]8;;\x1b\\',
      '\x1b[2L',
      '\x1b[@',
      '\x1bM',
      '\x1b[>1m',
    ],
  ),
);
const output = fc
  .array(fc.oneof({ weight: 2, arbitrary: plainLines }, { weight: 3, arbitrary: other }), { maxLength: 12 })
  .map((parts) => Buffer.from(parts.join('')));
const size = fc.record({ cols: fc.integer({ min: 2, max: 30 }), rows: fc.integer({ min: 1, max: 5 }) });
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ write: output, cut: fc.nat({ max: 900 }) }) },
  { weight: 1, arbitrary: fc.record({ resize: size }) },
  { weight: 1, arbitrary: fc.constant('flush' as const) },
);

function linesOf(bytes: Buffer): Buffer[] {
  const end = bytes.indexOf(0x0a) + 1;
  return end === 0 ? [bytes] : [bytes.subarray(0, end), ...linesOf(bytes.subarray(end))];
}

/** @param isWhole or each line alone: so few are always drawn */
function read(
  transcript: Transcript,
  steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[],
  isWhole: boolean,
) {
  const texts = steps.map((one) => {
    if (one === 'flush') return transcript.flush();
    if ('resize' in one) return transcript.resize(one.resize.cols, one.resize.rows);
    const parts = [one.write.subarray(0, one.cut), one.write.subarray(one.cut)];
    const pieces = isWhole ? parts : parts.flatMap((part) => linesOf(part));
    return pieces.map((bytes) => transcript.write(bytes)).join('');
  });
  return [...texts, transcript.end()];
}

test('lines that are read from their bytes are those that are drawn, after whatever came before', () => {
  fc.assert(
    fc.property(size, fc.array(step, { minLength: 1, maxLength: 5 }), (first, steps) => {
      const whole = read(new Transcript(first), steps, true);
      expect(whole).toEqual(read(new Transcript(first), steps, false));
    }),
    { numRuns: 600, seed: 7 },
  );
});
