/** How a program is started from a code cache: a program of two lines, with the launcher of the real ones. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

let place: string;

beforeEach(() => {
  place = realpathSync(mkdtempSync(join(tmpdir(), 'pl-')));
  copyFileSync(join(import.meta.dirname, '../../apps/cli/launcher.cjs'), join(place, 'program.cjs'));
  mkdirSync(join(place, 'program'));
  // Says whether V8 took the cache: true, where it was refused, undefined where there was none.
  writeFileSync(
    join(place, 'says-rejected.cjs'),
    `const vm = require('node:vm');
    vm.Script = class extends vm.Script {
      constructor(source, options) {
        super(source, options);
        console.log('rejected: ' + this.cachedDataRejected);
      }
    };`,
  );
});

afterEach(() => rmSync(place, { recursive: true, force: true }));

function write(source: string): void {
  writeFileSync(join(place, 'program/main.cjs'), source);
}

function run(...options: string[]): string {
  return runAs({}, ...options);
}

/** Another user may do what root's permissions would not forbid. */
function runAs(env: NodeJS.ProcessEnv, ...options: string[]): string {
  const args = [...options, join(place, 'program.cjs'), 'one', 'two'];
  const nobody = process.getuid?.() === 0 && env.HOME !== undefined ? { uid: 65534, gid: 65534 } : {};
  const { stdout, stderr } = spawnSync(process.execPath, args, { env, ...nobody, encoding: 'utf8' });
  return stdout + stderr;
}

function runSayingRejected(): string {
  return run('--require', join(place, 'says-rejected.cjs'));
}

function caches(): string[] {
  return readdirSync(join(place, 'program')).filter((name) => name.includes('.cache'));
}

test('the first start keeps what was compiled, and the next ones use it', () => {
  write("console.log('done');");
  expect(runSayingRejected()).toBe('rejected: undefined\ndone\n');
  expect(run()).toBe('done\n');
  expect(caches()).toEqual([`main-${process.version}-${process.arch}.cache`]);
  expect(runSayingRejected()).toBe('rejected: false\ndone\n');
});

test('a program that was replaced by one of the same length is not run from the cache of the old one', () => {
  write("console.log('the old one');");
  run();
  write("console.log('the new one');");
  expect(runSayingRejected()).toBe('rejected: undefined\nthe new one\n');
  run();
  expect(runSayingRejected()).toBe('rejected: false\nthe new one\n');
});

test('a cache that is cut short, or is none, is replaced', () => {
  write("console.log('done');");
  run();
  const [name = ''] = caches();
  for (const broken of ['', 'no cache']) {
    writeFileSync(join(place, 'program', name), broken);
    expect(run()).toBe('done\n');
    expect(runSayingRejected()).toBe('rejected: false\ndone\n');
  }
});

test('a start with other options of Node keeps nothing', () => {
  write("console.log('done');");
  expect(run('--max-old-space-size=100')).toBe('done\n');
  expect(caches()).toEqual([]);
});

test("a start with the options that a daemon's client gives it keeps and uses what was compiled with them", () => {
  write("console.log('done');");
  const own = ['--max-semi-space-size=4', '--v8-pool-size=2'];
  expect(run(...own)).toBe('done\n');
  expect(run(...own, '--require', join(place, 'says-rejected.cjs'))).toBe('rejected: false\ndone\n');
});

test('a program that is stopped by its own exit, or fails, does so as without a launcher', () => {
  write("process.on('exit', (code) => console.log(code)); process.exit(3);");
  expect(run()).toBe('3\n');
  write("require('node:fs').readFileSync('/nowhere');");
  expect(run()).toContain(`${join(place, 'program/main.cjs')}:1`);
});

test('its words, its files and the directory of the programs are as for any program', () => {
  write(`exports.name = 'main';
    console.log(JSON.stringify([process.argv.slice(2), __filename, __dirname, require('./part.cjs')]));`);
  writeFileSync(join(place, 'program/part.cjs'), "module.exports = require('./main.cjs').name;");
  expect(JSON.parse(run())).toEqual([['one', 'two'], join(place, 'program/main.cjs'), place, 'main']);
});

test('what it loads later of its own is kept as well, where that is large', () => {
  write("require('./small.cjs'); console.log(require('./large.cjs') === require('./large.cjs'));");
  writeFileSync(join(place, 'program/small.cjs'), '');
  const filling = '// filling\n'.repeat(5_000);
  writeFileSync(
    join(place, 'program/large.cjs'),
    `${filling}exports.place = __dirname; console.log(require('./main.cjs') !== undefined);`,
  );
  expect(run()).toBe('true\ntrue\n');
  const version = `${process.version}-${process.arch}.cache`;
  expect(caches()).toEqual([`large-${version}`, `main-${version}`]);
  expect(runSayingRejected()).toBe('rejected: false\nrejected: false\ntrue\ntrue\n');
});

test("where that directory cannot be written the user's own cache is used, if nobody else can write that", () => {
  write("console.log('done');");
  const home = join(place, 'home');
  mkdirSync(home);
  if (process.getuid?.() === 0) chownSync(home, 65534, 65534);
  chmodSync(place, 0o755);
  chmodSync(join(place, 'program'), 0o555);
  const saysRejected = ['--require', join(place, 'says-rejected.cjs')];
  expect(runAs({ HOME: home })).toBe('done\n');
  const own = join(home, '.cache/pilotty');
  expect(readdirSync(own)).toEqual([`program-main-${process.version}-${process.arch}.cache`]);
  expect(statSync(own).mode & 0o777).toBe(0o700);
  expect(runAs({ HOME: home }, ...saysRejected)).toBe('rejected: false\ndone\n');
  // Somebody may have put there what would be run.
  chmodSync(own, 0o777);
  expect(runAs({ HOME: home }, ...saysRejected)).toBe('rejected: undefined\ndone\n');
  expect(caches()).toEqual([]);
  chmodSync(join(place, 'program'), 0o755);
});

test("nothing is made in a home that is not there, or not the user's", () => {
  write("console.log('done');");
  chmodSync(place, 0o755);
  chmodSync(join(place, 'program'), 0o555);
  const home = join(place, 'home');
  expect(runAs({ HOME: home })).toBe('done\n');
  mkdirSync(home, { mode: 0o777 });
  chmodSync(home, 0o777);
  mkdirSync(join(home, '.cache'));
  chmodSync(join(home, '.cache'), 0o777);
  expect(runAs({ HOME: home })).toBe('done\n');
  expect(readdirSync(join(home, '.cache'))).toEqual([]);
  chmodSync(join(place, 'program'), 0o755);
});
