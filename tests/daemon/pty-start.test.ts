/** A start that fails once the program runs leaves neither the program nor a descriptor behind. */
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, expect, test, vi } from 'vitest';
import { findProcess } from '../../packages/daemon/src/processes/process-table.ts';
import { Pty } from '../../packages/daemon/src/pty/pty.ts';
import { PATH } from '../harness/programs.ts';
import { until } from '../harness/until.ts';

/** Ended ones too, as long as they have not been reaped. */
function children(): number[] {
  const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => findProcess(pid)?.parent === process.pid);
}

afterEach(() => {
  vi.restoreAllMocks();
});

test.runIf(process.platform === 'linux')(
  'a terminal that cannot be opened once more ends its program',
  async () => {
    const openDescriptors = () => fs.readdirSync('/proc/self/fd').length;
    const before = openDescriptors();
    const others = children();
    const open = fs.openSync;
    let started: number[] = [];
    vi.spyOn(fs, 'openSync').mockImplementation((path, flags, mode) => {
      if (!String(path).startsWith('/dev/pts/')) return open(path, flags, mode);
      started = children().filter((pid) => !others.includes(pid));
      throw Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' });
    });
    const options = {
      argv: ['/bin/sleep', '1000'] as const,
      cwd: tmpdir(),
      env: { PATH },
      cols: 80,
      rows: 24,
    };
    const start = () =>
      new Pty({ ...options, argv: [...options.argv] }, { output: () => {}, exit: () => {} });
    expect(start).toThrow('EMFILE');
    expect(started).toHaveLength(1);
    await until('the program to be gone', () => !children().includes(started[0] ?? 0));
    expect(openDescriptors()).toBe(before);
  },
);
