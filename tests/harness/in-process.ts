/**
 * The command without the start of a Node for each call: the same words read, the same daemon asked, the same
 * text printed, by the sources instead of the build and in the process of the test. What a process adds (its
 * descriptors, its signals, its loading) the tests of tests/cli look at, which start one.
 */

import { callerOf } from '../../apps/cli/src/asked.ts';
import type { Io } from '../../apps/cli/src/io.ts';
import { runProgram } from '../../apps/cli/src/program.ts';
import {
  createLocalClient,
  Interruption,
  type ProcessIo,
  readInheritance,
} from '../../packages/client/src/node.ts';

export interface Surroundings {
  env: Readonly<Record<string, string>>;
  cwd: string;
  input: string | Uint8Array | undefined;
}

export interface Call {
  ended: Promise<{ stdout: string; stderr: string; code: number }>;
  /** As a SIGTERM would. */
  interrupt(): void;
}

/** What a pipe hands over at once. */
const PIPE_BYTES = 64 * 1024;

/** `pilotty WORDS`. */
export function callInProcess(
  words: readonly string[],
  around: Surroundings,
  programs: Pick<Io, 'daemonProgram'>,
): Call {
  return inProcess(around, (processIo) => {
    const io = {
      ...processIo,
      ...programs,
      node: { version: process.versions.node, path: process.execPath },
    };
    return runProgram(words, io, (asked) =>
      createLocalClient({
        env: io.env,
        cwd: io.cwd,
        get daemonProgram() {
          return asked.startsDaemon ? io.daemonProgram : undefined;
        },
        warn: asked.warn,
        client: { ...callerOf(asked, io.env), pid: process.pid },
      }),
    );
  });
}

/** Any program that is a function of its process as plain values. */
export function inProcess(
  { env, cwd, input }: Surroundings,
  program: (io: ProcessIo) => Promise<number>,
): Call {
  const interruption = new AbortController();
  const printed: { stdout: Buffer[]; stderr: Buffer[] } = { stdout: [], stderr: [] };
  const output = (name: 'stdout' | 'stderr') => ({
    isTty: false,
    async write(data: string | Uint8Array) {
      printed[name].push(Buffer.from(data as Uint8Array));
    },
  });
  const bytes = Buffer.from((input ?? '') as Uint8Array);
  const io: ProcessIo = {
    stdout: output('stdout'),
    stderr: output('stderr'),
    async *stdin() {
      for (let at = 0; at < bytes.length; at += PIPE_BYTES) yield bytes.subarray(at, at + PIPE_BYTES);
    },
    stdinIsTty: false,
    env,
    cwd,
    kernelBytes: async () => ({ arguments: undefined, environment: undefined, directory: undefined }),
    inheritance: readInheritance,
    signal: interruption.signal,
  };
  const run = async () => {
    const code = await program(io);
    const text = (name: 'stdout' | 'stderr') => Buffer.concat(printed[name]).toString();
    return { stdout: text('stdout'), stderr: text('stderr'), code };
  };
  return { ended: run(), interrupt: () => interruption.abort(new Interruption('SIGTERM')) };
}
