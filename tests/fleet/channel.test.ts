/** The conversation of a link over messages that are lost, doubled and late. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Channel } from '../../apps/fleet/src/link/channel.ts';
import { decodeFrame, encodeFrame, type Frame } from '../../apps/fleet/src/link/frame.ts';
import { WINDOW_BYTES } from '../../apps/fleet/src/link/window.ts';

interface End {
  channel: Channel<string>;
  lines: string[];
  subjects: string[];
  failures: string[];
}

/** Two ends; what one sends lies on the way until it is carried. */
function pair(pieceBytes: number) {
  const way: { to: 'a' | 'b'; frame: Omit<Frame, 'link'>; as: string }[] = [];
  const endOf = (to: 'a' | 'b'): End => {
    const end: Omit<End, 'channel'> = { lines: [], subjects: [], failures: [] };
    const channel = new Channel<string>(
      {
        send: (frame, as) => way.push({ to, frame, as: as ?? '' }),
        line: (line, as) => {
          end.lines.push(line);
          end.subjects.push(as);
        },
        drained: () => {},
        failed: (reason) => end.failures.push(reason),
      },
      { windowBytes: WINDOW_BYTES, maxPieceBytes: pieceBytes, sayTakenBytes: WINDOW_BYTES / 4 },
    );
    return { ...end, channel };
  };
  const a = endOf('b');
  const b = endOf('a');
  const carry = () => {
    const next = way.shift();
    if (next !== undefined) (next.to === 'a' ? a : b).channel.receive(next.frame, next.as);
    return next !== undefined;
  };
  return { a, b, way, carry };
}

test('every line arrives once, whole and in its order, whatever is lost, doubled or cut', () => {
  const line = fc.string({ maxLength: 40, unit: 'grapheme' });
  const step = fc.oneof(
    line.map((text) => ({ say: text, by: 'a' as const })),
    line.map((text) => ({ say: text, by: 'b' as const })),
    fc.constantFrom('carry', 'lose', 'double', 'beat', 'cut', 'pause', 'resume'),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), fc.integer({ min: 1, max: 9 }), (steps, pieceBytes) => {
      const { a, b, way, carry } = pair(pieceBytes);
      const said: { a: string[]; b: string[] } = { a: [], b: [] };
      for (const one of steps) {
        if (typeof one === 'object') {
          (one.by === 'a' ? a : b).channel.push(one.say, 'x');
          said[one.by].push(one.say);
        } else if (one === 'carry') carry();
        else if (one === 'lose') way.shift();
        else if (one === 'double' && way[0] !== undefined) way.unshift(way[0]);
        else if (one === 'beat') a.channel.beat();
        else if (one === 'cut') way.length = 0;
        else if (one === 'pause') b.channel.pause();
        else if (one === 'resume') b.channel.resume();
      }
      b.channel.resume();
      for (let beats = 0; beats < 4; beats++) {
        a.channel.beat();
        b.channel.beat();
        while (carry());
      }
      expect(b.lines).toEqual(said.a);
      expect(a.lines).toEqual(said.b);
      expect([a.channel.isDelivered, b.channel.isDelivered]).toEqual([true, true]);
    }),
  );
});

test('who fills the window waits, until the other end has taken', () => {
  const { a, b, carry } = pair(64 * 1024);
  const line = 'x'.repeat(200_000);
  b.channel.pause();
  for (let i = 0; i < 20; i++) a.channel.push(line, 'x');
  while (carry());
  expect(a.channel.isFull).toBe(true);
  expect(b.lines).toEqual([]);
  b.channel.resume();
  while (carry());
  expect(b.lines).toHaveLength(20);
  expect(a.channel.isFull).toBe(false);
  // A quarter of the window may be untold until the next beat.
  expect(20 * line.length).toBeGreaterThan(3 * WINDOW_BYTES);
});

test('who sends more than the window while the other end takes nothing is given up', () => {
  const { b } = pair(64 * 1024);
  b.channel.pause();
  const payload = Buffer.alloc(WINDOW_BYTES / 4, 'x');
  const numbers = { taken: 0, received: 0, sent: 0 };
  let seq = 1;
  // What follows the rules may be a piece over it.
  for (; seq <= 5; seq++) b.channel.receive({ kind: 'end', seq, payload, ...numbers }, 'x');
  expect(b.failures).toEqual([]);
  for (; seq <= 9; seq++) b.channel.receive({ kind: 'end', seq, payload, ...numbers }, 'x');
  expect(b.failures).toEqual(['it sends more than may be on its way']);
});

test('lines that may not be sent are given back, and those behind them arrive', () => {
  const { a, b, way, carry } = pair(4);
  a.channel.push('reads', 'read');
  a.channel.push('acts', 'act');
  a.channel.push('reads again', 'read');
  // NATS takes none of it.
  const refused = way.filter(({ as }) => as === 'act');
  for (const one of refused) way.splice(way.indexOf(one), 1);
  expect(a.channel.withdraw('act', 'control')).toEqual(['acts']);
  while (carry());
  expect(b.lines).toEqual(['reads', 'reads again']);
});

test('a line whose parts were sent as different requests is none', () => {
  const { b } = pair(4);
  const numbers = { taken: 0, received: 0, sent: 2 };
  b.channel.receive({ kind: 'part', seq: 1, payload: Buffer.from('{"me'), ...numbers }, 'read.session.list');
  b.channel.receive({ kind: 'end', seq: 2, payload: Buffer.from('thod"'), ...numbers }, 'act.session.kill');
  expect(b.lines).toEqual([]);
  expect(b.failures).toHaveLength(1);
});

test('a message that is none of a link is passed over', () => {
  const frame: Frame = {
    link: 'abcdefghijklmnopqrstuv',
    kind: 'end',
    seq: 7,
    taken: 1,
    received: 2,
    sent: 7,
    payload: Buffer.from('a\nb'),
  };
  expect(decodeFrame(encodeFrame(frame))).toEqual(frame);
  for (const text of [
    '',
    '\n',
    'x\n',
    'abcdefghijklmnopqrstuv end 1 2 3\n',
    'abcdefghijklmnopqrstuv odd 1 2 3 4\n',
    '{"id":1}',
  ])
    expect(decodeFrame(Buffer.from(text))).toBe(undefined);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void decodeFrame(bytes)));
});
