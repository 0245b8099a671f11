/**
 * The script that starts the command: from where the package managers put it, under the shells that may be `sh`, and
 * on systems with the loaders of several. The programs that it starts only say which they are.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { builtProgram } from '../harness/pilotty.ts';
import { pathOf } from '../harness/programs.ts';

let place: string;

beforeEach(() => {
  place = realpathSync(mkdtempSync(join(tmpdir(), 'pl-')));
});

afterEach(() => rmSync(place, { recursive: true, force: true }));

/** Of those that may be a system's `sh`, the ones that this system has. */
const SHELLS = (
  [['dash'], ['bash', '--posix'], ['busybox', 'sh'], ['zsh', '--emulate', 'sh'], ['mksh'], ['yash']] as [
    string,
    ...string[],
  ][]
).filter(([name]) => pathOf(name));

/** Where packages are put: a path with a space. */
const packages = () => join(place, 'a place');

function program(file: string, script: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

/** A package with native clients for some systems. @returns its script, on a system with the loaders of `loaders()` */
function install(path: string, ...systems: string[]): string {
  const dist = join(packages(), path, 'dist');
  const source = readFileSync(builtProgram('pilotty.sh'), 'utf8');
  program(join(dist, 'pilotty.sh'), source.replaceAll(/=(?=\/(?:lib|lib64|System)\/)/g, `=${place}/system`));
  for (const system of systems) program(join(dist, 'native', system, 'pilotty'), `echo "${system} $*"`);
  return join(dist, 'pilotty.sh');
}

function link(path: string, target: string): string {
  const file = join(packages(), path);
  mkdirSync(dirname(file), { recursive: true });
  symlinkSync(target, file);
  return file;
}

function loaders(...paths: string[]): void {
  rmSync(join(place, 'system'), { recursive: true, force: true });
  for (const path of paths) program(join(place, 'system', path), '');
}

/** What is printed, and which other programs were asked. */
function run([file = '', ...words]: readonly string[], script: string) {
  const log = join(place, 'log');
  rmSync(log, { force: true });
  for (const name of ['uname', 'readlink'])
    program(join(place, 'asked', name), `echo ${name} >>'${log}'; PATH=$REAL_PATH exec ${name} "$@"`);
  program(join(place, 'asked/node'), 'shift; echo "node $*"');
  const { stdout, stderr } = spawnSync(file, [...words, script, 'one', 'two words'], {
    env: { PATH: `${place}/asked:${process.env.PATH}`, REAL_PATH: process.env.PATH },
    encoding: 'utf8',
  });
  const asked = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
  return { answer: stdout + stderr, asked };
}

const X64 = 'lib64/ld-linux-x86-64.so.2';
const THIS = { x64: [X64], arm64: ['lib/ld-linux-aarch64.so.1'] }[process.arch as string] ?? [];
const HERE = `linux-${process.arch}`;

const linuxTest = test.skipIf(process.platform !== 'linux' || THIS.length === 0);

linuxTest.for(SHELLS)(
  'under %s it finds its programs in every layout, and asks no other program in the usual ones',
  (shell) => {
    loaders(...THIS);
    const other = install('elsewhere/pilotty', 'linux-x64', 'linux-arm64');
    install('npm/node_modules/pilotty', 'linux-x64', 'linux-arm64');
    install('g/lib/node_modules/pilotty', 'linux-x64', 'linux-arm64');
    install('bun/install/global/node_modules/pilotty', 'linux-x64', 'linux-arm64');
    install('pnpm/store/node_modules/pilotty', 'linux-x64', 'linux-arm64');
    link('pnpm/node_modules/pilotty', '../store/node_modules/pilotty');
    const npm = link('npm/node_modules/.bin/pilotty', '../pilotty/dist/pilotty.sh');
    const native = { answer: `${HERE} one two words\n` };
    for (const usual of [
      other,
      npm,
      link('g/bin/pilotty', '../lib/node_modules/pilotty/dist/pilotty.sh'),
      link('bun/bin/pilotty', '../install/global/node_modules/pilotty/dist/pilotty.sh'),
      // The way that pnpm's own script goes.
      join(packages(), 'pnpm/node_modules/.bin/../pilotty/dist/pilotty.sh'),
    ])
      expect(run(shell, usual), usual).toEqual({ ...native, asked: [] });
    // A link that leads away from what lies beside it, and one to a link.
    install('misled/pilotty', 'none');
    for (const unusual of [link('misled/bin/pilotty', other), link('yarn/bin/pilotty', npm)])
      expect(run(shell, unusual).answer, unusual).toBe(native.answer);
    const plain = install('without/pilotty');
    expect(run(shell, plain)).toEqual({ answer: 'node one two words\n', asked: [] });
  },
);

linuxTest('a client for another system is never run: where a loader leaves a doubt, uname decides', () => {
  const script = install('pilotty', 'linux-x64', 'linux-arm64', 'darwin-arm64', 'darwin-x64');
  for (const present of [
    [],
    [X64, 'lib/ld-linux-aarch64.so.1'],
    [X64, 'lib/ld-linux.so.2'],
    ['lib/ld-musl-aarch64.so.1', 'lib/ld-musl-x86_64.so.1'],
    ['System/Library'],
  ]) {
    loaders(...present);
    const native = { answer: `${HERE} one two words\n`, asked: ['uname'] };
    expect(run(['sh'], script), present.join()).toEqual(native);
  }
  // As in a container that has got the package from a Mac.
  loaders(...THIS);
  const foreign = install('foreign', 'darwin-arm64');
  expect(run(['sh'], foreign)).toEqual({ answer: 'node one two words\n', asked: [] });
});
