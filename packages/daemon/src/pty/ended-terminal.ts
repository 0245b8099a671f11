/** The terminal of a program that had ended before its session was handed over: there is nothing to read, write or resize. */
import type { ProgramTerminal } from './faulty-pty.ts';

export class EndedTerminal implements ProgramTerminal {
  readonly pid: number;
  readonly terminalPath: string | undefined;
  readonly queuedBytes = 0;

  constructor({ pid, terminalPath }: Pick<ProgramTerminal, 'pid' | 'terminalPath'>) {
    this.pid = pid;
    this.terminalPath = terminalPath;
  }

  pause(): void {}

  resume(): void {}

  resize(): void {}

  readArrived(): boolean {
    return false;
  }

  write(): ReturnType<ProgramTerminal['write']> {
    return { written: Promise.resolve(false), takenBytes: 0 };
  }
}
