/** How the programs that stay, the daemon and the gateway, end on a signal: at the first in order, at the second at once. */

/** As Node's `process`. */
interface SignalledProgram {
  on(signal: EndSignal | 'SIGUSR1', listener: () => void): unknown;
  exit(code: number): void;
}

type EndSignal = keyof typeof END_SIGNALS;

/** With their numbers, which a shell adds to 128 for the exit code. */
const END_SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };
/** Ctrl+C reaches a program in the foreground twice: from the terminal, and from the command that waits for it. */
const SAME_SIGNAL_MS = 500;

/** @returns what the first signal aborts, unless the program does before: then that signal is the second */
export function endOnSignals(program: SignalledProgram, nowMs: () => number): AbortController {
  const ended = new AbortController();
  let signalledAtMs = Number.NEGATIVE_INFINITY;
  for (const [signal, number] of Object.entries(END_SIGNALS) as [EndSignal, number][]) {
    program.on(signal, () => {
      if (!ended.signal.aborted) {
        signalledAtMs = nowMs();
        ended.abort();
      } else if (nowMs() - signalledAtMs > SAME_SIGNAL_MS) {
        program.exit(128 + number);
      }
    });
  }
  // By default Node opens its inspector at this signal, on a port that every user of the machine can reach.
  program.on('SIGUSR1', () => {});
  return ended;
}
