import fs, { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RotatingFile, type RotatingFileSystem } from '../../packages/protocol/src/index.ts';

const MAX_BYTES = 20;
let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rf-'));
  path = join(directory, 'log');
});
afterEach(() => rmSync(directory, { recursive: true }));

const text = (file: string) => readFileSync(file, 'utf8');

test('at its bound the file becomes FILE.1 and a new one begins: every line is in one of them', () => {
  const file = new RotatingFile(path, fs, MAX_BYTES);
  for (const line of ['first\n', 'second, to the bound\n', 'third\n', 'fourth\n']) file.write(line);
  file.close();
  expect(text(`${path}.1`)).toBe('first\nsecond, to the bound\n');
  expect(text(path)).toBe('third\nfourth\n');
});

test('where the new file cannot be opened the old one goes on, and no other descriptor is written to', () => {
  let isRefused = false;
  const failing: RotatingFileSystem = {
    ...fs,
    openSync: (name, flags, mode) => {
      if (isRefused) throw Object.assign(new Error('too many open files'), { code: 'EMFILE' });
      return fs.openSync(name, flags, mode);
    },
  };
  const file = new RotatingFile(path, failing, MAX_BYTES);
  file.write('longer than the bound is\n');
  isRefused = true;
  file.write('while it was refused\n');
  // Had the file been closed, this one would have its descriptor, and get the next line.
  const other = fs.openSync(join(directory, 'other'), 'w');
  file.write('still\n');
  isRefused = false;
  file.write('afterwards\n');
  file.close();
  fs.closeSync(other);
  expect(text(`${path}.1`)).toBe('longer than the bound is\nwhile it was refused\nstill\n');
  expect(text(path)).toBe('afterwards\n');
  expect(text(join(directory, 'other'))).toBe('');
});

test('a file that another process has put there is not moved away', () => {
  const file = new RotatingFile(path, fs, MAX_BYTES);
  file.write('longer than the bound is\n');
  renameSync(path, `${path}.moved`);
  fs.writeFileSync(path, 'of another\n');
  file.write('ours\n');
  file.close();
  expect(text(path)).toBe('of another\nours\n');
  expect(fs.existsSync(`${path}.1`)).toBe(false);
});
