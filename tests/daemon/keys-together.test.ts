/** Keys that a client sends one after the other, without waiting for answers: with one write, and each an act of its own. */
import fs, { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Daemon } from '../../packages/daemon/src/daemon.ts';
import { startInProcess } from '../../packages/daemon/src/in-process.ts';
import { encodeMessage, PROTOCOL, type RequestId, VERSION } from '../../packages/protocol/src/index.ts';
import { until } from '../harness/until.ts';

// biome-ignore lint/suspicious/noExplicitAny: a test knows what it asked for
type Json = any;

const directory = realpathSync(mkdtempSync(join(tmpdir(), 'pk-')));
let daemon: Daemon;
let close: () => Promise<void>;
let socket: ReturnType<typeof connect>;
const answers = new Map<RequestId, Json>();
let lastId = 0;
/** What is written to terminals, and not to sockets and files. */
const { writeSync } = fs;
let written: string[] = [];

/** Sends them with one write. @returns their answers, each the result or the code of the error */
async function ask(...requests: [method: string, params: object][]): Promise<Json[]> {
  const messages = requests.map(([method, params]) => {
    lastId += 1;
    return { jsonrpc: '2.0' as const, id: lastId, method, params };
  });
  socket.write(messages.map(encodeMessage).join(''));
  await until('all are answered', () => messages.every(({ id }) => answers.has(id)));
  return messages.map(({ id }) => answers.get(id));
}

const key = (keys: string, session = 'one'): [string, object] => ['session.key', { session, keys }];

/** No wait: what was typed is no answer to one. */
async function shown(text: string, session = 'one'): Promise<void> {
  await until(`${session} shows ${text}`, () => daemon.sessions.get(session).screen.text().includes(text));
}

const fdOf = (name: string) => daemon.sessions.get(name).liveProgram?.descriptors[0];

/** @param take how many bytes the terminal takes of what is written to it first */
function watchWrites(session: string, take?: number): void {
  const fd = fdOf(session);
  written = [];
  vi.spyOn(fs, 'writeSync').mockImplementation(((to: number, bytes: Uint8Array, ...rest: never[]) => {
    if (to !== fd) return writeSync(to, bytes, ...rest);
    const isCut = take !== undefined && written.length === 0;
    const count = writeSync(to, isCut ? bytes.subarray(0, take) : bytes, ...rest);
    written.push(Buffer.from(bytes).toString('latin1'));
    return count;
  }) as typeof fs.writeSync);
}

beforeAll(async () => {
  const started = await startInProcess(directory);
  daemon = started.daemon as Daemon;
  close = started.close;
  socket = connect(daemon.paths.socket);
  createInterface({ input: socket }).on('line', (line) => {
    const { id, result, error } = JSON.parse(line);
    answers.set(id, result ?? error.data.code);
  });
  await ask(['hello', { protocol: PROTOCOL, version: VERSION }]);
  const argv = ['sh', '-c', 'stty raw -echo; echo begun; exec cat -v'];
  for (const name of ['one', 'two', 'cut', 'split'])
    await ask(['session.spawn', { argv, name, cwd: '/', env: { PATH: process.env.PATH } }]);
  for (const name of ['one', 'two', 'cut', 'split']) await shown('begun', name);
});

afterEach(() => {
  vi.restoreAllMocks();
});

afterAll(async () => {
  socket.destroy();
  await close();
  rmSync(directory, { recursive: true });
});

test('keys that were sent together are few writes; each has its number and its answer', async () => {
  watchWrites('one');
  const letters = [...'abcdefghijklmnopqrstuvwxyz0123456789'];
  const results = await ask(...letters.map((letter) => key(letter)));
  expect(results.map(({ type, bytes, keys }) => ({ type, bytes, keys }))).toEqual(
    letters.map((letter) => ({ type: 'keys_sent', bytes: 1, keys: [letter] })),
  );
  const numbers = results.map(({ seq }) => seq);
  expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other));
  expect(written.join('')).toBe(letters.join(''));
  expect(written.length).toBeLessThan(letters.length / 4);
  await shown(letters.join(''));
});

test('a key that is refused, a look and another session in between change neither the order nor what is sent', async () => {
  const asked = [key('A'), key('B'), key('NoSuchKey'), key('C'), key('D', 'two'), key('E', 'two'), key('F')];
  const results = await ask(
    ...asked,
    ['session.snapshot', { session: 'one' }],
    key('G'),
    key('H'),
    key('', 'one'),
  );
  expect(results.map((result) => result.keys?.[0] ?? result.type ?? result)).toEqual([
    'A',
    'B',
    'INVALID_KEY',
    'C',
    'D',
    'E',
    'F',
    'screen_state',
    'G',
    'H',
    'INVALID_INPUT',
  ]);
  await shown('ABCFGH');
  await shown('DE', 'two');
});

test('each is an act: a wait counts from the last of them', async () => {
  await ask(key('x'), key('y'), key('z'));
  const session = daemon.sessions.get('one');
  expect(session.acts.last.seq).toBe(session.acts.lastSeq);
  expect(session.acts.last.typed.endsWith('xyz')).toBe(true);
});

test('what the terminal does not take at once is sent afterwards, once and in order', async () => {
  watchWrites('cut', 3);
  const results = await ask(...[...'abcdef'].map((letter) => key(letter, 'cut')));
  expect(results.map(({ bytes }) => bytes)).toEqual([1, 1, 1, 1, 1, 1]);
  await shown('abcdef', 'cut');
});

test('a key of which the terminal takes a part is sent once', async () => {
  watchWrites('split', 4);
  const results = await ask(
    key('Up', 'split'),
    key('Down', 'split'),
    key('Left', 'split'),
    key('q', 'split'),
  );
  expect(results.map(({ bytes }) => bytes)).toEqual([3, 3, 3, 1]);
  await shown('^[[A^[[B^[[Dq', 'split');
});

test('where one has taken the keyboard, each of the keys of another is refused', async () => {
  const other = connect(daemon.paths.socket);
  const lines: string[] = [];
  createInterface({ input: other }).on('line', (line) => lines.push(line));
  const hello = { protocol: PROTOCOL, version: VERSION, client: { name: 'another' } };
  other.write(encodeMessage({ jsonrpc: '2.0', id: 1, method: 'hello', params: hello }));
  other.write(encodeMessage({ jsonrpc: '2.0', id: 2, method: 'session.take', params: { session: 'two' } }));
  await until('it has the keyboard', () => lines.length === 2);
  expect(await ask(key('1', 'two'), key('2', 'two'), key('3', 'two'))).toEqual(
    Array(3).fill('KEYBOARD_TAKEN'),
  );
  other.destroy();
});
