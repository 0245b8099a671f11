/** What is kept of sessions on disk, in its bounds: of one session, and of many that were lost. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { SessionKeeper } from '../../packages/daemon/src/kept/session-keeper.ts';
import { recordsText, type SessionRecord } from '../../packages/daemon/src/kept/session-record.ts';
import { MAX_TAIL_BYTES, tailOf } from '../../packages/daemon/src/kept/tail.ts';
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
