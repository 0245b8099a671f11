/**
 * A loop of waits is told of everything once, also of what happens between two of them: each is asked from the cursor of the
 * last answer, and what had begun to be so before that cursor may be noticed after it.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gatherHandlers } from '../../packages/daemon/src/handlers/gather.ts';
import type { Services } from '../../packages/daemon/src/handlers/services.ts';
import { nextMoment } from '../../packages/daemon/src/moment.ts';
import type { Session } from '../../packages/daemon/src/session/session.ts';
import { NO_CONDITION } from '../../packages/daemon/src/waiting/condition.ts';
import { raceToIdle } from '../../packages/daemon/src/waiting/idle-race.ts';
import { KeptWaits } from '../../packages/daemon/src/waiting/kept-waits.ts';
import { waitForMany } from '../../packages/daemon/src/waiting/many.ts';
import type { ParsedParams } from '../../packages/protocol/src/index.ts';
import { BareSessions } from '../harness/bare-sessions.ts';
import { until } from '../harness/until.ts';

let sessions: BareSessions;

beforeEach(() => {
  sessions = new BareSessions();
});

afterEach(() => sessions.close());

type Asked = Partial<ParsedParams<'sessions.wait'>>;

async function wait(asked: Asked) {
  const params = { ...NO_CONDITION, any: false, all: false, tags: ['ci'], timeout_ms: 0, ...asked };
  return await waitForMany(new KeptWaits(), sessions.store, params, sessions.call());
}

function namesOf({ ready }: { ready: { session: string; outcome: string }[] }): string[] {
  return ready.map(({ session, outcome }) => `${session} ${outcome}`);
}

/** It has printed the text, and all of it is drawn. */
async function shows(session: Session, text: string): Promise<void> {
  await until(text, () => session.screen.rowTexts().some((row) => row.includes(text)));
}

/** A program that ends, of a session that is listed only after a cursor was given out. */
async function endedBeforeListed(command: string): Promise<{ cursor: number; session: Session }> {
  const session = sessions.start(command, ['ci']);
  await session.programEnded;
  const cursor = nextMoment();
  return { cursor, session: sessions.list(session) };
}

test('the end of a program that ended before its session was listed is news for who asked before that', async () => {
  const { cursor } = await endedBeforeListed('exit 3');
  const first = await wait({ exit: true, after: cursor });
  expect(first.ready).toMatchObject([{ session: 's1', outcome: 'exited', exit: { exit_code: 3 } }]);
  // Its moment lies between the cursors, as that of all news.
  expect(first.ready[0]?.event_cursor).toBeGreaterThan(cursor);
  expect(namesOf(await wait({ exit: true, after: first.event_cursor }))).toEqual([]);
});

test('the same with a condition that it has not met, without a cursor, and once it is evicted', async () => {
  const waiting = wait({ idle_ms: 60_000, timeout_ms: 60_000 });
  const { cursor, session } = await endedBeforeListed('exit 0');
  expect(namesOf(await waiting)).toEqual(['s1 exited']);
  expect(namesOf(await wait({ idle_ms: 60_000, after: cursor }))).toEqual(['s1 exited']);
  await until('it is retained', () => sessions.store.endedCount === 1);
  sessions.store.forget(session.id);
  const { ready, event_cursor } = await wait({ exit: true, after: cursor });
  expect(ready).toMatchObject([{ session: 's1', evicted: true }]);
  expect(namesOf(await wait({ exit: true, after: event_cursor }))).toEqual([]);
});

test('what a program printed before its session was listed is news as well', async () => {
  const session = sessions.start('echo ready; exec cat', ['ci']);
  await shows(session, 'ready');
  const cursor = nextMoment();
  sessions.list(session);
  expect(namesOf(await wait({ text: 'ready', after: cursor }))).toEqual(['s1 matched']);
  const services = { sessions: sessions.store } as Services;
  const params = { tags: ['ci'], all: false, part: 'tail' as const, lines: 1, after: cursor };
  const gathered = await gatherHandlers['sessions.gather'](services, params, sessions.call());
  expect(gathered.results).toMatchObject([{ session: 's1', lines: ['ready'] }]);
});

test('a session that was silent before it was listed has its turn in a race to be idle', async () => {
  const session = sessions.start('exec cat', ['ci']);
  sessions.list(sessions.start('exec cat', ['ci']));
  const race = { tags: ['ci'], idle_ms: 1, timeout_ms: 20_000, fresh: false, styles: false };
  const first = await raceToIdle(sessions.store, race, sessions.call());
  expect(first.session?.name).toBe('s2');
  sessions.list(session);
  const last_generation = first.generation ?? 0;
  const second = await raceToIdle(sessions.store, { ...race, last_generation }, sessions.call());
  expect(second.session?.name).toBe('s1');
});

/** It shows the text in a frame that it has begun, and ends once it gets SIGUSR1. */
async function halfDrawn(text: string): Promise<Session> {
  const ends = `trap "printf '\\033[?2026l'" USR1`;
  const session = sessions.start(
    `${ends}; printf '\\033[?2026h'; echo ${text}; while :; do sleep 0.05; done`,
    ['ci'],
  );
  await shows(sessions.list(session), text);
  expect(session.isHalfDrawn).toBe(true);
  return session;
}

test('a text in a frame that was only begun when another session was answered is told with the next', async () => {
  const half = await halfDrawn('ready');
  await shows(sessions.list(sessions.start('echo ready; exec cat', ['ci'])), 'ready');
  const first = await wait({ text: 'ready' });
  expect(namesOf(first)).toEqual(['s2 matched']);
  process.kill(half.pid, 'SIGUSR1');
  const second = await wait({ text: 'ready', after: first.event_cursor, timeout_ms: 20_000 });
  expect(namesOf(second)).toEqual(['s1 matched']);
  expect(namesOf(await wait({ text: 'ready', after: second.event_cursor }))).toEqual([]);
});

test('a text that stood before an answer counts with a condition that is met after it', async () => {
  const asked = { text: 'done', idle_ms: 1_000, timeout_ms: 20_000 };
  const early = sessions.list(sessions.start('echo done; exec cat', ['ci']));
  await shows(early, 'done');
  await until('the first to be silent', () => early.times.idleMs > 1_000);
  await shows(sessions.list(sessions.start('echo done; exec cat', ['ci'])), 'done');
  const first = await wait({ ...asked, timeout_ms: 0 });
  expect(namesOf(first)).toEqual(['s1 matched']);
  const second = await wait({ ...asked, after: first.event_cursor });
  expect(namesOf(second)).toEqual(['s2 matched']);
  expect(namesOf(await wait({ ...asked, timeout_ms: 0, after: second.event_cursor }))).toEqual([]);
});

test('of two that have fallen silent at the same time, each is told once', async () => {
  for (const _ of [1, 2]) sessions.list(sessions.start('exec cat', ['ci']));
  const first = wait({ idle_ms: 300, timeout_ms: 20_000 });
  await new Promise((resolve) => setImmediate(resolve));
  // Both are due when timers are looked at next, and the first of them is answered before the second is.
  const began = performance.now();
  while (performance.now() - began < 400);
  const { ready, event_cursor } = await first;
  const second = await wait({ idle_ms: 300, after: event_cursor });
  const told = [...ready, ...second.ready].map(({ session }) => session);
  expect(told.sort()).toEqual(['s1', 's2']);
  expect(namesOf(await wait({ idle_ms: 300, after: second.event_cursor }))).toEqual([]);
});
