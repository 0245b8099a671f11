/** What is kept of sessions on disk, in its bounds: of one session, and of many that were lost. */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { SessionKeeper } from '../../packages/daemon/src/kept/session-keeper.ts';
import { recordsText, type SessionRecord } from '../../packages/daemon/src/kept/session-record.ts';
import { MAX_FILE_BYTES, MAX_TAIL_BYTES, tailIn, tailOf } from '../../packages/daemon/src/kept/tail.ts';
import type { Log } from '../../packages/daemon/src/log.ts';
import { Retention } from '../../packages/daemon/src/pty/retention.ts';
import { Ending } from '../../packages/daemon/src/session/ending.ts';
import { PastEnds } from '../../packages/daemon/src/session/past-ends.ts';
import type { Session } from '../../packages/daemon/src/session/session.ts';

function stateDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'sk-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

const recordOf = (index: number): SessionRecord => ({
  ...{ id: index.toString(16), name: `s${index}`, argv: ['true'], cwd: '/', tags: [], term: 'xterm' },
  ...{ size: { cols: 80, rows: 24 }, background: false, shell_integration: true, pid: 2_147_483_647 },
  created_at: new Date(0).toISOString(),
});

test('of many sessions that were lost the newest are kept, and the output of the others is removed', async () => {
  const directory = stateDirectory();
  const lines: string[] = [];
  const log = { warn: (_: object, message: string) => lines.push(message) } as unknown as Log;
  const options = { directory, withOutput: true, redact: undefined, log };
  // As the keeper calls the directory of that socket.
  const own = join(directory, createHash('sha256').update('/the/socket').digest('hex').slice(0, 16));
  mkdirSync(own, { recursive: true, mode: 0o700 });
  const records = Array.from({ length: 250 }, (_, index) => recordOf(index));
  writeFileSync(join(own, 'sessions.json'), recordsText(records, []), { mode: 0o600 });
  for (const { id } of records) writeFileSync(join(own, `${id}.output`), 'x', { mode: 0o600 });
  const keeper = new SessionKeeper('/the/socket', options);
  keeper.load();
  await keeper.requireLoaded();
  expect(keeper.lost.map(({ name }) => name)).toEqual(records.slice(50).map(({ name }) => name));
  expect(lines).toHaveLength(200);
  await keeper.stop(true);
  expect(readdirSync(own).filter((name) => name.endsWith('.output'))).toHaveLength(200);
});

test('of a long output the end is kept, from the beginning of a line on', () => {
  const retention = new Retention(2 * MAX_TAIL_BYTES, { cols: 80, rows: 24 });
  for (let line = 0; line < 40_000; line++) retention.append(Buffer.from(`line ${line}\r\n`));
  const tail = tailOf({ retention } as unknown as Session, undefined).toString();
  expect(tail.length).toBeLessThanOrEqual(MAX_TAIL_BYTES);
  expect(tail.length).toBeGreaterThan(MAX_TAIL_BYTES - 100);
  expect(tail).toMatch(/^line \d+\r\n/);
  expect(tail.endsWith('line 39999\r\n')).toBe(true);
});

test('what a session prints is kept a second later, however regularly others print', async () => {
  const { pass, sessionThatPrints } = await timedKeeper();
  const noisy = sessionThatPrints('a');
  const quiet = sessionThatPrints('b');
  for (let second = 0; second < 7; second++) {
    noisy.print(`noise ${second}\r\n`);
    await pass(1000);
  }
  quiet.print('IMPORTANT\r\n');
  noisy.print('noise 7\r\n');
  await pass(1300);
  expect(quiet.kept()).toBe('IMPORTANT\r\n');
  // It was written less than five seconds ago, too.
  expect(noisy.kept()).toMatch(/noise 7\r\n$/);
});

test('of what is printed slowly only what is new is written', async () => {
  const { pass, sessionThatPrints } = await timedKeeper();
  const session = sessionThatPrints('a');
  session.print('x'.repeat(1000));
  await pass(1300);
  const { ino } = statSync(session.file);
  session.print('y\r\n');
  await pass(1300);
  expect(session.kept()).toBe(`${'x'.repeat(1000)}y\r\n`);
  // A file that is written anew is another one.
  expect(statSync(session.file).ino).toBe(ino);
  rmSync(session.file);
  session.print('z\r\n');
  await pass(3000);
  expect(session.kept()).toBe(`${'x'.repeat(1000)}y\r\nz\r\n`);
});

