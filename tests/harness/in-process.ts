/**
 * The command without the start of a Node for each call: the same words read, the same daemon asked, the same
 * text printed, by the sources instead of the build and in the process of the test. What a process adds (its
 * descriptors, its signals, its loading) the tests of tests/cli look at, which start one.
 */

import type { Io } from '../../apps/cli/src/io.ts';
import { runProgram } from '../../apps/cli/src/program.ts';
import { createLocalClient, Interruption, inheritance } from '../../packages/client/src/node.ts';

export interface Surroundings {
  env: Readonly<Record<string, string>>;
  cwd: string;
  input: string | Uint8Array | undefined;
  daemonProgram: string;
  gatewayProgram: string;
}

export interface Call {
  ended: Promise<{ stdout: string; stderr: string; code: number }>;
  /** As a SIGTERM would. */
  interrupt(): void;
}

/** What a pipe hands over at once. */
const PIPE_BYTES = 64 * 1024;

export function callInProcess(words: readonly string[], around: Surroundings): Call {
  const interruption = new AbortController();
  const printed: { stdout: Buffer[]; stderr: Buffer[] } = { stdout: [], stderr: [] };
  const output = (name: 'stdout' | 'stderr') => ({
    isTty: false,
    async write(data: string | Uint8Array) {
      printed[name].push(Buffer.from(data as Uint8Array));
    },
  });
  const input = Buffer.from((around.input ?? '') as Uint8Array);
  const { env, cwd, daemonProgram, gatewayProgram } = around;
  const io: Io = {
    stdout: output('stdout'),
    stderr: output('stderr'),
    async *stdin() {
      for (let at = 0; at < input.length; at += PIPE_BYTES) yield input.subarray(at, at + PIPE_BYTES);
    },
    readStdin: async () => input,
    env,
    cwd,
    inheritance,
    signal: interruption.signal,
    node: { version: process.versions.node, path: process.execPath },
    daemonProgram,
    gatewayProgram,
  };
  const run = async () => {
    const code = await runProgram(words, io, (asked) =>
      createLocalClient({
        env,
        cwd,
        get daemonProgram() {
          return asked.startsDaemon ? daemonProgram : undefined;
        },
        warn: (message) => void io.stderr.write(`warning: ${message}\n`),
      }),
    );
    const text = (name: 'stdout' | 'stderr') => Buffer.concat(printed[name]).toString();
    return { stdout: text('stdout'), stderr: text('stderr'), code };
  };
  return { ended: run(), interrupt: () => interruption.abort(new Interruption('SIGTERM')) };
}
