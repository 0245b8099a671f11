/** What happens to a screen, as JSON: output as text of one character for each byte, and sizes. */
import fc from 'fast-check';
import type { Screen } from '../../../packages/terminal/src/index.ts';
import { anyOutput, anySize, usualOutput } from '../../terminal/any-output.ts';
import { mutatedText } from '../mutated.ts';

export type Size = readonly [cols: number, rows: number];
export type Step = string | Size;

/** The beginning of sequences, and what is easily got wrong in them. */
const TOKENS = [
  ...[
    '\x1b',
    '\x1b[',
    '\x1b]',
    '\x1bP',
    '\x9b',
    '\x18',
    '\x1b\\',
    '\x07',
    '\0',
    '\x7f',
    ';',
    ':',
    '?',
    '999',
    'm',
  ],
  ...[
    '\x1b[?1049h',
    '\x1b[?1049l',
    '\x1b7',
    '\x1b8',
    '\x1bc',
    '\x1b[!p',
    '\x1b[?6h',
    '\x1b[2;3r',
    '\x1b[4h',
    '\x0e',
  ],
  ...['\xe6\xbc\xa2', '\xf0\x9f', '\xcc\x81', '\xef\xb8\x8f', '\r\n', '\x1b[1"q', '\x1b[?2J', '\x1b[3J'],
];

const size: fc.Arbitrary<Size> = anySize.map(({ cols, rows }) => [cols, rows] as const);

export function anySteps(known: readonly Step[]) {
  const texts = known.filter((step) => typeof step === 'string');
  const printed = [anyOutput(), usualOutput()].map((all) => all.map((bytes) => bytes.toString('latin1')));
  const mutated = texts.length > 0 ? [mutatedText(texts, TOKENS)] : [];
  const output = fc.oneof(...printed, ...mutated);
  const steps: fc.Arbitrary<Step[]> = fc.array(
    fc.oneof({ weight: 3, arbitrary: output }, { weight: 1, arbitrary: size }),
    { minLength: 1, maxLength: 5 },
  );
  return { size, steps, output };
}

export function sizeOf([cols, rows]: Size): { cols: number; rows: number } {
  return { cols, rows };
}

export function take(screen: Screen, step: Step): void {
  if (typeof step === 'string') screen.write(Buffer.from(step, 'latin1'));
  else screen.resize(...step);
}
