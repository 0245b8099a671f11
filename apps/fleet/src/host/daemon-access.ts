/** The daemon beside us, as its clients and as what the directory is told of it. */
import type { Socket } from 'node:net';
import { availableParallelism, homedir, loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { type Client, ConnectionError, type EventType, type Result } from '@pilotty/client';
import {
  createLocalClient,
  openConnection,
  openDaemon,
  type Place,
  type ProcessIo,
} from '@pilotty/client/node';
import type { SessionRecord } from '../directory/records.ts';
import type { HostState } from './presence.ts';

export interface DaemonAccessOptions extends Place {
  daemonProgram: string;
  inheritance: ProcessIo['inheritance'];
  warn(message: string): void;
}

/** A command is as long as its arguments; a list of sessions shows its beginning. */
const MAX_COMMAND_LENGTH = 200;
/** As long as the question of a program may be. */
const MAX_TEXT_LENGTH = 200;
/** What changes a record of a session. */
const TOLD: EventType[] = ['spawned', 'renamed', 'tagged', 'state', 'restarted', 'exited'];
/** Whether a daemon is there again that has ended. */
const LOOK_AGAIN_MS = 500;

export class DaemonAccess {
  readonly #options: DaemonAccessOptions;
  readonly #looking: Client;

  constructor(options: DaemonAccessOptions) {
    this.#options = options;
    const { env, cwd, warn } = options;
    this.#looking = createLocalClient({ env, cwd, warn, keepsProcess: false, client: { name: 'fleet' } });
  }

  /** @throws ConnectionError, RequestError */
  async start(): Promise<void> {
    const client = this.client('fleet');
    await client.request('daemon.info', {}).finally(() => client.close());
  }

  client(name: string | undefined): Client {
    const { env, cwd, warn, daemonProgram } = this.#options;
    return createLocalClient({
      env,
      cwd,
      warn,
      daemonProgram,
      ...(name !== undefined && { client: { name } }),
    });
  }

  /** For bytes that are relayed. @throws ConnectionError */
  async connect(startsDaemon: boolean, signal: AbortSignal): Promise<Socket> {
    const { env, cwd, warn, daemonProgram } = this.#options;
    const options = { env, cwd, warn, ...(startsDaemon && { daemonProgram }) };
    return await openDaemon(options, signal, (path, signal) => openConnection(path, { signal }));
  }

  async surroundings(): Promise<object> {
    const { env, inheritance } = this.#options;
    return { home: homedir(), env, ...(await inheritance()) };
  }

  /** A daemon that was stopped is not started for it. */
  async state(): Promise<HostState> {
    const load = (loadavg()[0] ?? 0) / availableParallelism();
    try {
      const { sessions, event_cursor } = await this.#looking.request('session.list', {});
      return { load, sessions: sessions.map(recordOf), event_cursor };
    } catch (error) {
      if (error instanceof ConnectionError && error.isAbsent) return { load, sessions: [] };
      throw error;
    }
  }

  /** Also ended ones that are retained. @throws ConnectionError where there is no daemon */
  async sessions(): Promise<Result<'session.list'>['sessions']> {
    return (await this.#looking.request('session.list', { all: true })).sessions;
  }

  /** For what may be read slowly. It starts no daemon. */
  reader(): Client {
    const { env, cwd, warn } = this.#options;
    return createLocalClient({ env, cwd, warn, client: { name: 'fleet' } });
  }

  /**
   * Says that a record of a session is another now, or may be: also when the daemon has ended, and when there is one again.
   * Resolves once `signal` is aborted.
   */
  async follow(changed: () => void, signal: AbortSignal): Promise<void> {
    let isThere = true;
    while (!signal.aborted) {
      try {
        const { event_cursor: after } = await this.#looking.request('session.list', {}, { signal });
        isThere = true;
        changed();
        await this.#looking.request('events.follow', { types: TOLD, after }, { signal, onEvent: changed });
      } catch {
        // It has ended, or is about to; what it had is gone.
        if (isThere && !signal.aborted) changed();
        isThere = false;
      }
      await delay(LOOK_AGAIN_MS, undefined, { signal }).catch(() => {});
    }
  }

  close(): void {
    this.#looking.close();
  }
}

function recordOf({
  id,
  name,
  command,
  tags,
  created_at,
  work_state: state,
}: Result<'session.list'>['sessions'][number]): SessionRecord {
  return {
    id,
    name,
    command: command.slice(0, MAX_COMMAND_LENGTH),
    tags,
    created_at,
    ...(state && {
      work_state: {
        name: state.name,
        began_at: state.began_at,
        ...(state.text !== undefined && { text: state.text.slice(0, MAX_TEXT_LENGTH) }),
      },
    }),
  };
}
