/** What lies in the sessions directory: whole, for nobody else to read, and without secrets. */
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { OutputLog } from '../../apps/delta-sessions/src/sessions/output-log.ts';
import { until } from '../harness/until.ts';
import { test } from './delta.ts';

test('a session has its files, readable by its owner only, and no environment in them', async ({ delta }) => {
  const { stdout } = await delta.sh('umask 0; delta-sessions start bash --norc', {
    env: { API_TOKEN: 'hunter2' },
  });
  const id = JSON.parse(stdout).session_id;
  await delta.write(id, 'echo hi\\n');
  await delta.read(id, '--wait');
  const directory = join(delta.workspace, '.sessions', id);
  const names = readdirSync(directory).sort();
  expect(names).toEqual(['input.log', 'metadata.json', 'output.log', 'state.json']);
  const modes = [join(directory, '..'), directory, ...names.map((name) => join(directory, name))].map(
    (path) => (statSync(path).mode & 0o777).toString(8),
  );
  expect(modes).toEqual(['700', '700', '600', '600', '600', '600']);
  expect(names.filter((name) => delta.file(id, name).includes('hunter2'))).toEqual([]);
  expect(JSON.parse(delta.file(id, 'metadata.json'))).toMatchObject({
    session_id: id,
    command: 'bash --norc',
    status: 'active',
    work_dir: delta.workspace,
    execution_count: 0,
  });
  expect(delta.file(id, 'output.log')).toContain('echo hi\r\nhi\r\nready$ ');
});

test('state.json says where the session is', async ({ delta }) => {
  const id = await delta.start('bash', '--norc');
  await delta.write(id, 'cd /\\n');
  await delta.read(id, '--wait');
  expect((await delta.json('status', id)).work_dir).toBe('/');
  expect(JSON.parse(delta.file(id, 'state.json')).work_dir).toBe('/');
});

test('output.log is brought up to date by any command that looks at the session', async ({ delta }) => {
  const id = await delta.start('sh', '-c', 'stty -opost; printf one; exec cat');
  await delta.pilotty.run('wait-for', '-s', id, 'one');
  await delta.json('list');
  expect(delta.file(id, 'output.log')).toBe('one');
});

test('files are read whole at any moment, while many commands write them', async ({ delta }) => {
  const id = await delta.start('cat');
  let isOver = false;
  const writes = Promise.all(Array.from({ length: 20 }, () => delta.write(id, 'x\\n'))).finally(() => {
    isOver = true;
  });
  let looks = 0;
  await until('the writes to be over', () => {
    JSON.parse(delta.file(id, 'metadata.json'));
    JSON.parse(delta.file(id, 'state.json'));
    looks++;
    return isOver;
  });
  await writes;
  expect(looks).toBeGreaterThan(1);
  expect(
    readdirSync(join(delta.workspace, '.sessions', id)).filter((name) => /lock|json\./.test(name)),
  ).toEqual([]);
});

test('a command that was killed with the lock in its hand blocks nobody', async ({ delta }) => {
  const id = await delta.start('cat');
  const lock = join(delta.workspace, '.sessions', id, 'lock');
  const dead = { pid: 2147483646, startedAt: '1', nonce: 'dead' };
  writeFileSync(lock, JSON.stringify(dead));
  expect((await delta.write(id, 'x')).status).toBe('sent');
  // Another process has its number now.
  writeFileSync(lock, JSON.stringify({ ...dead, pid: process.pid }));
  expect((await delta.write(id, 'x')).status).toBe('sent');
});

