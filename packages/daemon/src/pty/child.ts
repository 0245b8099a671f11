/**
 * The end of one program, as its parent reports it: this process, or the daemon that started it before an upgrade.
 * While the session is handed over it is kept back: exactly one of the two daemons is told.
 */
import os from 'node:os';

interface End {
  code: number;
  /** Its number; 0 without one, below 0 where it is not known how it ended. */
  signal: number;
}

export type EndListener = (code: number, signal: number) => void;

/** As sessions have it; both are null where it is not known how it ended. */
export function exitOf({ code, signal }: End): { exitCode: number | null; signal: string | null } {
  return { exitCode: signal === 0 ? code : null, signal: signal > 0 ? signalName(signal) : null };
}

function signalName(number: number): string {
  const entry = Object.entries(os.constants.signals).find(([, value]) => value === number);
  return entry?.[0] ?? `SIG${number}`;
}

export class Child {
  readonly pid: number;
  #end: End | undefined;
  #listener: EndListener | undefined;
  #isHeld = false;

  constructor(pid: number) {
    this.pid = pid;
  }

  /** Called once, by its parent. */
  ended(code: number, signal: number): void {
    this.#end = { code, signal };
    this.#tell();
  }

  /** Called with its end, also one that has been, and instead of the listener before. */
  whenEnded(listener: EndListener): void {
    this.#listener = listener;
    this.#tell();
  }

  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    this.#tell();
  }

  #tell(): void {
    const end = this.#end;
    if (end === undefined || this.#isHeld || this.#listener === undefined) return;
    const listener = this.#listener;
    this.#end = undefined;
    this.#listener = undefined;
    listener(end.code, end.signal);
  }
}
