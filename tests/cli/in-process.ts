/** A command line without a process and without a daemon: what is asked, and what is printed. */
import type { Io } from '../../apps/cli/src/io.ts';
import { runProgram } from '../../apps/cli/src/program.ts';
import { ConnectedClient, type Transport, type TransportListener } from '../../packages/client/src/index.ts';
import type { KernelBytes } from '../../packages/client/src/node.ts';
import { type MethodName, PROTOCOL, type Result, VERSION } from '../../packages/protocol/src/index.ts';
import { methods } from '../../packages/protocol/src/schemas.ts';

export interface Surroundings {
  env?: Record<string, string>;
  cwd?: string;
  stdin?: string | Uint8Array;
  isTty?: boolean;
  kernel?: KernelBytes;
  /** What the daemon answers; an empty object where nothing is said. */
  answers?: { [M in MethodName]?: Partial<Result<M>> };
}

const NOTHING_KNOWN: KernelBytes = { arguments: undefined, environment: undefined, directory: undefined };

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
  requests: { method: string; params: Record<string, unknown> }[];
  /** Whether the client was told to start a daemon. */
  startsDaemon: boolean | undefined;
}

export async function runInProcess(words: string[], around: Surroundings = {}): Promise<Outcome> {
  const outcome: Outcome = { code: -1, stdout: '', stderr: '', requests: [], startsDaemon: undefined };
  const isTty = around.isTty ?? false;
  const write = (name: 'stdout' | 'stderr') => async (data: string | Uint8Array) => {
    outcome[name] += typeof data === 'string' ? data : Buffer.from(data).toString('latin1');
  };
  const io: Io = {
    stdout: { write: write('stdout'), isTty },
    stderr: { write: write('stderr'), isTty },
    async *stdin() {
      yield Buffer.from(around.stdin ?? '');
    },
    stdinIsTty: false,
    env: around.env ?? {},
    cwd: around.cwd ?? '/work',
    kernelBytes: async () => around.kernel ?? NOTHING_KNOWN,
    inheritance: async () => ({}),
    signal: new AbortController().signal,
    node: { version: process.versions.node, path: process.execPath },
    daemonProgram: '/nowhere',
  };
  outcome.code = await runProgram(words, io, ({ startsDaemon }) => {
    outcome.startsDaemon = startsDaemon;
    return new ConnectedClient(async () => new Answering(outcome, around.answers ?? {}));
  });
  return outcome;
}

/** Where an empty object would not do. */
const DULL_ANSWERS: Partial<Record<string, object>> = {
  'session.output': {},
  'session.kill': { results: [] },
  'sessions.each': { results: [] },
  'sessions.gather': { results: [{ session: 'a', idle_ms: 0, lines: [] }] },
  'sessions.grep': { matches: [] },
};

/** A daemon that finds every request in order, if the protocol does. */
class Answering implements Transport {
  readonly #outcome: Outcome;
  readonly #answers: Partial<Record<string, object>>;
  #listener: TransportListener | undefined;

  constructor(outcome: Outcome, answers: Partial<Record<string, object>>) {
    this.#outcome = outcome;
    this.#answers = answers;
  }

  send(lines: string): void {
    for (const line of lines.trimEnd().split('\n')) {
      const { id, method, params } = JSON.parse(line);
      queueMicrotask(() => {
        this.#listener?.line(JSON.stringify({ id, result: this.#answer(method, params) }));
        if (method === 'daemon.stop') this.#listener?.closed();
      });
    }
  }

  #answer(method: string, params: Record<string, unknown>): unknown {
    if (method === 'hello') return { protocol: PROTOCOL, version: VERSION, pid: 1, sessions: 0 };
    methods[method as MethodName].params.parse(params);
    this.#outcome.requests.push({ method, params });
    return this.#answers[method] ?? DULL_ANSWERS[method] ?? {};
  }

  listen(listener: TransportListener): void {
    this.#listener = listener;
  }

  pause(): void {}
  resume(): void {}
  close(): void {}
}
