/** What is known of the sessions, and what of it is asked for: with a daemon that only counts, and a clock of the test's. */
import { describe, expect, test } from 'vitest';
import { matches, ordered, type Shown } from '../../apps/cli/src/watch/chosen-sessions.ts';
import { SessionFollower } from '../../apps/cli/src/watch/follow-sessions.ts';
import { type ColorDepth, colorDepth, inverted, lookOf, type Span } from '../../apps/cli/src/watch/looks.ts';
import { type Facts, stateOf } from '../../apps/cli/src/watch/session-states.ts';
import { WatchedSessions } from '../../apps/cli/src/watch/watched-sessions.ts';
import { type Client, type Exit, RequestError } from '../../packages/client/src/index.ts';

const exit: Exit = {
  exit_code: 0,
  signal: null,
  success: true,
  killed_by_client: false,
  lifetime_over: false,
  output_complete: true,
};
const failed: Exit = { ...exit, exit_code: 3, success: false };

const running: Facts = { doing: undefined, isAtPrompt: false, isStopped: false };
const doing = (
  name: NonNullable<Facts['doing']>['name'],
  why: NonNullable<Facts['doing']>['why'],
  text?: string,
): Partial<Facts> => ({ doing: { name, began_at: '2026-01-01T00:00:00Z', why, ...(text && { text }) } });

function listed(name: string, more: object = {}) {
  return {
    ...{
      id: `id-${name}`,
      name,
      command: `run ${name}`,
      argv: ['run', name],
      pid: 1,
      state: 'running' as const,
    },
    ...{ created_at: '2026-01-01T00:00:00Z', cwd: '/', size: { cols: 80, rows: 24 }, tags: [], idle_ms: 0 },
    ...more,
  };
}

describe('a state', () => {
  test.each<[string, Exit | undefined, Partial<Facts>, number]>([
    ['running', undefined, {}, 60_000],
    ['running', undefined, doing('working', 'runs'), 60_000],
    ['waiting for input', undefined, doing('idle', 'reads'), 0],
    [
      'at its prompt',
      undefined,
      { isAtPrompt: true, ...doing('failed', 'command', 'exit code 1: false') },
      0,
    ],
    ['asks for a password', undefined, doing('asking', 'password'), 0],
    ['asks: Delete it? [y/N]', undefined, doing('asking', 'question', '3 files\nDelete it? [y/N]'), 0],
    ['asks', undefined, doing('asking', 'set'), 0],
    ['done: built', undefined, { isAtPrompt: true, ...doing('done', 'set', 'built') }, 0],
    ['failed', undefined, doing('failed', 'progress'), 0],
    ['stopped', undefined, { isStopped: true }, 0],
    // It has drawn since it was asked.
    ['running', undefined, doing('idle', 'quiet'), 3_100],
    ['waiting for input', undefined, doing('idle', 'quiet'), 4_000],
    ['ended, exit code 0', exit, doing('idle', 'reads'), 0],
    ['ended, exit code 3', failed, {}, 0],
    ['ended by SIGTERM', { ...failed, exit_code: null, signal: 'SIGTERM' }, {}, 0],
  ])('%s', (words, ended, facts, quietMs) => {
    expect(stateOf(ended, { ...running, ...facts }, quietMs).words).toBe(words);
  });

  test('one that was ended has not failed', () => {
    const killed = { ...failed, exit_code: null, signal: 'SIGTERM', killed_by_client: true };
    expect(stateOf(killed, undefined, 0).kind).toBe('ended');
    expect(stateOf(failed, undefined, 0).kind).toBe('failed');
  });
});

