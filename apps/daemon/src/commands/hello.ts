/** What the native client says of the process it is: all that a command may know of it. */
import { isUtf8 } from 'node:buffer';

export interface Hello {
  /** The build of the client; another one's command line may mean something else. */
  build: string;
  argv: string[];
  env: Record<string, string>;
  cwd: string;
  stdinIsTty: boolean;
  stdoutIsTty: boolean;
  stderrIsTty: boolean;
  /** The process that started the client. */
  parent: number;
  nice: number;
  umask: number;
  /** The text of proc(5) `limits`; '' where there is none. */
  limits: string;
}

const STDIN_IS_TTY = 1;
const STDOUT_IS_TTY = 2;
const STDERR_IS_TTY = 4;
/** Three streams, niceness, umask, number of words, parent. */
const FIXED_BYTES = 12;

/** Undefined for what is not UTF-8: Node would make other words of it, and the client's own process says so. */
export function parseHello(payload: Buffer): Hello | undefined {
  if (payload.length < FIXED_BYTES || !isUtf8(payload.subarray(FIXED_BYTES))) return undefined;
  const streams = payload.readUInt8(0);
  const words = payload.readUInt32LE(4);
  const [build = '', cwd = '', limits = '', ...strings] = payload.toString('utf8', FIXED_BYTES).split('\0');
  return {
    build,
    argv: strings.slice(0, words),
    env: environment(strings.slice(words)),
    cwd,
    stdinIsTty: (streams & STDIN_IS_TTY) !== 0,
    stdoutIsTty: (streams & STDOUT_IS_TTY) !== 0,
    stderrIsTty: (streams & STDERR_IS_TTY) !== 0,
    parent: payload.readUInt32LE(8),
    nice: payload.readInt8(1),
    umask: payload.readUInt16LE(2),
    limits,
  };
}

/** Of a name that is there twice the first counts, as for getenv(3). */
function environment(assignments: readonly string[]): Record<string, string> {
  const env: Record<string, string> = {};
  for (const assignment of assignments) {
    const at = assignment.indexOf('=', 1);
    if (at === -1) continue;
    const name = assignment.slice(0, at);
    if (!Object.hasOwn(env, name)) env[name] = assignment.slice(at + 1);
  }
  return env;
}
