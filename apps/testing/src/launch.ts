/** Starts a program for a test: a terminal, a directory and an environment of its own, in a daemon inside this process. */
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TerminalFaults } from '@pilotty/app-daemon/local';
import type { Session } from '@pilotty/sdk';
import { Closing, type TraceMode } from './closing.ts';
import { type ColorSupport, environmentOf } from './environment.ts';
import { type Ground, groundHere } from './ground.ts';
import type { Files, Place } from './place.ts';
import { testFile, testName } from './runner.ts';
import { type Screen, screenOver } from './screen.ts';
import { Trace } from './trace/trace.ts';
import { traceName } from './trace/trace-file.ts';

/** Faults between a program and its terminal. */
export interface Faults extends TerminalFaults {
  /** The terminal is resized as often as that before each act, and has its size again when the act comes. */
  resizes?: number | undefined;
}

export interface LaunchOptions {
  args?: readonly string[] | undefined;
  /**
   * `ssh://[USER@]HOST[:PORT]`: start it on that host, over the system's ssh, in a directory there (default: here, in a daemon
   * of this process). Of the faults, only `resizes` can be there.
   */
  host?: string | undefined;
  /** Where pilotty is on that host (default: PILOTTY_REMOTE_PATH, else where a shell finds it). */
  remotePath?: string | undefined;
  /** (default: 80) */
  cols?: number | undefined;
  /** (default: 24) */
  rows?: number | undefined;
  /** Written before the program starts, relative to its working directory, or with `~/` to its home. */
  files?: Files | undefined;
  /** Added to the few variables that a program has; undefined takes one of these away. */
  env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Working directory (default: an empty one, `~/work`); a relative one is in there. */
  cwd?: string | undefined;
  /** TERM (default: xterm-256color). */
  term?: string | undefined;
  /** LANG and LC_ALL (default: C.UTF-8). */
  locale?: string | undefined;
  /** `none` sets NO_COLOR, `truecolor` COLORTERM (default: truecolor). */
  color?: ColorSupport | undefined;
  faults?: Faults | undefined;
  /** Deadline of each assertion in milliseconds (default: 5000). */
  timeout?: number | undefined;
  /** What the test is called in traces and goldens (default: as vitest and Jest call it; else the program). */
  title?: string | undefined;
  /** The test's file, or its URL: goldens are kept beside it (default: as the runner or the stack says). */
  testFile?: string | undefined;
  /** Whether a trace is kept (default: on-failure, or as PILOTTY_TRACE says). */
  trace?: TraceMode | undefined;
  /** (default: PILOTTY_TRACE_DIR, or pilotty-traces in the working directory) */
  traceDirectory?: string | undefined;
  /** Files that the program writes and the trace shows, as `files` names them. */
  logs?: readonly string[] | undefined;
}

const DEFAULT_TIMEOUT_MS = 5000;
let launches = 0;

/**
 * Starts a program: `await using screen = await launch('vim', { args: ['notes.txt'], files: { 'notes.txt': 'hello' } })`.
 * @throws SpawnFailedError where it cannot be started, HostUnreachableError; nothing is left behind
 */
export async function launch(program: string, options: LaunchOptions = {}): Promise<Screen> {
  const stack = new Error('here').stack ?? '';
  const { args = [], files = {}, cols = 80, rows = 24, timeout = DEFAULT_TIMEOUT_MS, logs = [] } = options;
  const { term = 'xterm-256color', locale = 'C.UTF-8', color = 'truecolor', env = {} } = options;
  const { resizes = 0, ...faults } = options.faults ?? {};
  const ground = await groundFor(options, files, faults);
  const { place } = ground;
  try {
    const logFiles = logs.map((name) => ({ name, path: place.pathOf(name) }));
    const trace = new Trace();
    const session = await ground.pilotty.spawn([program, ...args], {
      ...ground.session,
      cwd: cwdOf(place, options.cwd),
      clean_env: true,
      env: environmentOf(place, { locale, color, env }),
      term,
      size: { cols, rows },
    });
    follow(session, trace);
    launches += 1;
    const title = options.title ?? testName() ?? program;
    const file = options.testFile === undefined ? testFile(stack) : pathOfFile(options.testFile);
    const closing = new Closing({
      ground,
      session,
      trace,
      mode: options.trace ?? modeOf(process.env.PILOTTY_TRACE),
      traceDirectory:
        options.traceDirectory ?? process.env.PILOTTY_TRACE_DIR ?? join(process.cwd(), 'pilotty-traces'),
      traceName: traceName(title, launches),
      facts: {
        title,
        command: [program, ...args].join(' '),
        testFile: file,
        conditions: {
          ...(options.host !== undefined && { host: options.host }),
          size: `${cols}×${rows}`,
          TERM: term,
          locale,
          color,
          ...said(options.faults),
        },
        logs: logFiles,
      },
    });
    return screenOver({
      session,
      place,
      trace,
      closing,
      title,
      timeoutMs: timeout,
      testFile: file,
      stormBeforeActs: resizes,
    });
  } catch (error) {
    await ground.close();
    throw error;
  }
}

/** @throws TypeError for faults that there cannot be on another host */
async function groundFor(
  { host, remotePath }: LaunchOptions,
  files: Files,
  faults: TerminalFaults,
): Promise<Ground> {
  if (host === undefined) return await groundHere(files, faults);
  const [fault] = Object.keys(faults);
  if (fault !== undefined)
    throw new TypeError(
      `'${fault}' is a fault of the terminal, which is on the other host: only resizes can be there`,
    );
  return await (await import('./host/ground-there.ts')).groundThere(host, remotePath, files);
}

function cwdOf(place: Place, cwd: string | undefined): string {
  if (cwd === undefined) return place.cwd;
  return isAbsolute(cwd) ? cwd : place.pathOf(cwd);
}

function pathOfFile(file: string): string {
  return file.startsWith('file:') ? fileURLToPath(file) : file;
}

function modeOf(word: string | undefined): TraceMode {
  return word === 'on' || word === 'off' ? word : 'on-failure';
}

function said(faults: Faults | undefined): Record<string, string> {
  return faults === undefined ? {} : { faults: JSON.stringify(faults) };
}

/** Until the session ends, or the daemon with it. */
function follow(session: Session, trace: Trace): void {
  const screens = async () => {
    for await (const screen of session.changes({ styles: true })) trace.see(screen);
  };
  const output = async () => {
    for await (const { bytes } of session.followBytes({ since: 0 })) trace.printed(bytes);
  };
  // They end with the daemon, whatever the reason; what they missed is no fault of the test.
  for (const loop of [screens, output]) void loop().catch(() => {});
}
