import type {
  HostClient,
  HostClientOptions,
  ProcessIo,
  Output as ProcessOutput,
  Surroundings,
} from '@pilotty/client/node';
import type { UserTerminal } from './terminal/user-terminal.ts';

/** Everything a command may know of the process it runs in; `main.ts` makes the real one. */
export interface Io extends ProcessIo {
  stdout: Output;
  stderr: Output;
  /** The Node that runs us, and the daemon's program for it to run: the build's other programs lie beside that. */
  node: { version: string; path: string };
  daemonProgram: string;
  /**
   * On another host: what a program has that is started there, in a session of that name. Absent where the daemon is that
   * of this host.
   */
  surroundings?(name?: string): Promise<Surroundings>;
  /** A client of another host, reached by ssh; absent where each command opens a connection of its own. */
  hostClient?(options: HostClientOptions): HostClient;
  /** The terminal of the person who runs us; absent where the command runs in no process of its own. */
  terminal?(): Promise<UserTerminal>;
}

export interface Output extends ProcessOutput {
  /** Takes a result, or an error, as the object it is; without this it is written as text. */
  writeObject?(object: unknown): void | Promise<void>;
  /** The same for one of many objects, each a line. */
  writeLine?(object: unknown): void | Promise<void>;
}
