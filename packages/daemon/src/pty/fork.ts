/** Starts a program on a new pseudo-terminal. The only file that knows node-pty. */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { glibcVersion, MUSL_SUGGESTION, muslProblem, RequestError } from '@pilotty/protocol';
import { loadNativeModule, type NativePty } from 'node-pty/lib/utils.js';
import { Child } from './child.ts';
import { forkWithoutGaps, terminalClosed } from './descriptor-gaps.ts';
import { taskShortage } from './free-tasks.ts';
import { type Inheritance, launching, withUmask } from './launch.ts';
import { whyNotForked } from './why-not-forked.ts';

let loaded: NativePty | undefined;

/** Of node-pty, which is loaded before a daemon serves. @throws RequestError DAEMON_UNREACHABLE where it cannot be */
export function loadTerminals(): NativePty {
  if (loaded === undefined) {
    requireCLibrary();
    loaded = loadNativeModule('pty').module;
  }
  return loaded;
}

export interface PtyOptions extends Inheritance {
  argv: readonly [string, ...string[]];
  env: Readonly<Record<string, string>>;
  cwd: string;
  cols: number;
  rows: number;
}

/** A program on its terminal, wherever it was started. */
export interface RunningProgram {
  child: Child;
  /** Of the terminal's own side. */
  fd: number;
  terminalPath: string;
}

/** The program and the thread that waits for its end; the rest is for what other processes start at the same moment. */
const FREE_TASKS = 8;

/** @throws Error when no terminal or process can be made. */
export function fork(options: PtyOptions): RunningProgram {
  const [file, ...args] = launching(options.argv, options);
  const env = Object.entries(options.env).map(([name, value]) => `${name}=${value}`);
  const { cwd, cols, rows } = options;
  let child: Child | undefined;
  const onExit = (code: number, signal: number) => child?.ended(code, signal);
  const shortage = taskShortage(FREE_TASKS);
  if (shortage !== undefined) throw new Error(shortage);
  const forked = withUmask(options.umask, () =>
    forkWithoutGaps(() => {
      try {
        return loadTerminals().fork(file, args, env, cwd, cols, rows, -1, -1, true, spawnHelper(), onExit);
      } catch (error) {
        if ((error as Error).message.startsWith('forkpty')) throw new Error(whyNotForked());
        throw error;
      }
    }),
  );
  child = new Child(forked.pid);
  return { child, fd: forked.fd, terminalPath: forked.pty };
}

/** The start failed once the program ran already: a program without an owner would run on, and hold its terminal. */
export function abandon({ child, fd }: RunningProgram): void {
  child.whenEnded(() => {});
  try {
    process.kill(child.pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
  terminalClosed(fd);
  fs.closeSync(fd);
}

export function resizeTerminal(fd: number, cols: number, rows: number): void {
  loadTerminals().resize(fd, cols, rows, 0, 0);
}

function nodePtyDirectory(): string {
  return path.dirname(createRequire(import.meta.url).resolve('node-pty/package.json'));
}

/** Before anything of it is loaded, which would be the end of this process. @throws RequestError DAEMON_UNREACHABLE */
function requireCLibrary(): void {
  const problem = muslProblem(
    {
      platform: process.platform,
      arch: process.arch,
      exists: fs.existsSync,
      glibcVersion,
    },
    // Finding it takes as long as loading what is in it, and the first command waits for both.
    nodePtyDirectory,
  );
  if (problem) throw new RequestError('DAEMON_UNREACHABLE', problem, { suggestion: MUSL_SUGGESTION });
}

/** The program through which node-pty starts others on macOS; not used elsewhere. It lies beside what was loaded. */
function spawnHelper(): string {
  if (process.platform !== 'darwin') return '';
  const places = ['build/Release', `prebuilds/darwin-${process.arch}`];
  const helpers = places.map((place) => path.join(nodePtyDirectory(), place, 'spawn-helper'));
  return helpers.find((helper) => fs.existsSync(helper)) ?? '';
}
