/**
 * What was printed before an input or a question comes before it, also while it still lies in the kernel: the answer to the
 * input is what was printed after. The test prints to the terminal itself, in the turn of the event loop in which it asks.
 */
import fs, { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Call, Cancellation } from '../../packages/daemon/src/call.ts';
import type { Daemon } from '../../packages/daemon/src/daemon.ts';
import { startInProcess } from '../../packages/daemon/src/in-process.ts';
import { Pty } from '../../packages/daemon/src/pty/pty.ts';
import type { Session } from '../../packages/daemon/src/session/session.ts';
import { PATH } from '../harness/programs.ts';
import { until } from '../harness/until.ts';

// biome-ignore lint/suspicious/noExplicitAny: a test knows what it asked for
type Json = any;

const directory = realpathSync(mkdtempSync(join(tmpdir(), 'pt-')));
const NAME = 'x';
let daemon: Daemon;
let close: () => Promise<void>;
let session: Session;
let terminal: number;

/** Its handler runs until it first waits before anything is read. */
async function ask(method: string, params: object, emit: (part: Json) => void = () => {}): Promise<Json> {
  const caller = { isGone: () => false, emit: async (part: unknown) => emit(part), ready: async () => {} };
  return await daemon.answer(method, params, new Call(caller, new Cancellation()));
}

/** When it returns, the kernel has it. */
function print(text: string): void {
  fs.writeSync(terminal, text);
}

/** Shows what it is sent, and each answer of a test stands on a line of its own. */
const PROGRAM = 'stty raw -echo; echo begun; exec cat -v';

beforeAll(async () => {
  const started = await startInProcess(directory);
  daemon = started.daemon as Daemon;
  close = started.close;
  const argv = ['sh', '-c', PROGRAM];
  await ask('session.spawn', { name: NAME, argv, cwd: '/', env: { PATH } });
  session = daemon.sessions.get(NAME);
  terminal = fs.openSync(session.terminalPath as string, fs.constants.O_RDWR | fs.constants.O_NOCTTY);
  await until('it has begun', () => session.screen.text().includes('begun'));
});

afterAll(async () => {
  fs.closeSync(terminal);
  await close();
  rmSync(directory, { recursive: true, force: true });
});