describe('the sessions', () => {
  const rules = { isShownEnded: () => false, isOwn: () => false };

  test('those that end while they are watched stay, those that had ended before are left out', () => {
    const sessions = new WatchedSessions(rules);
    sessions.listed([listed('a'), listed('old', { exit })], 0);
    sessions.happened({ type: 'spawned', session_id: 'id-short' }, 10);
    sessions.listed([listed('a', { exit: failed }), listed('old', { exit }), listed('short', { exit })], 20);
    expect(sessions.all.map(({ name, exit: how }) => [name, how?.exit_code])).toEqual([
      ['a', 3],
      ['short', 0],
    ]);
    sessions.listed([], 30);
    expect(sessions.all).toEqual([]);
  });

  test('what a list would show makes it stale, and what happens while it is asked for makes it so again', () => {
    const sessions = new WatchedSessions(rules);
    sessions.listing();
    expect(sessions.isListStale).toBe(false);
    sessions.happened({ type: 'changed', session_id: 'id-a' }, 0);
    expect(sessions.isListStale).toBe(false);
    sessions.happened({ type: 'renamed', session_id: 'id-a' }, 0);
    expect(sessions.isListStale).toBe(true);
    sessions.listing();
    sessions.happened({ type: 'missed' }, 0);
    sessions.listed([listed('a')], 1);
    expect(sessions.isListStale).toBe(true);
  });

  test('a bell is shown until the next input', () => {
    const sessions = new WatchedSessions(rules);
    sessions.listed([listed('a')], 0);
    sessions.happened({ type: 'bell', session_id: 'id-a' }, 1);
    expect(sessions.all[0]?.hasRung).toBe(true);
    sessions.happened({ type: 'input', session_id: 'id-a' }, 2);
    expect(sessions.all[0]?.hasRung).toBe(false);
  });

  test('one in whose terminal they are shown is none of them', () => {
    const sessions = new WatchedSessions({ ...rules, isOwn: ({ name }) => name === 'own' });
    sessions.listed([listed('a'), listed('own')], 0);
    expect(sessions.all.map(({ name }) => name)).toEqual(['a']);
  });
});

/** Answers at once, or when it is let; and counts. */
class CountingDaemon {
  readonly asked: string[] = [];
  sessions: ReturnType<typeof listed>[] = [];
  isHeld = false;
  isQuiet = false;

  readonly client = {
    request: async (method: string, params: { session?: string; sessions?: string[] }) => {
      this.asked.push(params.session === undefined ? method : `${method} ${params.session}`);
      if (this.isHeld) await new Promise(() => {});
      return this.#answer(method, params);
    },
  } as unknown as Client;

  /** Those of a method since the last time. */
  take(method: string): string[] {
    const found = this.asked.filter((each) => each.startsWith(method));
    this.asked.length = 0;
    return found.map((each) => each.slice(method.length + 1));
  }

  #answer(method: string, { sessions }: { sessions?: string[] }): unknown {
    switch (method) {
      case 'session.list': {
        const unknown = sessions?.find((name) => !this.sessions.some((session) => session.name === name));
        if (unknown) throw new RequestError('SESSION_NOT_FOUND', `no ${unknown}`);
        const found = this.sessions.filter(({ name }) => sessions?.includes(name) ?? true);
        return { sessions: found, event_cursor: 1 };
      }
      case 'session.status':
        return {
          foreground: { state: 'sleeping', reading: null },
          shell: { at_prompt: null },
          ...(this.isQuiet && doing('idle', 'quiet').doing && { work_state: doing('idle', 'quiet').doing }),
        };
      default:
        return { size: { cols: 80, rows: 24 }, cursor: {}, lines: [] };
    }
  }
}

