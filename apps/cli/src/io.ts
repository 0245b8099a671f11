/** Everything a command may know of the process it runs in; `main.ts` makes the real one. */
export interface Io {
  stdout: Output;
  stderr: Output;
  /** stdin as it comes; nothing is read before, or after one has had enough. */
  stdin(): AsyncIterable<Uint8Array>;
  /** All of stdin, to its end. */
  readStdin(): Promise<Uint8Array>;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** Aborted with an `Interruption` when the user, or the reader of stdout, has had enough. */
  signal: AbortSignal;
  /** The Node that runs us, and our other programs for it to run. */
  node: { version: string; path: string };
  daemonProgram: string;
  gatewayProgram: string;
}

export interface Output {
  /** Resolves once the data is on its way, so that what produces it can be held back. */
  write(data: string | Uint8Array): Promise<void>;
  /** Takes a result, or an error, as the object it is; without this it is written as text. */
  writeObject?(object: unknown): void;
  isTty: boolean;
}

/** Why a command was ended from outside. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  readonly signal: NodeJS.Signals;

  constructor(signal: NodeJS.Signals) {
    super(`interrupted by ${signal}`);
    this.signal = signal;
  }
}
