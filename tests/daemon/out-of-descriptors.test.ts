/** Too many open files, of the process or of the machine: the answer names the limit that was met. */
import fs from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { hasFreeDescriptors, needDescriptors } from '../../packages/daemon/src/processes/free-descriptors.ts';

afterEach(() => vi.restoreAllMocks());

test.each([
  ['EMFILE', 'ulimit -n'],
  ['ENFILE', 'fs.file-max'],
])('%s is refused with what helps', (code, helps) => {
  const close = vi.spyOn(fs, 'closeSync');
  const open = fs.openSync;
  let opened = 0;
  vi.spyOn(fs, 'openSync').mockImplementation((...args) => {
    opened += 1;
    if (opened === 3) throw Object.assign(new Error(`${code}: too many open files`), { code });
    return open(...args);
  });
  expect(() => needDescriptors(5, "Cannot start 'vim'")).toThrow(
    expect.objectContaining({
      code: 'LIMIT_REACHED',
      message: expect.stringContaining(`Cannot start 'vim': no file descriptors are left`),
      suggestion: expect.stringContaining(helps),
    }),
  );
  expect(close, 'what was opened to try').toHaveBeenCalledTimes(2);
});

test('another fault of opening is not taken for a limit', () => {
  vi.spyOn(fs, 'openSync').mockImplementation(() => {
    throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
  });
  expect(hasFreeDescriptors(1)).toBe(true);
});