describe('what is asked', () => {
  function followed(names: string[], which = {}) {
    const daemon = new CountingDaemon();
    daemon.sessions = names.map((name) => listed(name));
    const sessions = new WatchedSessions({ isShownEnded: () => false, isOwn: () => false });
    const clock = { now: 0 };
    const follower = new SessionFollower({
      ...{ client: daemon.client, which, sessions, signal: new AbortController().signal },
      now: () => clock.now,
      changed: () => {},
    });
    const ids = daemon.sessions.map(({ id }) => id);
    /** So many turns, each a tenth of a second. */
    const turns = async (count: number, visible: string[] = ids, focus?: string) => {
      for (let turn = 0; turn < count; turn++) {
        clock.now += 100;
        follower.turn(visible, focus);
        await new Promise(setImmediate);
      }
    };
    return { daemon, sessions, clock, follower, ids, turns };
  }
  const thirty = Array.from({ length: 30 }, (_, index) => `job-${index}`);

  test('of sessions that do not change, none is looked at a second time', async () => {
    const { daemon, follower, turns } = followed(thirty);
    await follower.begin();
    await turns(10);
    expect(daemon.take('session.snapshot').sort()).toEqual(thirty.map((name) => `id-${name}`).sort());
    await turns(300);
    expect(daemon.take('session.snapshot')).toEqual([]);
  });

  test('of thirty that change all the time, sixty looks a second at most, each session its share', async () => {
    const { daemon, sessions, clock, follower, ids, turns } = followed(thirty);
    await follower.begin();
    await turns(10);
    daemon.asked.length = 0;
    for (let turn = 0; turn < 50; turn++) {
      for (const id of ids) sessions.happened({ type: 'changed', session_id: id }, clock.now);
      await turns(1);
    }
    const looks = daemon.asked.filter((each) => each.startsWith('session.snapshot'));
    expect(looks.length).toBeLessThanOrEqual(300);
    for (const id of ids) expect(looks.filter((each) => each.endsWith(` ${id}`))).toHaveLength(10);
    // And of what they are doing, each is asked every three seconds at most.
    expect(daemon.take('session.status').length).toBeLessThanOrEqual(2 * 30);
  });

  test('one that cannot be seen is not looked at, and the focused one comes first', async () => {
    const { daemon, sessions, clock, follower, ids, turns } = followed(thirty);
    await follower.begin();
    await turns(3, ids.slice(0, 3));
    expect(daemon.take('session.snapshot').sort()).toEqual(ids.slice(0, 3).sort());
    for (const id of ids) sessions.happened({ type: 'changed', session_id: id }, clock.now);
    await turns(1, ids, ids[29]);
    expect(daemon.take('session.snapshot')[0]).toBe(ids[29]);
  });

  test('a daemon that does not answer is asked no more', async () => {
    const { daemon, follower, turns } = followed(thirty);
    await follower.begin();
    daemon.isHeld = true;
    await turns(100);
    expect(daemon.asked.filter((each) => each.startsWith('session.snapshot'))).toHaveLength(6);
    expect(daemon.take('session.status')).toHaveLength(2);
  });

  test('one that draws nothing more is asked again once it may be waiting, and when its state changes', async () => {
    const { daemon, sessions, clock, follower, turns } = followed(['agent']);
    await follower.begin();
    sessions.happened({ type: 'changed', session_id: 'id-agent' }, clock.now);
    await turns(30);
    daemon.asked.length = 0;
    daemon.isQuiet = true;
    await turns(20);
    expect(daemon.take('session.status')).toEqual(['id-agent']);
    const [agent] = sessions.all;
    expect(agent && sessions.stateOf(agent, clock.now).words).toBe('waiting for input');
    sessions.happened({ type: 'state', session_id: 'id-agent' }, clock.now);
    await turns(5);
    expect(daemon.take('session.status')).toEqual(['id-agent']);
  });

  test('a session that was named and is gone hides no other', async () => {
    const { daemon, sessions, follower, turns } = followed(['a', 'b'], { sessions: ['a', 'b'] });
    await follower.begin();
    daemon.sessions = [listed('b')];
    sessions.happened({ type: 'exited', session_id: 'id-a' }, 0);
    await turns(4);
    expect(sessions.all.map(({ name }) => name)).toEqual(['b']);
    expect(daemon.asked.filter((each) => each === 'session.list').length).toBeLessThan(6);
  });

  test('a name that no session has is refused at once', async () => {
    const { follower } = followed(['a'], { sessions: ['nosuch'] });
    await expect(follower.begin()).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' });
  });
});

