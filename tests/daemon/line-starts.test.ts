/** A reader of lines goes on from the offset of any part, and gets all that it has not got yet. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineStarts } from '../../packages/daemon/src/handlers/line-starts.ts';
import { Transcript } from '../../packages/terminal/src/index.ts';

const SIZE = { cols: 10, rows: 4 };

const line = fc.oneof(
  fc.constant(''),
  fc.string({ unit: fc.constantFrom('a', 'b', '\u00e4'), minLength: 1, maxLength: 35 }),
);

test('what is held back begins at the offset of the part', () => {
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 40 }),
      fc.array(fc.nat(60), { minLength: 1, maxLength: 12 }),
      fc.boolean(),
      (lines, cuts, isFlushed) => {
        const bytes = Buffer.from(lines.map((text) => `${text}\r\n`).join(''));
        const whole = lines.map((text) => `${text}\n`).join('');
        const transcript = new Transcript(SIZE);
        const starts = new LineStarts(0);
        let sent = '';
        let at = 0;
        for (let piece = 0; at < bytes.length; piece++) {
          const part = bytes.subarray(at, at + 1 + (cuts[piece % cuts.length] ?? 0));
          starts.add(part, at, SIZE.rows + 1);
          at += part.length;
          sent += transcript.write(part);
          if (isFlushed) sent += transcript.flush();
          const held = transcript.heldLines;
          const next = held === 0 ? at : starts.ofLast(held);
          expect(sent + bytes.subarray(next).toString().replaceAll('\r', '')).toBe(whole);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('a line whose beginning has left the screen is not sent again to one who follows', () => {
  const transcript = new Transcript(SIZE);
  let sent = '';
  // The last is as wide as the screen.
  for (const byte of Buffer.from('aaaaaaaaaaa\r\na\r\n\r\naaaaaaaaaa\r\n')) {
    sent += transcript.write(Buffer.from([byte]));
    sent += transcript.flush();
  }
  expect(sent).toBe('aaaaaaaaaaa\na\n\naaaaaaaaaa\n');
});

test('of a stream with a gap, lines begin behind it', () => {
  const starts = new LineStarts(0);
  starts.add(Buffer.from('one\ntwo\nthr'), 0, 9);
  expect([1, 2, 3, 9].map((count) => starts.ofLast(count))).toEqual([8, 4, 0, 0]);
  starts.add(Buffer.from('ee\nfour'), 100, 9);
  expect([1, 2, 3].map((count) => starts.ofLast(count))).toEqual([103, 100, 100]);
});
