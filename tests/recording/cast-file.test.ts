/** The file of a recording, on disks that are slow, full or broken. */
import { expect, test } from 'vitest';
import {
  CastFile,
  type CastFiles,
  type CastHandle,
  MAX_UNWRITTEN_BYTES,
} from '../../packages/daemon/src/recording/cast-file.ts';
import { WriteTurns } from '../../packages/daemon/src/recording/write-turns.ts';
import { until } from '../harness/until.ts';

/** A disk in memory. */
class Disk implements CastFiles {
  readonly files = new Map<string, Buffer>();
  /** Called before each write; it waits for what this returns, and fails as it does. */
  onWrite: () => Promise<void> = async () => {};
  writing = 0;
  mostWriting = 0;

  async create(path: string): Promise<CastHandle> {
    const file = { path };
    this.files.set(path, Buffer.alloc(0));
    return {
      write: async (bytes) => {
        this.writing += 1;
        this.mostWriting = Math.max(this.mostWriting, this.writing);
        await this.onWrite().finally(() => {
          this.writing -= 1;
        });
        // Less than asked, as write(2) may.
        const part = bytes.subarray(0, Math.max(1, Math.ceil(bytes.length / 2)));
        this.files.set(file.path, Buffer.concat([this.files.get(file.path) ?? Buffer.alloc(0), part]));
        return { bytesWritten: part.length };
      },
      close: async () => {},
      stat: async () => ({ dev: 1n, ino: BigInt(path.length) }),
    };
  }

  async reopen(): Promise<CastHandle> {
    throw new Error('not in these tests');
  }

  async rename(from: string, to: string): Promise<void> {
    const found = this.files.get(from);
    if (found === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    this.files.delete(from);
    this.files.set(to, found);
  }

  texts(): Record<string, string> {
    return Object.fromEntries([...this.files].map(([path, bytes]) => [path, bytes.toString()]));
  }
}

async function open(disk: Disk, turns = new WriteTurns(), path = '/f') {
  const told: string[] = [];
  const listener = {
    failed: (error: unknown) => void told.push((error as Error).message),
    room: () => void told.push('room'),
  };
  const file = new CastFile(path, await disk.create(path), { files: disk, turns, listener });
  return { file, told };
}

test('what is appended is written by itself, in order', async () => {
  const disk = new Disk();
  const { file } = await open(disk);
  for (const text of ['a\n', 'ü\n', 'c\n']) file.append(Buffer.from(text));
  await until('it is written', () => disk.texts()['/f'] === 'a\nü\nc\n');
  expect(file.bytes).toBe(7);
  await file.close();
});

test('a disk that does not answer is not waited for, and what waits for it has a bound', async () => {
  const disk = new Disk();
  let answer = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  disk.onWrite = () => answered;
  const { file, told } = await open(disk);
  const line = 'x'.repeat(1024 * 1024);
  let appended = 0;
  while (!file.isFull) {
    file.append(Buffer.from(line));
    appended += line.length;
  }
  expect(appended).toBe(MAX_UNWRITTEN_BYTES);
  expect(told).toEqual([]);
  answer();
  await until('there is room again', () => told.includes('room'));
  await file.close();
  expect(disk.texts()['/f']?.length).toBe(appended);
  expect(told).toEqual(['room']);
});

test('a disk that is full ends the file, once', async () => {
  const disk = new Disk();
  const { file, told } = await open(disk);
  file.append(Buffer.from('whole\n'));
  await until('the first is written', () => disk.texts()['/f'] === 'whole\n');
  disk.onWrite = async () => {
    throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  };
  file.append(Buffer.from('lost\n'));
  await until('that is reported', () => told.length > 0);
  file.append(Buffer.from('not tried\n'));
  await file.close();
  expect(told).toEqual(['ENOSPC: no space left on device']);
  expect(disk.texts()).toEqual({ '/f': 'whole\n' });
});

test('files that rotate keep the last ones, and lose no line', async () => {
  const disk = new Disk();
  const { file } = await open(disk);
  for (const text of ['1', '2', '3', '4']) {
    file.append(Buffer.from(text));
    file.rotate(2);
  }
  file.append(Buffer.from('5'));
  await file.close();
  expect(disk.texts()).toEqual({ '/f': '5', '/f.1': '4', '/f.2': '3' });
});

test('however many are written, two writes are under way at most', async () => {
  const disk = new Disk();
  disk.onWrite = () => new Promise((resolve) => setImmediate(resolve));
  const turns = new WriteTurns();
  const all = await Promise.all(Array.from({ length: 8 }, (_, index) => open(disk, turns, `/f${index}`)));
  for (const { file } of all) file.append(Buffer.from('line\n'));
  await Promise.all(all.map(({ file }) => file.close()));
  expect(Object.values(disk.texts())).toEqual(Array(8).fill('line\n'));
  expect(disk.mostWriting).toBe(2);
});
