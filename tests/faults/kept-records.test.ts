/** What daemons that share a directory of kept sessions find there of each other: each session is one daemon's. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { KeptFiles } from '../../packages/daemon/src/kept/kept-files.ts';
import { recordsText, type SessionRecord } from '../../packages/daemon/src/kept/session-record.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kr-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
});

const recordOf = (name: string): SessionRecord => ({
  ...{ id: 'ab', name, argv: ['true'], cwd: '/', tags: [], term: 'xterm', pid: 2_147_483_647 },
  ...{ size: { cols: 80, rows: 24 }, background: false, shell_integration: true },
  created_at: new Date(0).toISOString(),
});

const filesOf = (pid: number) => new KeptFiles(directory, { pid, startedAt: `Sat Nov 29 ${pid}` });
const namesIn = (records: readonly { sessions: readonly SessionRecord[] }[]) =>
  records.flatMap(({ sessions }) => sessions.map(({ name }) => name)).sort();
const nobody = () => false;

test('of several daemons that come after one that was killed, one has each of its sessions', async () => {
  for (let round = 0; round < 20; round++) {
    await filesOf(1).writeRecord([recordOf('a')], []);
    await filesOf(2).writeRecord([recordOf('b')], []);
    const taken = await Promise.all(
      [3, 4, 5].map((pid) => filesOf(pid).takeRecords((other) => other.pid > 2)),
    );
    expect(taken.flatMap(({ records }) => namesIn(records)).sort()).toEqual(['a', 'b']);
    for (const { done } of taken) await done();
    expect(readdirSync(directory)).toEqual([]);
  }
});

test('what a daemon that lives has written is not taken, and stays as it is', async () => {
  await filesOf(1).writeRecord([recordOf('runs')], []);
  const isAlive = ({ pid, startedAt }: { pid: number; startedAt: string }) =>
    pid === 1 && startedAt === 'Sat Nov 29 1';
  const other = filesOf(2);
  const before = await other.takeRecords(isAlive);
  expect([before.records, before.hasOthers]).toEqual([[], true]);
  await other.writeRecord([recordOf('too')], []);
  await other.writeRecord([], []);
  expect(namesIn((await other.takeRecords(nobody)).records)).toEqual(['runs']);
});

test('what was taken, and not yet written anew by a daemon that was killed then, is found by the next', async () => {
  await filesOf(1).writeRecord([recordOf('a')], []);
  await filesOf(2).takeRecords(nobody);
  expect(namesIn((await filesOf(3).takeRecords(nobody)).records)).toEqual(['a']);
});

test('the record of an earlier version is read, and one that cannot be used is set aside, not lost', async () => {
  writeFileSync(join(directory, 'sessions.json'), recordsText([recordOf('old')], []), { mode: 0o600 });
  await filesOf(1).writeRecord([recordOf('cut')], []);
  const [name = ''] = readdirSync(directory).filter((file) => file.startsWith('1-'));
  writeFileSync(join(directory, name), '{"version":1,"sess');
  const { records, problems } = await filesOf(2).takeRecords(nobody);
  expect(namesIn(records)).toEqual(['old']);
  expect(problems).toHaveLength(1);
  expect(readdirSync(directory)).toContain('sessions.json.unusable');
});
