/** The harness itself: what a failed test shows, and what no test may leave behind. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect } from 'vitest';
import { Pilotty, test } from './pilotty.ts';
import { program } from './programs.ts';
import { until } from './until.ts';

test('a description has the commands, the screens and the log', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'words', '--', ...program('last-words.sh', '3', '7'));
  await pilotty.run('wait-for', '-s', 'words', 'the end');
  await pilotty.run('status', '-s', 'nobody');
  const description = await pilotty.describe();
  expect(description).toContain('$ pilotty spawn --name words');
  expect(description).toContain('SESSION_NOT_FOUND');
  expect(description).toMatch(/— screen of words —\n[^—]*the end/);
  expect(description).toMatch(/— daemon log —\n\{/);
});

test('a process left behind is named, ended, and fails the test', async () => {
  const pilotty = new Pilotty();
  const args = ['-e', 'console.log("up"); setInterval(() => {}, 60_000)'];
  const left = spawn(process.execPath, args, { env: pilotty.env, stdio: ['ignore', 'pipe', 'ignore'] });
  await new Promise((resolve) => left.stdout.once('data', resolve));
  await expect(pilotty.close({ deadlineMs: 0 })).rejects.toThrow(`${left.pid} ${process.execPath} -e`);
  await until('it to be gone', () => left.signalCode === 'SIGKILL');
  expect(existsSync(pilotty.directory)).toBe(false);
});

test('the daemon, its sessions and the directories are gone after a close', async () => {
  const pilotty = new Pilotty();
  await pilotty.run('spawn', '--', ...program('stubborn.cjs'));
  await pilotty.run('wait-for', 'child \\d+ ready', '--regex');
  expect(pilotty.processes()).toHaveLength(3);
  await pilotty.close();
  expect(pilotty.processes()).toEqual([]);
  expect(existsSync(pilotty.directory)).toBe(false);
});

test('a condition that never holds says what it waited for and what there was', async () => {
  const waiting = until('the moon', () => false, { deadlineMs: 0, lastSeen: () => 'a cloud' });
  await expect(waiting).rejects.toThrow('waited 0 s for the moon\nlast seen: a cloud');
});