test('a flood is kept every five seconds, and holds up no other session', async () => {
  const { pass, sessionThatPrints } = await timedKeeper();
  const quiet = sessionThatPrints('1');
  // More than is written at once.
  const floods = Array.from({ length: 30 }, (_, index) => sessionThatPrints((index + 2).toString(16)));
  const flood = () => floods.map(({ print }, index) => print(`${index} ${'x'.repeat(MAX_TAIL_BYTES)}\r\n`));
  flood();
  await pass(3000);
  const first = floods.map(({ kept }) => kept());
  expect(first.map((kept) => kept.length)).not.toContain(0);
  flood();
  quiet.print('IMPORTANT\r\n');
  await pass(1300);
  expect(quiet.kept()).toBe('IMPORTANT\r\n');
  expect(floods.map(({ kept }) => kept())).toEqual(first);
});

test('a file that is added to has an end, and what is read of it is the end', async () => {
  const { pass, sessionThatPrints } = await timedKeeper();
  const session = sessionThatPrints('a');
  const line = `${'x'.repeat(15_000)}\r\n`;
  const sizes: number[] = [];
  for (let count = 0; count < 50; count++) {
    session.print(`${count} ${line}`);
    await pass(1300);
    sizes.push(session.kept().length);
  }
  expect(Math.max(...sizes)).toBeGreaterThan(MAX_TAIL_BYTES);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(MAX_FILE_BYTES);
  expect(session.kept().endsWith(`49 ${line}`)).toBe(true);
  const long = Buffer.from(Array.from({ length: 30_000 }, (_, index) => `line ${index}\r\n`).join(''));
  const tail = tailIn(long).toString();
  expect(tail.length).toBeGreaterThan(MAX_TAIL_BYTES - 100);
  expect(tail).toMatch(/^line \d+\r\n/);
});

test('what is to be left out is left out of what is written later, too', async () => {
  const { pass, sessionThatPrints } = await timedKeeper('hunter\\d');
  const session = sessionThatPrints('a');
  session.print('hunter1\r\n');
  await pass(1300);
  expect(session.kept()).toBe('[redacted]\r\n');
  session.print('hunt');
  session.print('er2\r\n');
  await pass(6000);
  expect(session.kept()).toBe('[redacted]\r\n[redacted]\r\n');
});

/** A keeper whose time passes by `pass`, with sessions that print what they are told to. */
async function timedKeeper(redact?: string) {
  const directory = stateDirectory();
  const log = { warn: (_: object, message: string) => expect.unreachable(message) } as unknown as Log;
  const keeper = new SessionKeeper('/the/socket', { directory, withOutput: true, redact, log });
  keeper.load();
  await keeper.requireLoaded();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const own = keeper.directory as string;
  /** Whatever is to be written by then is written. */
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 50) {
      await vi.advanceTimersByTimeAsync(50);
      await keeper.requireLoaded();
    }
  };
  const sessionThatPrints = (id: string) => {
    const retention = new Retention(4 * MAX_TAIL_BYTES, { cols: 80, rows: 24 });
    let tell: (event: string) => void = () => {};
    const { name, argv, cwd, tags, size, term, created_at } = recordOf(Number.parseInt(id, 16));
    const session = {
      ...{ id, name, argv, hostDirectory: cwd, tags, term, retention, isExited: false, pid: process.pid },
      ...{ screen: { size, lineTexts: () => retention.read(0, MAX_TAIL_BYTES).toString().split('\r\n') } },
      ...{ createdAt: new Date(created_at), run: {} },
      watch: (told: typeof tell) => {
        tell = told;
      },
    };
    keeper.add(session as unknown as Session, { background: false, shell_integration: true });
    const file = join(own, `${id}.output`);
    return {
      file,
      print: (text: string) => {
        retention.append(Buffer.from(text));
        tell('output');
      },
      kept: () => (existsSync(file) ? readFileSync(file, 'latin1') : ''),
    };
  };
  return { pass, sessionThatPrints };
}

test('of the ends of programs that were started again the last are known', () => {
  const ends = new PastEnds();
  const all = Array.from({ length: 20 }, () => {
    const ending = new Ending();
    ending.over();
    ends.add(ending);
    return ending;
  });
  expect(ends.count).toBe(20);
  expect(ends.firstAfter(0)).toBe(all[4]);
  expect(ends.firstAfter(all[18]?.moment ?? 0)).toBe(all[19]);
  expect(ends.firstAfter(all[19]?.moment ?? 0)).toBeUndefined();
});
