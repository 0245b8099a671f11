/** Who of all that wait on a session is asked, and when: what passes is found, and a flood costs no more for them. */
import { afterEach, expect, test, vi } from 'vitest';
import { OutputPipeline } from '../../packages/daemon/src/pty/output-pipeline.ts';
import type { Sought } from '../../packages/daemon/src/pty/passing-words.ts';
import { Scheduler } from '../../packages/daemon/src/pty/scheduler.ts';
import { findsText } from '../../packages/daemon/src/search/finders.ts';
import { LineSearch } from '../../packages/daemon/src/search/line-search.ts';
import type { Session } from '../../packages/daemon/src/session/session.ts';
import type { SessionEvent } from '../../packages/daemon/src/session/session-event.ts';
import { type Affected, Askers } from '../../packages/daemon/src/waiting/askers.ts';
import type { Awaited } from '../../packages/daemon/src/waiting/condition.ts';
import { ConditionSet } from '../../packages/daemon/src/waiting/condition-set.ts';
import { type Answer, waitUntil } from '../../packages/daemon/src/waiting/wait.ts';
import { Screen } from '../../packages/terminal/src/index.ts';
import { randomNumbers } from '../terminal/random-stream.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** As much of a session as waits need: its screen, and its output on the way there. */
function flooded({ scrollback = 60 } = {}) {
  const screen = new Screen({ cols: 20, rows: 4, scrollback });
  const listeners = new Set<(event: SessionEvent) => void>();
  const emit = (event: SessionEvent) => {
    for (const listener of [...listeners]) listener(event);
  };
  let output = Buffer.alloc(0);
  let seq = 0;
  const pipeline = new OutputPipeline(
    screen,
    new Scheduler({ defer: () => {} }),
    {
      before: () => {},
      announced: () => {},
      parsed: () => emit('drawn'),
      full: () => {},
      free: () => {},
      failed: (error) => {
        throw error;
      },
    },
    { scrollback, now: () => 0 },
  );
  const session = {
    screen,
    retention: { start: 0, read: (from: number, length: number) => output.subarray(from, from + length) },
    isExited: false,
    isHalfDrawn: false,
    get parsedBytes() {
      return output.length - pipeline.waitingBytes;
    },
    get calm() {
      return pipeline.calm;
    },
    beginSearch: (sought: Sought) => pipeline.beginSearch(sought),
    pauseParsing() {},
    watch(listener: (event: SessionEvent) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  } as unknown as Session;
  return {
    session,
    emit,
    print(text: string) {
      const bytes = Buffer.from(text);
      output = Buffer.concat([output, bytes]);
      pipeline.push(++seq, bytes);
    },
    /** @returns whether there is more */
    drawPiece: () => pipeline.parsePiece(),
    parsedText: () => output.subarray(0, session.parsedBytes).toString(),
  };
}

/** A wait for a text as the daemon has it, as far as that is about the text. */
function seeks(session: Session, askers: Askers, text: string) {
  const finder = findsText(text, session.screen.size.cols);
  const search = new LineSearch(
    session,
    finder,
    0,
    () => 'new',
    () => true,
  );
  const seeking = { isFound: false, asked: 0 };
  const ask = () => {
    seeking.isFound ||= search.find() !== undefined;
  };
  const affected = () => {
    seeking.asked++;
    return !seeking.isFound && search.isUnaffected() ? ('missing' as const) : ('yes' as const);
  };
  ask();
  const leave = askers.add({ ask, affected });
  const close = () => {
    leave();
    search.close();
  };
  return { seeking, close };
}

const LINES = [
  'ab',
  'cb',
  'a c b',
  'bca',
  'ca',
  '',
  'a line that is so long that it wraps',
  '\x1b[31mac\x1b[m',
  'é',
];
const ODD = [
  '\x1b[2J',
  '\x1b[H',
  '\x1b[1;3r',
  '\x1b[r\x1b[9H',
  'x\ry',
  '\x1b[?1049h',
  '\x1b[?1049l',
  '\x1b[9;1H',
];

test('whoever waits finds what passes, though calm output is shown to none', () => {
  const random = randomNumbers(23);
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)] as string;
  let events = 0;
  let asked = 0;
  let found = 0;
  for (let round = 0; round < 150; round++) {
    const { session, print, drawPiece, parsedText, emit } = flooded();
    const askers = new Askers(session);
    let open: (ReturnType<typeof seeks> & { text: string; from: number })[] = [];
    const begin = (text: string) =>
      open.push({ ...seeks(session, askers, text), text, from: parsedText().length });
    begin('acb');
    print('\r\n'.repeat(5));
    // What is drawn elsewhere than on the next line may be gone before anyone is asked, of whatever is searched.
    const odd = random() < 0.5 ? pick(ODD) : undefined;
    for (let part = 0; part < 12; part++) {
      const lines = Array.from({ length: Math.floor(random() * 400) }, () => pick(LINES));
      const put = (line: string) => lines.splice(Math.floor(random() * lines.length), 0, line);
      if (random() < 0.3) put(pick(['acb', 'bcab', 'cabca']));
      if (odd !== undefined && random() < 0.2) lines.push(odd, '\x1b[?1049l\x1b[r\x1b[9H');
      print(lines.map((line) => `${line}\r\n`).join(''));
      for (let isMore = true; isMore; ) {
        isMore = drawPiece();
        events += open.length;
        if (random() < 0.1) session.screen.text();
        if (random() < 0.1) emit('input');
        const text = parsedText();
        for (const one of open) {
          const isThere = text.slice(one.from).includes(one.text);
          // What stood there before it began may be found as well.
          const mayBeFound = isThere || text.includes(one.text);
          const { isFound } = one.seeking;
          if (isFound ? mayBeFound : !isThere) continue;
          expect.fail(
            `${one.text} is ${isFound ? '' : 'not '}found in part ${part} of round ${round}, with ${odd}`,
          );
        }
        for (const { seeking, close } of open.filter(({ seeking: { isFound } }) => isFound)) {
          found++;
          asked += seeking.asked;
          close();
        }
        open = open.filter(({ seeking }) => !seeking.isFound);
      }
      if (random() < 0.3) begin(pick(['acb', 'bcab', 'cabca']));
    }
    for (const { seeking } of open) asked += seeking.asked;
  }
  // Many of its pieces have what one of them seeks, or what writes elsewhere.
  expect([found > 200, events - asked > 1000]).toEqual([true, true]);
});