describe.runIf(process.platform === 'linux')('printed before', () => {
  const acts: [string, object][] = [
    ['session.key', { keys: 'x' }],
    ['session.type', { text: 'x' }],
    ['session.type', { text: 'x', enter: true }],
    ['session.send', { parts: [{ text: 'x' }, { key: 'Enter' }] }],
    ['session.paste', { text: 'x' }],
    ['session.click', { row: 0, col: 0, force: true }],
    ['session.scroll', { direction: 'up', force: true }],
    ['session.mouse', { action: 'press', row: 0, col: 0, force: true }],
    ['session.signal', { signal: 'WINCH' }],
    ['session.resize', { cols: 90, rows: 30 }],
    ['session.resize', { cols: 80, rows: 24 }],
  ];

  test.each(acts)('%s %j: what was printed before is no answer', async (method, params) => {
    const before = session.acts.last;
    print('\x1bc\x07\x1b]0;ready\x07ready\r\n');
    const wait = { regex: 'ready|done', new: true };
    const asked = ask(method, { session: NAME, ...params, wait, snapshot: { format: 'new' } });
    await until('it is done', () => session.acts.last !== before);
    const bell = ask('session.wait', { session: NAME, bell: true, text: 'done', any: true });
    const title = ask('session.wait', { session: NAME, title: 'ready', text: 'done', any: true, new: true });
    print('\r\ndone\r\n');
    const { wait: waited, screen } = await asked;
    expect(waited.match.text).toBe('done');
    expect(screen.new.lines.join('\n')).not.toContain('ready');
    expect([(await bell).held, (await title).held]).toEqual([['text'], ['text']]);
  });

  test('nor is it one to an act without a wait, of which the next request asks', async () => {
    await pause();
    print('\x1bcready\r\n');
    await ask('session.key', { session: NAME, keys: 'x' });
    const asked = ask('session.wait', { session: NAME, regex: 'ready|done', new: true });
    print('\r\ndone\r\n');
    expect((await asked).match.text).toBe('done');
  });

  test('of many acts one after the other, few read the terminal', async () => {
    await pause();
    const read = vi.spyOn(Pty.prototype, 'readArrived');
    const began = performance.now();
    for (let count = 0; count < 50; count++) await ask('session.key', { session: NAME, keys: 'x' });
    const reads = read.mock.calls.length;
    read.mockRestore();
    expect(reads).toBeGreaterThan(0);
    expect(reads).toBeLessThanOrEqual(1 + (performance.now() - began) / 5);
  });

  test('output that was read and could not be drawn before the input is no answer either', async () => {
    const goOn = session.pauseDrawing();
    print('\x07\x1b]0;read\x07ready\r\n');
    await ask('session.signal', { session: NAME, signal: 'WINCH' });
    const asked = { session: NAME, text: 'done', any: true, new: true };
    const waits = [
      ask('session.wait', { ...asked, bell: true }),
      ask('session.wait', { ...asked, title: 'read' }),
      ask('session.wait', { ...asked, text: ['ready', 'done'] }),
    ];
    goOn();
    await until('it is drawn', () => session.isDrawn && session.screen.title === 'read');
    print('done\r\n');
    const [bell, title, text] = await Promise.all(waits);
    expect([bell.held, title.held, text.match.text]).toEqual([['text'], ['text'], 'done']);
  });

  test.each([
    ['session.wait', {}],
    ['session.signal', { signal: 'WINCH' }],
  ])('%s: what was printed before is no change', async (method, params) => {
    let isAnswered = false;
    print('ready for it\r\n');
    const asked = ask(method, { session: NAME, ...params, ...waiting(method, { change: true }) }).finally(
      () => {
        isAnswered = true;
      },
    );
    await until('it is drawn', () => session.screen.text().includes('ready for it') && session.isDrawn);
    expect(isAnswered).toBe(false);
    print('\x1bcdone\r\n');
    await asked;
  });

  test('keys and pastes are as the modes that were printed before have them', async () => {
    print('\x1b[?1h');
    await ask('session.key', { session: NAME, keys: 'Up', snapshot: { format: 'text' } });
    print('\x1b[?2004h');
    const { bracketed } = await ask('session.paste', { session: NAME, text: 'pasted' });
    expect(bracketed).toBe(true);
    await until('both have come', () => /\^\[OA\^\[\[200~pasted\^\[\[201~/.test(session.screen.text()));
    print('\x1b[?1l\x1b[?2004l\r\n');
  });

  test('an act for a screen that has changed is refused, and nothing is sent', async () => {
    print('\x1b[2J\x1b[Hnot so fast\r\n');
    const { lastSeq } = session.acts;
    const params = { session: NAME, keys: 'y', only_if: { gone: 'not so fast' } };
    await expect(ask('session.key', params)).rejects.toMatchObject({ code: 'CONDITION_FAILED' });
    expect(session.acts.lastSeq).toBe(lastSeq);
  });

  test('an act for a program whose end is read before it is refused, and nothing is sent', async () => {
    const exit = { value: { exit_code: 0, signal: null }, configurable: true };
    const catchUp = vi.spyOn(session.arrived, 'catchUp').mockImplementation(() => {
      Object.defineProperty(session, 'exit', exit);
    });
    const { lastSeq, last } = session.acts;
    const params: [string, object][] = [
      ['session.key', { keys: 'y' }],
      ['session.signal', { signal: 'KILL' }],
    ];
    for (const [method, act] of params) {
      const asked = ask(method, { session: session.id, ...act });
      await expect(asked).rejects.toMatchObject({ code: 'SESSION_EXITED' });
      Reflect.deleteProperty(session, 'exit');
    }
    catchUp.mockRestore();
    expect([session.acts.lastSeq, session.acts.last]).toEqual([lastSeq, last]);
  });

  test('what was printed for the size before is of that size', async () => {
    const { size } = session.screen;
    const offset = session.retention.totalBytes;
    print('before\r\n');
    await ask('session.resize', { session: NAME, cols: 100, rows: 20 });
    expect(session.retention.sizeAt(offset).size).toMatchObject(size);
    await ask('session.resize', { session: NAME, ...size });
  });

  test('a look has what was printed before it', async () => {
    await pause();
    print('\x1bcone\r\n');
    const snapshot = await ask('session.snapshot', { session: NAME, format: 'text', timeout_ms: 0 });
    const since = session.retention.totalBytes;
    print('two\r\n');
    let output = '';
    await ask('session.output', { session: NAME, since, format: 'text' }, (part) => {
      output += part.output;
    });
    print('three\r\n');
    const gathered = await ask('sessions.gather', { sessions: [NAME], lines: 1, part: 'tail' });
    print('\x1b]0;four\x07');
    const status = await ask('session.status', { session: NAME });
    expect([snapshot.text.trim(), output, gathered.results[0].lines, status.title]).toEqual([
      expect.stringContaining('one'),
      'two\n',
      ['three'],
      'four',
    ]);
  });

  test('what was printed before the question is no silence', async () => {
    const idleMs = 50;
    await until('it is silent', () => session.times.idleMs > idleMs);
    const { seq } = session;
    print('here\r\n');
    const answer = await ask('session.wait', { session: NAME, idle_ms: idleMs });
    expect(answer.seq).toBeGreaterThan(seq);
    await until('it is silent', () => session.times.idleMs > idleMs);
    const cursor = session.times.activity;
    print('here\r\n');
    await ask('sessions.idle', { sessions: [NAME], idle_ms: idleMs });
    expect(session.times.activity).toBeGreaterThan(cursor);
  });
});

/** So long that an act reads the terminal again. */
async function pause(): Promise<void> {
  const since = performance.now();
  await until('some time has passed', () => performance.now() - since > 10);
}

/** A wait is the request itself, or a part of it. */
function waiting(method: string, wait: object): object {
  return method === 'session.wait' ? wait : { wait };
}