describe('those shown', () => {
  const shown = (name: string, more: Partial<Shown> = {}): Shown => ({
    ...{ id: name, name, command: `run ${name}`, title: '', tags: [], exit: undefined },
    ...{ lastActiveAt: 0, lastChangedAt: 0, hasRung: false, look: undefined, facts: undefined },
    isOutOfReach: false,
    state: { kind: 'running', words: 'running', short: 'running' },
    ...more,
  });
  const inState = (name: string, facts: Partial<Facts>, how?: Exit) =>
    shown(name, { state: stateOf(how, { ...running, ...facts }, 0) });

  test('every word of a filter fits name, command, title or tags, #word tags alone, is: the state', () => {
    const build = shown('build', { title: 'Linking', tags: ['ci', 'web'] });
    for (const filter of ['', 'BUI', 'run', 'link web', '#ci', '#w build', 'is:running', 'is:run'])
      expect([filter, matches(build, filter)]).toEqual([filter, true]);
    for (const filter of ['x', 'build x', '#build', 'is:failed', 'is:waiting'])
      expect([filter, matches(build, filter)]).toEqual([filter, false]);
    expect(matches(inState('pw', doing('asking', 'password')), 'is:waiting')).toBe(true);
    expect(matches(inState('bad', {}, failed), 'is:ended')).toBe(true);
    expect(matches(inState('bad', {}, failed), 'is:failed')).toBe(true);
    expect(matches(inState('good', {}, exit), 'is:failed')).toBe(false);
  });

  test('an order puts first what it is about', () => {
    const now = 100_000;
    const sessions = [
      { ...inState('job-10', {}), lastActiveAt: now - 10_000 },
      { ...inState('job-9', {}, failed), lastActiveAt: now - 50_000 },
      { ...inState('ask', doing('idle', 'reads')), lastActiveAt: now - 2_000 },
      { ...inState('busy', {}), lastActiveAt: now },
    ];
    const names = (order: Parameters<typeof ordered>[1]) =>
      ordered(sessions, order, now).map(({ name }) => name);
    expect(names('start')).toEqual(['job-10', 'job-9', 'ask', 'busy']);
    expect(names('name')).toEqual(['ask', 'busy', 'job-9', 'job-10']);
    expect(names('state')).toEqual(['ask', 'job-9', 'job-10', 'busy']);
    // Those at work do not change places.
    expect(names('activity')).toEqual(['ask', 'busy', 'job-10', 'job-9']);
  });
});

describe('looks', () => {
  test.each<[Omit<Span, 'text'>, ColorDepth, string]>([
    [{ bold: true, fg: 1, bg: 12 }, 'all', '1;31;104'],
    [{ fg: 208 }, '256', '38;5;208'],
    [{ fg: '#ff8700' }, 'all', '38;2;255;135;0'],
    [{ fg: '#ff8700' }, '256', '38;5;208'],
    [{ bg: '#808080' }, '256', '48;5;244'],
    [{ underline: 'curly', inverse: true, fg: 3, bg: '#000000' }, 'none', '4;7'],
  ])('%j in %s is %s', (span, depth, look) => {
    expect(lookOf({ text: 'x', ...span }, depth)).toBe(look);
  });

  test('a cursor is shown the other way round', () => {
    expect(inverted('')).toBe('7');
    expect(inverted('1;7;31')).toBe('1;31');
    expect(inverted('38;5;7')).toBe('7;38;5;7');
  });

  test.each([
    [{ TERM: 'xterm-256color' }, '256'],
    [{ COLORTERM: 'truecolor' }, 'all'],
    [{ COLORTERM: 'truecolor', NO_COLOR: '1' }, 'none'],
    [{ COLORTERM: 'truecolor', NO_COLOR: '' }, 'all'],
  ])('%j: %s', (env, depth) => {
    expect(colorDepth(env)).toBe(depth);
  });
});
