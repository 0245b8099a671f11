/** The end of a launch: the trace written if it is wanted, the programs ended, the directory removed; once. */
import type { Session } from '@pilotty/sdk';
import type { Ground } from './ground.ts';
import type { Trace } from './trace/trace.ts';
import { endOf, type TraceFacts, writeTrace } from './trace/trace-file.ts';

/** `on-failure`: when an assertion, an act or a locator has failed. */
export type TraceMode = 'on' | 'on-failure' | 'off';

export interface ClosingOptions {
  ground: Ground;
  session: Session;
  trace: Trace;
  mode: TraceMode;
  traceDirectory: string;
  traceName: string;
  facts: Omit<TraceFacts, 'exit' | 'logs'> & { logs: readonly { name: string; path: string }[] };
}

/** As when a terminal is closed: a program may say good-bye, but a test does not wait long for it. */
const GRACE_MS = 500;

export class Closing {
  readonly #options: ClosingOptions;
  #tracePath: string | undefined;
  #closed: Promise<void> | undefined;
  #hasFailed = false;

  constructor(options: ClosingOptions) {
    this.#options = options;
  }

  /** Where the trace is or will be; undefined where none is kept. */
  get tracePath(): string | undefined {
    const { mode, traceDirectory, traceName } = this.#options;
    return mode === 'off' ? undefined : `${traceDirectory}/${traceName}.html`;
  }

  /** Something of this launch has failed; what else does the test does not matter to the trace. */
  failed(error: unknown): void {
    // What a closed launch is asked for says nothing about the program.
    if (this.#closed === undefined && error !== undefined) this.#hasFailed = true;
  }

  async saveTrace(): Promise<string> {
    const { ground, session, trace, traceDirectory, traceName, facts } = this.#options;
    if (this.#closed !== undefined && this.#tracePath !== undefined) return this.#tracePath;
    const screen = await session.snapshot({ styles: true });
    trace.see(screen);
    const { exit } = screen;
    const logs = await Promise.all(facts.logs.map(async (log) => await endOf(ground.place, log)));
    this.#tracePath = writeTrace(traceDirectory, traceName, trace, {
      ...facts,
      logs,
      exit: exit && (exit.signal ?? `exit code ${exit.exit_code}`),
    });
    return this.#tracePath;
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const { ground, session, mode } = this.#options;
    try {
      if (mode === 'on' || (mode === 'on-failure' && this.#hasFailed)) await this.saveTrace();
      await session.kill({ signal: 'HUP', grace_ms: GRACE_MS });
    } finally {
      await ground.close();
    }
  }
}
