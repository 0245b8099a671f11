/**
 * Starting a program: what can be said before the attempt is said clearly, and what only the
 * attempt shows (an exec that fails in the child) is turned back into an error.
 *
 * What a client names may be a FIFO, a device, or a file of a server that does not answer: it is never looked at
 * in a way that makes the daemon wait for it.
 */
import fs, { constants } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay, setImmediate as turnOfEventLoop } from 'node:timers/promises';
import { promisify } from 'node:util';
import { RequestError, singleQuoted } from '@pilotty/protocol';
import { hasProgram, processArguments } from '../processes/process-table.ts';
import { isLauncher } from '../pty/launch.ts';
import { cameInside } from './came-inside.ts';
import type { Session } from './session.ts';

// Not node:fs/promises: the first command waits for what the first session needs, and that takes two milliseconds to load.
const stat = promisify(fs.stat);
const access = promisify(fs.access);
const open = promisify(fs.open);
const read = promisify(fs.read);
const close = promisify(fs.close);

/** @throws RequestError SPAWN_FAILED when the directory or the program cannot be used. */
export async function checkStartable(
  argv: readonly [string, ...string[]],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  if ([...argv, cwd, ...Object.keys(env), ...Object.values(env)].some((text) => text.includes('\0'))) {
    throw new RequestError(
      'SPAWN_FAILED',
      'An argument, the directory or the environment has a NUL byte in it',
    );
  }
  await checkDirectory(cwd);
  const [program] = argv;
  const problem = program.includes('/')
    ? await fileProblem(path.resolve(cwd, program))
    : await searchProblem(program, cwd, env.PATH ?? '/usr/local/bin:/usr/bin:/bin');
  if (!problem) return;
  throw new RequestError('SPAWN_FAILED', `Cannot start '${program}': ${problem}`, suggestionFor(argv));
}

function suggestionFor([program, ...rest]: readonly [string, ...string[]]): { suggestion?: string } {
  // The commonest slip: a line where words are wanted.
  if (rest.length === 0 && /\s/.test(program.trim())) {
    const line = singleQuoted(program);
    return {
      suggestion: `${line} is one word, the name of a program. Give its arguments as words of their own; or let a shell read the line: sh -c ${line}.`,
    };
  }
  return program.includes('/') ? { suggestion: `See what is there with 'ls -l ${program}'.` } : {};
}

async function checkDirectory(cwd: string): Promise<void> {
  const more = {
    suggestion: 'Give a directory that exists with --cwd DIR, or change to one.',
    details: { directory: cwd },
  };
  let isDirectory: boolean;
  try {
    isDirectory = (await stat(cwd)).isDirectory();
    if (isDirectory) await access(cwd, constants.X_OK);
  } catch (error) {
    throw new RequestError('SPAWN_FAILED', `Cannot use directory '${cwd}': ${reason(error)}`, more);
  }
  if (!isDirectory) throw new RequestError('SPAWN_FAILED', `'${cwd}' is not a directory`, more);
}

async function searchProblem(program: string, cwd: string, searchPath: string): Promise<string | undefined> {
  if (program === '') return 'the name is empty';
  let nearest: string | undefined;
  for (const directory of searchPath.split(':')) {
    const problem = await fileProblem(path.resolve(cwd, directory, program));
    if (problem === undefined) return undefined;
    if (problem !== NOT_THERE) nearest ??= problem;
  }
  return nearest ?? `not found in PATH (${searchPath})`;
}

const NOT_THERE = 'no such file';

/** Interpreters of interpreters: the kernel follows no more, see BINPRM_MAX_RECURSION in its source. */
const MAX_INTERPRETERS = 5;

async function fileProblem(file: string, depth = 0): Promise<string | undefined> {
  try {
    const facts = await stat(file);
    if (facts.isDirectory()) return `'${file}' is a directory`;
    if (!facts.isFile()) return `'${file}' is not a regular file`;
    await access(file, constants.X_OK);
  } catch (error) {
    return reason(error);
  }
  const interpreter = depth < MAX_INTERPRETERS ? await interpreterOf(file) : undefined;
  if (interpreter && (await fileProblem(interpreter, depth + 1)))
    return `'${file}' needs '${interpreter}', which cannot be run`;
  return undefined;
}

/** The program that a script names in its first line, execve(2) "Interpreter scripts". */
async function interpreterOf(file: string): Promise<string | undefined> {
  try {
    // It may have become something else since it was looked at: a FIFO is then not waited for.
    const fd = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const { buffer, bytesRead } = await read(fd, Buffer.alloc(256), 0, 256, 0);
      return /^#![ \t]*(\/\S+)/.exec(buffer.toString('latin1', 0, bytesRead))?.[1];
    } finally {
      await close(fd);
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

/** What node-pty's child prints when exec fails after all; then it exits with 1. prlimit(1) exits with 126 or 127. */
const FAILURE_CODES = [1, 126, 127];
const EXEC_FAILED = /^execvp\(3\) failed\.: (.*?)\r?\n$/s;
const LAUNCHER_FAILED = /^prlimit: failed to execute .*: ([^:]*?)\r?\n$/s;
const CHDIR_FAILED = /^chdir\(2\) failed\.: (.*?)\r?\n$/s;

/**
 * Waits until the child has become the program.
 * @throws RequestError SPAWN_FAILED if it could not
 */
export async function becameProgram(session: Session): Promise<void> {
  await pastExec(session);
  if (session.in) return cameInside(session, session.in.place);
  if (!FAILURE_CODES.includes(session.run.ending.exit?.exit_code ?? 0)) return;
  const printed = session.retention.read(session.run.outputStart, 4096).toString();
  const failure =
    EXEC_FAILED.exec(printed)?.[1] ?? LAUNCHER_FAILED.exec(printed)?.[1] ?? CHDIR_FAILED.exec(printed)?.[1];
  if (failure) throw new RequestError('SPAWN_FAILED', `Cannot start '${session.argv[0]}': ${failure}`);
}

/** Looks without a pause in between; a program that takes longer to load comes from a slow disk. */
const QUICK_LOOKS = 1000;
const SLOW_LOOK_MS = 5;

/** Until its exec, some hundred microseconds, the forked child still has the daemon's arguments. */
async function pastExec(session: Session): Promise<void> {
  if (process.platform !== 'linux') return;
  ourArguments ??= processArguments(process.pid);
  const ours = ourArguments;
  for (let looks = 0; !session.hasNoProgram; looks++) {
    const words = processArguments(session.pid);
    // A process that is ending has lost them, also before it is dead; one that lives may have wiped them.
    if (words.length === 0) return hasProgram(session.pid) ? undefined : session.programEnded;
    const isOurs = words.length === ours.length && words.every((word, index) => word === ours[index]);
    if (!isOurs && !isLauncher(words)) return;
    await (looks < QUICK_LOOKS ? turnOfEventLoop() : delay(SLOW_LOOK_MS));
  }
}

let ourArguments: readonly string[] | undefined;
