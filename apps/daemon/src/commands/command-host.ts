/**
 * Runs the native client's command lines inside the daemon, with the very functions that the command line has. All of
 * that is loaded apart from the daemon: it is not needed to be ready, and not at all without such a client.
 */
import type { Duplex } from 'node:stream';
import type { Answering, CommandConnection, CommandHost, Log } from '@pilotty/daemon';

/** After this the first command finds everything loaded; before, it would hold up what starts. */
const LOAD_AFTER_MS = 300;

const load = () => import('./remote-command.ts');

/** What a native client's first `spawn` needs is loaded, and nothing done: for a startup snapshot. */
export async function preloadCommands(): Promise<void> {
  const { runsIn } = await load();
  await runsIn(['spawn', 'sh'], {});
}

/** @param programs the directory of our programs */
export function commandHost(programs: string): CommandHost {
  // What cannot be loaded now, as without a free descriptor, is loaded when a command comes.
  setTimeout(() => void load().catch(() => {}), LOAD_AFTER_MS).unref();
  return {
    open: (socket, received, daemon, log) => new OpeningCommand(socket, received, { daemon, log, programs }),
  };
}

interface Around {
  daemon: Answering;
  log: Log;
  programs: string;
}

/** Reads nothing more until what runs commands is there. */
class OpeningCommand implements CommandConnection {
  readonly #socket: Duplex;
  #command: CommandConnection | undefined;

  constructor(socket: Duplex, received: Buffer, around: Around) {
    this.#socket = socket;
    socket.pause();
    void load().then(
      ({ RemoteCommand }) => {
        this.#command = new RemoteCommand(socket, received, around);
        socket.resume();
      },
      (error: unknown) => {
        around.log.error({ err: error }, 'commands could not be loaded');
        socket.destroy();
      },
    );
  }

  get isGreeted(): boolean {
    return this.#command?.isGreeted ?? false;
  }

  close(): void {
    if (this.#command) this.#command.close();
    else this.#socket.end();
  }
}
