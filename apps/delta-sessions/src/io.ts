import type { ProcessIo } from '@pilotty/client/node';

/** Everything a command may know of the process it runs in; `run-process.ts` makes the real one. */
export interface Io extends ProcessIo {
  /** The program of the daemon, for the first `start`. */
  daemonProgram: string;
}
