/** Bounds of what a session keeps for its program; docs/limits.md lists them all. */
import { tmpdir } from 'node:os';
import { afterEach, expect, test } from 'vitest';
import { Call, Cancellation } from '../../packages/daemon/src/call.ts';
import { Act } from '../../packages/daemon/src/handlers/act.ts';
import type { Services } from '../../packages/daemon/src/handlers/services.ts';
import {
  MAX_COMMANDS,
  MAX_QUEUED_INPUT_BYTES,
  MAX_QUEUED_REPLY_BYTES,
} from '../../packages/daemon/src/limits.ts';
import { Scheduler } from '../../packages/daemon/src/pty/scheduler.ts';
import { CommandLog } from '../../packages/daemon/src/session/command-log.ts';
import { Session } from '../../packages/daemon/src/session/session.ts';
import type { Mark } from '../../packages/terminal/src/index.ts';
import { PATH } from '../harness/programs.ts';
import { until } from '../harness/until.ts';

const scheduler = new Scheduler();
const sessions: Session[] = [];

afterEach(async () => {
  for (const session of sessions.splice(0)) await session.kill('SIGKILL', 0);
});

function start(command: string): Session {
  const options = {
    id: 'id',
    name: 'name',
    argv: ['/bin/sh', '-c', command] as const,
    cwd: tmpdir(),
    env: { PATH },
    cols: 80,
    rows: 24,
    term: 'xterm-256color',
    tags: [],
    scrollback: 100,
    retainBytes: 1_000_000,
    integration: undefined,
    onFault: () => {},
  };
  const session = new Session({ ...options, argv: [...options.argv] }, scheduler);
  sessions.push(session);
  return session;
}

test('answers of the terminal that the program does not read are dropped whole, and counted', async () => {
  const questions = 200_000;
  const ANSWER_BYTES = 4; // ESC [ 0 n
  const ask = `i=0; while [ $i -lt ${questions / 1000} ]; do printf '\\033[5n%.0s' $(seq 1000); i=$((i+1)); done`;
  const session = start(`stty raw -echo; ${ask}; echo asked; exec sleep 1000`);
  await until('all is asked', () => session.screen.text().includes('asked'));
  expect(session.queuedInputBytes).toBeLessThanOrEqual(MAX_QUEUED_REPLY_BYTES);
  expect(session.droppedReplyBytes).toBeGreaterThan(0);
  expect(session.droppedReplyBytes % ANSWER_BYTES).toBe(0);
  // What it did not ask too much of is waiting for it, and what its users send is not refused for it.
  expect(session.queuedInputBytes).toBeGreaterThan(0);
});

test('a program that reads its answers gets them all, however many there are', async () => {
  // 280 kB in all, more than may wait.
  const session = start(
    `stty raw -echo; n=0; while [ $n -lt 70 ]; do printf '\\033[5n%.0s' $(seq 1000); dd bs=4000 count=1 iflag=fullblock of=/dev/null 2>/dev/null; n=$((n+1)); done; echo done; cat`,
  );
  await until('all is answered', () => session.screen.text().includes('done'));
  expect([session.droppedReplyBytes, session.queuedInputBytes]).toEqual([0, 0]);
});

test('a shell has so many commands that are retained, with so much of each line', () => {
  const log = new CommandLog();
  const mark = (name: Mark['mark'], more: Partial<Mark> = {}) =>
    log.follow({
      type: 'mark',
      mark: name,
      line: 0,
      col: 0,
      start: 0,
      end: 0,
      exitCode: undefined,
      commandLine: undefined,
      hasText: false,
      ...more,
    });
  for (let number = 1; number <= MAX_COMMANDS + 10; number += 1) {
    mark('prompt');
    mark('output', { commandLine: `${number} ${'x'.repeat(100_000)}` });
    mark('finished', { exitCode: 0 });
  }
  expect(log.commands).toHaveLength(MAX_COMMANDS);
  expect(log.commands[0]?.number).toBe(11);
  expect(log.count).toBe(MAX_COMMANDS + 10);
  log.expect('typed', 'y'.repeat(100_000), false);
  mark('prompt');
  mark('output', { commandLine: 'typed' });
  expect(log.commands.at(-1)?.commandLine).toBe('y'.repeat(8192));
});

test('input beyond what may wait for the program is refused, with nothing sent', async () => {
  const session = start('stty raw -echo; exec sleep 1000');
  const caller = { isGone: () => false, emit: async () => {}, ready: async () => {} };
  const call = new Call(caller, new Cancellation());
  const services = { sessions: { getRunning: () => session, acted: () => {} } } as unknown as Services;
  const params = { session: 'name', only_if: undefined, wait: undefined, snapshot: undefined };
  const act = await Act.begin(services, params, 60_000, call);
  const { seq } = session;
  Object.defineProperty(session, 'queuedInputBytes', { value: MAX_QUEUED_INPUT_BYTES - 4 });
  expect(() => act.send(Buffer.from('12345'))).toThrow(expect.objectContaining({ code: 'LIMIT_REACHED' }));
  expect(session.seq).toBe(seq);
  await act.send(Buffer.from('1234'));
  act.end();
});
