/** A full disk under the daemon's own files: its sessions go on, what could not be written is said, and made up for. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { RotatingFile, type RotatingFileSystem, readRunning } from '../../packages/protocol/src/index.ts';
import { type Pilotty, test } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';

/** Takes all there is, to the last byte. @returns gives it back */
function fill(disk: string): () => void {
  const path = join(disk, 'filler');
  const fd = openSync(path, 'w');
  for (const size of [4096, 1]) {
    const bytes = Buffer.alloc(size);
    try {
      for (;;) writeSync(fd, bytes);
    } catch {
      // Full.
    }
  }
  closeSync(fd);
  return () => rmSync(path);
}

/** So long that the lines of thirty do not fit into the page that a file has already. */
const nameOf = (index: number) => `full-${index}-${'x'.repeat(50)}`;

test('on a full disk sessions go on, and the log, the record of what runs and that of what is kept are whole afterwards', async ({
  pilotty,
}) => {
  const disk = join(pilotty.directory, 'disk');
  mkdirSync(disk);
  const options = ['-t', 'tmpfs', '-o', 'size=512k,mode=0700', 'tmpfs', disk];
  const mounted = spawnSync('mount', options, { encoding: 'utf8' });
  // Nobody but root can, and not in every container: that is no fault of the machine.
  if (mounted.status !== 0) {
    console.warn(`skipped: no disk can be mounted here: ${mounted.stderr ?? mounted.error}`);
    return;
  }
  try {
    await onDisk(pilotty, disk);
  } finally {
    await pilotty.run('stop');
    spawnSync('umount', ['-l', disk]);
  }
});

async function onDisk(pilotty: Pilotty, disk: string): Promise<void> {
  const socketDir = join(disk, 's');
  mkdirSync(socketDir, { mode: 0o700 });
  pilotty.env.PILOTTY_SOCKET_DIR = socketDir;
  pilotty.env.XDG_STATE_HOME = join(disk, 'state');
  const log = () => readFileSync(join(socketDir, 'pilotty.log'), 'utf8');
  const running = () => readRunning(readFileSync(join(socketDir, 'pilotty.running'), 'utf8'));
  await pilotty.run('spawn', '--name', 'before', 'bash', '--norc');
  await pilotty.run('wait', '-s', 'before', '--prompt');

  const giveBack = fill(disk);
  try {
    // Its log and its record find no room; the program runs.
    for (let index = 0; index < 30; index++)
      await pilotty.run('spawn', '--name', nameOf(index), '--', 'sh', '-c', 'echo shown; exec cat');
    expect((await pilotty.run('wait', '-s', nameOf(29), '--text', 'shown')).code).toBe(0);
    const refused = await pilotty.run('exec', '-s', 'before', 'echo hi');
    expect(refused.error()).toMatchObject({
      code: 'CONDITION_FAILED',
      suggestion: expect.stringContaining('Make room'),
    });
    expect(running().length).toBeLessThan(31);
  } finally {
    giveBack();
  }
  await pilotty.run('kill', '-s', nameOf(0));
  // Its end, which comes after the answer, is the next thing to be written.
  const expected = ['before', ...Array.from({ length: 29 }, (_, index) => nameOf(index + 1))].sort();
  const names = () => running().map(({ name }) => name);
  await until('the record of what runs to be whole', () => names().sort().join() === expected.join(), {
    lastSeen: () => names().join(),
  });
  await until('the end in the log', () => log().includes('"msg":"session ended"'), { lastSeen: log });
  for (const line of log().trimEnd().split('\n'))
    if (line.startsWith('{') && line.endsWith('}')) JSON.parse(line);
  expect(log()).toMatch(/"msg":"\d+ lines? before this one could not be written"\}\n\{/);
  expect((await pilotty.run('exec', '-s', 'before', 'echo hi')).stdout).toBe('hi\n');
  await untilKept(join(disk, 'state'), nameOf(29));
  expect((await pilotty.run('stop')).code).toBe(0);
  delete pilotty.env.XDG_STATE_HOME;
}

async function untilKept(state: string, name: string): Promise<void> {
  await until(`${name} to be kept`, () => {
    if (!existsSync(state)) return false;
    const files = readdirSync(state, { recursive: true }).map(String);
    const record = files.find((file) => file.endsWith('sessions.json'));
    return record !== undefined && readFileSync(join(state, record), 'utf8').includes(`"${name}"`);
  });
}

test('a log of which a full disk took half a line goes on with whole ones, and says how many are lost', ({
  pilotty,
}) => {
  const path = join(pilotty.directory, 'log');
  let room = Number.POSITIVE_INFINITY;
  const disk: RotatingFileSystem = {
    ...fs,
    writeSync: (fd, text) => {
      const bytes = Buffer.from(text).subarray(0, room);
      if (bytes.length === 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      room -= bytes.length;
      return fs.writeSync(fd, bytes);
    },
  };
  const file = new RotatingFile(path, disk);
  file.write('{"msg":"first"}\n');
  room = 5;
  for (const word of ['half', 'none', 'nor this']) file.write(`{"msg":"${word}"}\n`);
  room = Number.POSITIVE_INFINITY;
  file.write('{"msg":"afterwards"}\n');
  file.write('{"msg":"last"}\n');
  file.close();
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  expect(lines[1]).toBe('{"msg');
  const whole = [lines[0], ...lines.slice(2)].map((line) => JSON.parse(line ?? '').msg);
  expect(whole).toEqual(['first', '3 lines before this one could not be written', 'afterwards', 'last']);
});
