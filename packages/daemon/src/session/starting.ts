/**
 * Starting a program: what can be said before the attempt is said clearly, and what only the
 * attempt shows (an exec that fails in the child) is turned back into an error.
 */
import fs from 'node:fs';
import path from 'node:path';
import { RequestError } from '@pilotty/protocol';
import { hasProgram, processArguments } from '../processes/process-table.ts';
import type { Session } from './session.ts';

/** @throws RequestError SPAWN_FAILED when the directory or the program cannot be used. */
export function checkStartable(
  argv: readonly [string, ...string[]],
  cwd: string,
  env: Readonly<Record<string, string>>,
): void {
  if ([...argv, cwd, ...Object.keys(env), ...Object.values(env)].some((text) => text.includes('\0'))) {
    throw new RequestError(
      'SPAWN_FAILED',
      'An argument, the directory or the environment has a NUL byte in it',
    );
  }
  checkDirectory(cwd);
  const [program] = argv;
  const problem = program.includes('/')
    ? fileProblem(path.resolve(cwd, program))
    : searchProblem(program, cwd, env.PATH ?? '/usr/local/bin:/usr/bin:/bin');
  if (!problem) return;
  const more = program.includes('/') ? { suggestion: `See what is there with 'ls -l ${program}'.` } : {};
  throw new RequestError('SPAWN_FAILED', `Cannot start '${program}': ${problem}`, more);
}

function checkDirectory(cwd: string): void {
  const suggestion = 'Give a directory that exists with --cwd DIR, or change to one.';
  let isDirectory: boolean;
  try {
    isDirectory = fs.statSync(cwd).isDirectory();
    if (isDirectory) fs.accessSync(cwd, fs.constants.X_OK);
  } catch (error) {
    throw new RequestError('SPAWN_FAILED', `Cannot use directory '${cwd}': ${reason(error)}`, { suggestion });
  }
  if (!isDirectory) throw new RequestError('SPAWN_FAILED', `'${cwd}' is not a directory`, { suggestion });
}

function searchProblem(program: string, cwd: string, searchPath: string): string | undefined {
  if (program === '') return 'the name is empty';
  let nearest: string | undefined;
  for (const directory of searchPath.split(':')) {
    const problem = fileProblem(path.resolve(cwd, directory, program));
    if (problem === undefined) return undefined;
    if (problem !== NOT_THERE) nearest ??= problem;
  }
  return nearest ?? `not found in PATH (${searchPath})`;
}

const NOT_THERE = 'no such file';

function fileProblem(file: string): string | undefined {
  try {
    if (fs.statSync(file).isDirectory()) return `'${file}' is a directory`;
    fs.accessSync(file, fs.constants.X_OK);
  } catch (error) {
    return reason(error);
  }
  const interpreter = interpreterOf(file);
  if (interpreter && fileProblem(interpreter)) return `'${file}' needs '${interpreter}', which cannot be run`;
  return undefined;
}

/** The program that a script names in its first line, execve(2) "Interpreter scripts". */
function interpreterOf(file: string): string | undefined {
  try {
    const handle = fs.openSync(file, 'r');
    try {
      const start = Buffer.alloc(256);
      const length = fs.readSync(handle, start);
      return /^#![ \t]*(\/\S+)/.exec(start.toString('latin1', 0, length))?.[1];
    } finally {
      fs.closeSync(handle);
    }
  } catch {
    // Not readable, which a program need not be.
    return undefined;
  }
}

function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const words: Record<string, string> = {
    ENOENT: NOT_THERE,
    ENOTDIR: NOT_THERE,
    EACCES: 'permission denied',
    ELOOP: 'too many symbolic links',
    ENAMETOOLONG: 'the name is too long',
  };
  return words[code] ?? String(error);
}

/** What node-pty's child prints when exec fails after all; then it exits with 1. */
const EXEC_FAILED = /^execvp\(3\) failed\.: (.*?)\r?\n$/s;
const CHDIR_FAILED = /^chdir\(2\) failed\.: (.*?)\r?\n$/s;

/**
 * Waits until the child has become the program.
 * @throws RequestError SPAWN_FAILED if it could not
 */
export async function becameProgram(session: Session): Promise<void> {
  await pastExec(session);
  if (session.exit?.exit_code !== 1) return;
  const printed = session.retention.read(0, 4096).toString();
  const failure = EXEC_FAILED.exec(printed)?.[1] ?? CHDIR_FAILED.exec(printed)?.[1];
  if (failure) throw new RequestError('SPAWN_FAILED', `Cannot start '${session.argv[0]}': ${failure}`);
}

/** Until its exec, some hundred microseconds, the forked child still has the daemon's arguments. */
async function pastExec(session: Session): Promise<void> {
  if (process.platform !== 'linux') return;
  while (!session.isExited) {
    const words = processArguments(session.pid);
    // A process that is ending has lost them, also before it is dead; one that lives may have wiped them.
    if (words.length === 0) return hasProgram(session.pid) ? undefined : session.exited;
    if (words.length !== ourArguments.length || words.some((word, index) => word !== ourArguments[index]))
      return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const ourArguments = processArguments(process.pid);
