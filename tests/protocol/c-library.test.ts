import { expect, test } from 'vitest';
import { type CLibrary, muslProblem } from '../../packages/protocol/src/index.ts';

const MUSL = '/lib/ld-musl-x86_64.so.1';
const COMPILED = '/n/build/Release/pty.node';

test.for<[string, Partial<CLibrary>, readonly string[], boolean]>([
  ['Alpine Linux', {}, [MUSL], true],
  ['Alpine Linux, where node-pty was compiled', {}, [MUSL, COMPILED], false],
  ['Debian', {}, [], false],
  ['Debian with musl beside glibc', { glibcVersion: () => '2.39' }, [MUSL], false],
  ['Alpine Linux on ARM', { arch: 'arm64' }, ['/lib/ld-musl-aarch64.so.1'], true],
  ['macOS', { platform: 'darwin' }, [MUSL], false],
])('node-pty as it comes: %s', ([, system, files, isProblem]) => {
  let isSought = false;
  const found = muslProblem(
    {
      platform: 'linux',
      arch: 'x64',
      exists: (path) => files.includes(path),
      glibcVersion: () => undefined,
      ...system,
    },
    () => {
      isSought = true;
      return '/n';
    },
  );
  expect(found !== undefined).toBe(isProblem);
  expect(isSought).toBe(system.platform !== 'darwin' && files.length > 0);
});
