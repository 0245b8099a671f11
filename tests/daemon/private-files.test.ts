/** Files that are read only where nobody else can have had a hand in them, and replaced in one step. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  makePrivateDirectory,
  readPrivate,
  UnsafeFileError,
  writePrivate,
} from '../../packages/daemon/src/kept/private-files.ts';

let directory: string;
let file: string;

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'pf-'));
  file = path.join(directory, 'file');
});
afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

test('what was written is read, is ours alone, and replaces what was there without following it', async () => {
  fs.writeFileSync(path.join(directory, 'elsewhere'), 'untouched');
  fs.symlinkSync('elsewhere', file);
  await writePrivate(file, 'text');
  expect((await readPrivate(file, 100))?.toString()).toBe('text');
  expect(fs.lstatSync(file).mode & 0o777).toBe(0o600);
  expect(fs.readFileSync(path.join(directory, 'elsewhere'), 'utf8')).toBe('untouched');
  expect(fs.readdirSync(directory).sort()).toEqual(['elsewhere', 'file']);
});

test('none is none', async () => {
  expect(await readPrivate(file, 100)).toBeUndefined();
});

const isRoot = process.getuid?.() === 0;

test.each<[string, () => void]>([
  ['is a symbolic link', () => fs.symlinkSync('/etc/hostname', file)],
  ['is not a regular file', () => fs.mkdirSync(file)],
  ['is not a regular file', () => void execFileSync('mkfifo', ['-m', '600', file])],
  ['can be read or written by other users', () => fs.writeFileSync(file, 'x', { mode: 0o644 })],
  ['has 101 bytes', () => fs.writeFileSync(file, 'x'.repeat(101), { mode: 0o600 })],
  ...(isRoot
    ? ([
        [
          'belongs to user 1234',
          () => {
            fs.writeFileSync(file, 'x', { mode: 0o600 });
            fs.chownSync(file, 1234, 1234);
          },
        ],
      ] as [string, () => void][])
    : []),
])('a file that %s is refused', async (problem, make) => {
  make();
  const read = readPrivate(file, 100);
  await expect(read).rejects.toThrow(UnsafeFileError);
  await expect(read).rejects.toThrow(problem);
});

test('a directory that others can write, or that is a link, is refused', async () => {
  const ours = path.join(directory, 'a/b');
  await makePrivateDirectory(ours);
  expect(fs.statSync(ours).mode & 0o777).toBe(0o700);
  fs.chmodSync(ours, 0o777);
  await expect(makePrivateDirectory(ours)).rejects.toThrow('can be written by other users');
  fs.chmodSync(ours, 0o700);
  fs.symlinkSync(ours, path.join(directory, 'link'));
  await expect(makePrivateDirectory(path.join(directory, 'link'))).rejects.toThrow(UnsafeFileError);
});

test('a write that fails leaves what was there', async () => {
  await writePrivate(file, 'before');
  await expect(writePrivate(path.join(file, 'below'), 'x')).rejects.toThrow();
  expect((await readPrivate(file, 100))?.toString()).toBe('before');
});
