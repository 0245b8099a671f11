/** Recordings as text: what is written is read again, and what others wrote, or left unfinished. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CastEvent, CastReader, CastWriter, formats } from '../../packages/asciicast/src/index.ts';

function read(text: string): { reader: CastReader; events: CastEvent[] } {
  const reader = new CastReader();
  const lines = text.split('\n');
  const rest = lines.pop() ?? '';
  const events = lines.flatMap((line) => reader.read(line));
  return { reader, events: [...events, ...reader.end(rest)] };
}

describe.each(formats)('version %s', (format) => {
  test('what is written is read again, to the millisecond, however long it is', () => {
    const event = fc.record({
      gapMs: fc.double({ min: 0, max: 100_000, noNaN: true }),
      code: fc.constantFrom('o', 'i', 'm', 'x'),
      data: fc.string({ unit: 'binary' }),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 200 }), (planned) => {
        const writer = new CastWriter(format);
        const header = { cols: 80, rows: 24, term: 'xterm', timestamp: 1, command: 'vim "a"', title: 'ü' };
        let timeMs = 0;
        const wanted = planned.map(({ gapMs, code, data }) => {
          timeMs += gapMs;
          return { timeMs, code, data };
        });
        const text =
          writer.header(header) +
          wanted.map((each) => writer.event(each.timeMs, each.code, each.data)).join('');
        const { reader, events } = read(text);
        expect(events.map(({ code, data }) => ({ code, data }))).toEqual(
          wanted.map(({ code, data }) => ({ code, data })),
        );
        events.forEach((each, index) => {
          expect(Math.abs(each.timeMs - (wanted[index]?.timeMs ?? 0))).toBeLessThan(0.51);
        });
        expect(reader.header).toMatchObject({ cols: 80, rows: 24, term: 'xterm', timestamp: 1 });
        expect(reader.isCut).toBe(false);
      }),
      { numRuns: 50 },
    );
  });
});

test('version 1 is read, on one line or on many', () => {
  const one = {
    version: 1,
    width: 80,
    height: 24,
    stdout: [
      [0.5, 'a'],
      [1, 'b'],
    ],
  };
  const events = [
    { timeMs: 500, code: 'o', data: 'a' },
    { timeMs: 1500, code: 'o', data: 'b' },
  ];
  expect(read(JSON.stringify(one)).events).toEqual(events);
  expect(read(`${JSON.stringify(one, undefined, 2)}\n`).events).toEqual(events);
});

test('comments, blank lines and unknown events are no errors, times that go back are as those before', () => {
  const three = '{"version":3,"term":{"cols":80,"rows":24}}\n# note\n\n[0.5, "z", "?"]\n[1, "o", "a"]\n';
  expect(read(three).events.map(({ timeMs, code }) => [timeMs, code])).toEqual([
    [500, 'z'],
    [1500, 'o'],
  ]);
  const two = '{"version":2,"width":80,"height":24}\n[2, "o", "a"]\n[1, "o", "b"]\n';
  expect(read(two).events.map(({ timeMs }) => timeMs)).toEqual([2000, 2000]);
});

test('a last line that was cut is left out, and that is known', () => {
  const whole = '{"version":2,"width":80,"height":24}\n[1, "o", "a"]\n';
  for (const cut of ['[2, "o', '[2, "o", "b"', '[', '[2.0, "o", "\\u00'])
    expect({ ...read(whole + cut), reader: read(whole + cut).reader.isCut }).toEqual({
      reader: true,
      events: [{ timeMs: 1000, code: 'o', data: 'a' }],
    });
  expect(read(`${whole}[2, "o", "b"]`).reader.isCut).toBe(false);
});

test.each([
  ['', 'line 1: there is no header'],
  ['hello\n', 'line 1: this is not the header of a recording'],
  ['[1, "o", "a"]\n', 'line 1: the header is not an object'],
  ['{"version":4}\n', 'line 1: version 4 is not known; 1, 2 and 3 are'],
  ['{"version":2,"width":0,"height":24}\n', 'line 1: the size is 0x24, and must be from 1x1 to 1000x1000'],
  ['{"version":3,"width":80,"height":24}\n', "line 1: the header has no 'term'"],
  ['{"version":2,"width":80,"height":24}\n[1, "o"]\n', 'line 2: an event is not [time, code, data]'],
  [
    '{"version":2,"width":80,"height":24}\n\n[1, "o\n[2, "o", "b"]\n',
    'line 3: an event is not [time, code, data]',
  ],
  [
    '{"version":2,"width":80,"height":24}\n["1", "o", "a"]\n',
    'line 2: a time is "1", and must be a number of seconds',
  ],
  [
    '{"version":2,"width":80,"height":24}\n[1, "r", "wide"]\n',
    'line 2: the size is ?x?, and must be from 1x1 to 1000x1000',
  ],
])('%j is refused with its line', (text, message) => {
  expect(() => read(text)).toThrow(message);
});
