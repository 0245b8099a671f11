/**
 * Builds the native client where there is a C compiler, for the system it runs on. Where there is none, or it fails,
 * the package is whole all the same: the command is the Node program then.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = join(import.meta.dirname, '../..');
const sourceDirectory = join(import.meta.dirname, 'src');

/** What decides what a command does, on either side of the socket. */
const SOURCES = [
  'packages',
  'apps/cli',
  'apps/daemon',
  'apps/native-client',
  'package.json',
  'package-lock.json',
];

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** As packages/protocol/src/handshake.ts has it. */
function protocol() {
  const source = readFileSync(join(root, 'packages/protocol/src/handshake.ts'), 'utf8');
  return /^export const PROTOCOL = (\d+);$/m.exec(source)[1];
}

/** The same for the same sources, so that a client and a daemon know whether they belong together. */
export function buildId() {
  const hash = createHash('sha256');
  for (const name of SOURCES.flatMap(filesIn))
    hash.update(`${name}\0`).update(readFileSync(join(root, name)));
  return hash.digest('hex').slice(0, 16);
}

function filesIn(name) {
  if (name.endsWith('.json')) return [name];
  return readdirSync(join(root, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/node_modules/.test(entry.parentPath ?? entry.path))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1))
    .sort();
}

/** @returns why there is no native client; undefined where there is one */
export function buildNativeClient(dist) {
  const script = readFileSync(join(import.meta.dirname, 'src/pilotty.sh'), 'utf8');
  writeFileSync(join(dist, 'pilotty.sh'), `${script}# Build ${version} ${buildId()}\n`);
  chmodSync(join(dist, 'pilotty.sh'), 0o755);
  const directory = join(dist, 'native', `${process.platform}-${process.arch}`);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const program = join(directory, 'pilotty');
  // Static starts sooner and runs on systems with another C library; not every system has the library for it.
  const problem = compile(program, ['-static']) && compile(program, []);
  if (problem !== undefined) rmSync(directory, { recursive: true, force: true });
  return problem;
}

function compile(program, link) {
  const partial = resolve(`${program}.partial`);
  const options = [
    '-O2',
    '-std=c11',
    '-Wall',
    '-Wextra',
    ...link,
    `-DPILOTTY_BUILD="${version} ${buildId()}"`,
    `-DPILOTTY_PROTOCOL=${protocol()}`,
  ];
  const sources = readdirSync(sourceDirectory).filter((name) => name.endsWith('.c'));
  try {
    execFileSync(process.env.CC || 'cc', [...options, '-o', partial, ...sources], {
      cwd: sourceDirectory,
      stdio: 'pipe',
    });
    renameSync(partial, program);
    return undefined;
  } catch (error) {
    return error.code === 'ENOENT' ? 'there is no C compiler (cc)' : String(error.stderr ?? error.message);
  }
}
