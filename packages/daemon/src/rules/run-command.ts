/**
 * A command that a rule runs: in a session and process group of its own, without input, for so long and no longer.
 *
 * It has a terminal, of which the end of what it prints is kept: other ways to start a process from here would hand it the
 * terminals of all sessions. When it has ended, that terminal is hung up, and with it what it has left in the background.
 */
import { plainText } from '../exec/plain-text.ts';
import { hasFreeDescriptors } from '../processes/free-descriptors.ts';
import { Pty } from '../pty/pty.ts';

export interface Command {
  argv: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
  timeoutMs: number;
}

interface CommandEnd {
  ok: boolean;
  reason?: string;
  /** The end of what it has printed. */
  output: string;
}

const KEPT_BYTES = 4096;
/** For what ends tidily when it is asked to. */
const KILL_AFTER_MS = 2_000;
/** Of a terminal, and to spare. */
const DESCRIPTORS = 8;
/** Its own end of input, whatever its terminal would say. */
const WITHOUT_INPUT = ['/bin/sh', '-c', 'exec "$@" </dev/null', 'sh'] as const;

/** @param signal kills it */
export function runCommand(command: Command, signal: AbortSignal): Promise<CommandEnd> {
  if (signal.aborted) return Promise.resolve({ ok: false, reason: 'the rule was removed', output: '' });
  if (!hasFreeDescriptors(DESCRIPTORS))
    return Promise.resolve({ ok: false, reason: 'the daemon has no free descriptors', output: '' });
  const { argv, cwd, env, timeoutMs } = command;
  return new Promise((resolve) => {
    let printed = Buffer.alloc(0);
    let stoppedBecause: string | undefined;
    let killing: NodeJS.Timeout | undefined;
    let pty: Pty;
    const stop = (because: string) => {
      if (stoppedBecause !== undefined) return;
      stoppedBecause = because;
      kill(pty.pid, 'SIGTERM');
      killing = setTimeout(() => kill(pty.pid, 'SIGKILL'), KILL_AFTER_MS);
    };
    const removed = () => stop('the rule was removed, or the daemon ended');
    try {
      pty = new Pty(
        { argv: [...WITHOUT_INPUT, ...argv], cwd, env: { ...env }, cols: 80, rows: 24 },
        {
          output: (bytes) => {
            // A copy: the bytes are another's after this call.
            printed = Buffer.concat([printed.subarray(-KEPT_BYTES), bytes.subarray(-KEPT_BYTES)]);
          },
          exit: ({ exitCode, signal: endedBy }) => {
            clearTimeout(deadline);
            clearTimeout(killing);
            // What ignores that its terminal is hung up is killed with the command it belongs to.
            if (stoppedBecause !== undefined) kill(pty.pid, 'SIGKILL');
            signal.removeEventListener('abort', removed);
            const output = textOf(printed);
            if (stoppedBecause !== undefined) resolve({ ok: false, reason: stoppedBecause, output });
            else if (exitCode === 0) resolve({ ok: true, output });
            else
              resolve({
                ok: false,
                reason: endedBy === null ? `it exited with ${exitCode}` : `${endedBy} ended it`,
                output,
              });
          },
        },
      );
    } catch (error) {
      resolve({ ok: false, reason: `it cannot be started: ${(error as Error).message}`, output: '' });
      return;
    }
    const deadline = setTimeout(
      () => stop(`it did not end within ${timeoutMs} ms, and was killed`),
      timeoutMs,
    );
    signal.addEventListener('abort', removed);
  });
}

/** The whole group. */
function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended.
  }
}

function textOf(bytes: Buffer): string {
  return plainText(bytes.subarray(-KEPT_BYTES)).toString().trimEnd();
}