test('what is no session is neither listed nor in the way, and cleaned up', async ({ delta }) => {
  const running = await delta.start('cat');
  const at = (...names: string[]) => join(delta.workspace, '.sessions', ...names);
  mkdirSync(at('sess_empty'));
  mkdirSync(at('sess_damaged'));
  writeFileSync(at('sess_damaged', 'metadata.json'), '{"session_id":');
  mkdirSync(at('.sess_old.starting'));
  utimesSync(at('.sess_old.starting'), new Date(0), new Date(0));
  mkdirSync(at('notes'));
  expect((await delta.json('list')).map(({ session_id }: { session_id: string }) => session_id)).toEqual([
    running,
  ]);
  const { cleaned, remaining } = await delta.json('cleanup');
  expect({ cleaned: cleaned.sort(), remaining }).toEqual({
    cleaned: ['.sess_old.starting', 'sess_damaged', 'sess_empty'],
    remaining: [running],
  });
  expect(readdirSync(at()).sort()).toEqual(['notes', running]);
});

test('cleanup leaves what is not ours, whatever its name, and files that others put beside ours', async ({
  delta,
}) => {
  const at = (...names: string[]) => join(delta.workspace, '.sessions', ...names);
  const ended = await delta.start('true');
  await until('it to end', async () => (await delta.json('status', ended)).status === 'terminated');
  writeFileSync(at(ended, 'notes.txt'), 'mine');
  for (const name of ['sess_notes', 'sess_0123abcd', '.sess_old.starting']) {
    mkdirSync(at(name));
    writeFileSync(at(name, 'thesis.md'), 'the only copy');
    utimesSync(at(name), new Date(0), new Date(0));
  }
  mkdirSync(at('sess_deep', 'metadata.json'), { recursive: true });
  writeFileSync(at('sess_file'), 'mine');
  const { cleaned } = await delta.json('cleanup');
  expect(cleaned).toEqual([ended]);
  expect(readdirSync(at()).sort()).toEqual(
    ['.sess_old.starting', 'sess_0123abcd', 'sess_deep', 'sess_file', 'sess_notes', ended].sort(),
  );
  expect(readdirSync(at(ended))).toEqual(['notes.txt']);
  expect((await delta.json('cleanup')).cleaned).toEqual([]);
});

test('a log of its own size: parts are put aside, offsets stay, the oldest go', ({ delta }) => {
  const directory = join(delta.workspace, 'log');
  mkdirSync(directory);
  const log = new OutputLog(directory);
  const block = (index: number) => Buffer.alloc(8 * 1024 * 1024, index);
  for (let index = 0; index < 12; index++) log.append(log.end, block(index));
  expect(log.end).toBe(12 * block(0).length);
  expect(readdirSync(directory).sort()).toEqual(['output.log', `output.log.${4 * block(0).length}`]);
  const { bytes, missed } = log.read(3 * block(0).length);
  expect({ missed, first: bytes[0], last: bytes.at(-1) }).toEqual({
    missed: block(0).length,
    first: 4,
    last: 11,
  });
});

test('a log with a gap says how much is missing, and adds nothing twice', ({ delta }) => {
  const directory = join(delta.workspace, 'log');
  mkdirSync(directory);
  const log = new OutputLog(directory);
  log.append(0, Buffer.from('abc'));
  log.append(1, Buffer.from('bcde'));
  log.append(2, Buffer.from('c'));
  log.append(10, Buffer.from('klm'));
  log.append(12, Buffer.from('mno'));
  expect(log.end).toBe(15);
  expect(log.read(3)).toEqual({ bytes: Buffer.from('de'), missed: 0, isCut: true });
  expect(log.read(7)).toEqual({ bytes: Buffer.from('klmno'), missed: 3, isCut: false });
  expect(log.read(15)).toEqual({ bytes: Buffer.alloc(0), missed: 0, isCut: false });
  // As if killed between putting a full log aside and beginning the next.
  truncateSync(join(directory, 'output.log'), 0);
  rmSync(join(directory, 'output.log'));
  expect(log.end).toBe(10);
  log.append(10, Buffer.from('k'));
  expect(log.read(0)).toEqual({ bytes: Buffer.from('abcde'), missed: 0, isCut: true });
  expect(log.read(5)).toEqual({ bytes: Buffer.from('k'), missed: 5, isCut: false });
  expect(readFileSync(join(directory, 'output.log'), 'utf8')).toBe('k');
});