test('how often those who wait are asked in a flood does not grow with what is printed', () => {
  const { session, print, drawPiece } = flooded();
  const askers = new Askers(session);
  const waits = Array.from({ length: 100 }, (_, number) => seeks(session, askers, `never ${number}`));
  print('\r\n'.repeat(5));
  const flood = () => {
    for (let number = 0; number < 200; number++) {
      print(Array.from({ length: 500 }, (_, line) => `${number} ${line}\r\n`).join(''));
      while (drawPiece());
    }
    return waits.reduce((sum, { seeking }) => sum + seeking.asked, 0);
  };
  const first = flood();
  expect(flood()).toBe(first);
  for (const { seeking } of waits) expect(seeking.isFound).toBe(false);
});

/** One that depends on how the screen looks. */
function looker(
  session: Session,
  affected: () => Affected = () => (session.screen.hasUndrawnLines ? 'screen' : 'yes'),
) {
  const looks = { count: 0, text: '' };
  const ask = () => {
    looks.count++;
    looks.text = session.screen.text();
  };
  return { looks, asker: { ask, affected } };
}

test('whoever looks at the screen of a flood is asked now and then, and once it is over', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'performance'] });
  const { session, print, drawPiece } = flooded();
  const askers = new Askers(session);
  print('\r\n'.repeat(5));
  while (drawPiece());
  const { looks, asker } = looker(session);
  const other = looker(session);
  askers.add(asker);
  askers.add(other.asker);
  for (let ms = 0; ms < 1000; ms++) {
    print(Array.from({ length: 200 }, (_, line) => `${ms} ${line}\r\n`).join(''));
    while (drawPiece());
    await vi.advanceTimersByTimeAsync(1);
  }
  expect(looks.count).toBeGreaterThan(10);
  expect(looks.count).toBeLessThanOrEqual(21);
  print(`${'x\r\n'.repeat(300)}the end`);
  while (drawPiece());
  await vi.advanceTimersByTimeAsync(1000);
  expect([looks.text.includes('the end'), other.looks]).toEqual([true, looks]);
  // What is no flood is looked at as it is drawn.
  print('!');
  while (drawPiece());
  expect(looks.text).toContain('the end!');
});

test('a wait that is given up during a flood answers what is so at its end', async () => {
  const { session, print, drawPiece } = flooded();
  const deadline = new AbortController();
  print('\r\n'.repeat(5));
  while (drawPiece());
  let isSo = false;
  const waiting = waitUntil(
    session,
    (): Answer<string> => (isSo ? { holds: 'so' } : {}),
    deadline,
    () => 'missing',
  );
  print('line\r\n'.repeat(500));
  while (drawPiece());
  isSo = true;
  deadline.abort();
  expect(await waiting).toBe('so');
});

const AWAITED: Partial<Awaited>[] = [
  { gone: 'x' },
  { gone_regex: 'x' },
  { change: true },
  { settle_ms: 10 },
  { idle_ms: 10 },
  { exit: true },
  { prompt: true },
  { reads: true },
  { cursor: { row: 0 } },
  { title: 'x' },
  { bell: true },
];

test.each(AWAITED)('what is waited for with %o is not asked after each piece of a flood', async (awaited) => {
  const screen = { hasUndrawnLines: true, size: { cols: 80, rows: 24 } };
  const times = { stillMs: 0, inputIdleMs: 0 };
  const session = {
    screen,
    times,
    acts: { last: { moment: 0 }, sentLines: [] },
    contentHash: 1,
    revision: 1,
    isDrawn: true,
  };
  const conditions = await ConditionSet.of(session as unknown as Session, awaited as Awaited);
  expect(['no', 'screen']).toContain(conditions.affected());
});

test('what holds after the output that an answer has read is not forgotten', async () => {
  const { session, print, drawPiece, emit } = flooded();
  let isRead = false;
  // As one does that reads what has come before it says that there is nothing yet.
  const condition = (): Answer<string> => {
    if (session.parsedBytes > 0) return isRead ? { holds: 'printed' } : {};
    if (!hasPrinted) return {};
    isRead = true;
    drawPiece();
    return { askAgainInMs: 1000 };
  };
  let hasPrinted = false;
  const waited = waitUntil(session, condition, { signal: new AbortController().signal });
  print('x');
  hasPrinted = true;
  emit('input');
  expect(await waited).toBe('printed');
});
