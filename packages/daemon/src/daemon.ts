/**
 * The daemon: owns the sessions and the socket, answers the protocol, and stops by itself.
 *
 * Its life: is given the lock → listens → answers → stops (asked to, signalled, idle, or outdated):
 * nothing new is accepted, sessions are ended, its last line is logged, the lock is released, and then the
 * answers are sent and the connections closed. So a client whose connection ends finds the place free.
 */
import {
  type HelloAnswer,
  isOlder,
  type Lock,
  type MethodName,
  type ParsedParams,
  PROTOCOL,
  RequestError,
  type RotatingFile,
  type Settings,
  type SocketPaths,
  VERSION,
} from '@pilotty/protocol';
import type { Call } from './call.ts';
import { EventLog } from './events/event-log.ts';
import { Reporter } from './events/reporter.ts';
import { Executions } from './exec/executions.ts';
import type { Handlers } from './handlers/handler.ts';
import type { Services, Stopped } from './handlers/services.ts';
import type { Log } from './log.ts';
import { PngDrawer } from './pictures/png-drawer.ts';
import { Renderings } from './pictures/renderings.ts';
import { hasFreeDescriptors } from './processes/free-descriptors.ts';
import { findOwner, OwnerWatch } from './processes/owner-watch.ts';
import { type Orphan, RunningFile } from './processes/running-file.ts';
import { Scheduler } from './pty/scheduler.ts';
import { randomHex } from './random-hex.ts';
import { RESERVED_DESCRIPTORS } from './server/admission.ts';
import type { CommandHost } from './server/command-host.ts';
import { Presence } from './server/presence.ts';
import { SocketServer } from './server/socket-server.ts';
import { parseHello, parseParams } from './server/validate.ts';
import { logFaults } from './session/drawing-faults.ts';
import { limitLifetime } from './session/lifetime.ts';
import { Session } from './session/session.ts';
import { SessionStore } from './session/session-store.ts';
import { shellIntegration } from './session/shell-integration.ts';
import { becameProgram, checkStartable } from './session/starting.ts';

/** Lines above the screen; a thousand full ones of 80 columns take about a megabyte. */
const DEFAULT_SCROLLBACK = 1000;
/** Between TERM and KILL when the daemon ends. */
const STOP_GRACE_MS = 2000;
/** What a session and its first exec open, besides what is kept for commands that end sessions. */
const FREE_DESCRIPTORS = RESERVED_DESCRIPTORS + 8;
/** For answers to reach clients that do not read. */
const CLOSE_WITHIN_MS = 1000;

export class Daemon implements Services {
  readonly paths: SocketPaths;
  readonly settings: Settings;
  readonly startedAt = new Date();
  readonly sessions: SessionStore;
  readonly events = new EventLog();
  readonly drawer = new PngDrawer();
  readonly renderings = new Renderings();
  readonly executions: Executions;
  readonly commandHost: CommandHost | undefined;
  /** Resolves when everything is closed and the process may end. */
  readonly ended: Promise<void>;

  readonly #handlers: Handlers;
  readonly #log: Log;
  readonly #server: SocketServer;
  readonly #presence: Presence;
  readonly #scheduler: Scheduler;
  readonly #owners = new OwnerWatch();
  readonly #running: RunningFile;
  #requests = 0;
  #lastRequestAt = performance.now();
  #idleTimer: NodeJS.Timeout | undefined;
  #stopping: Promise<Stopped> | undefined;
  #tellEnded: () => void = () => {};

  /** @param lock of the directory, released when the daemon ends @param logFile where `log` writes */
  constructor(
    { paths, lock, log, logFile }: { paths: SocketPaths; lock: Lock; log: Log; logFile: RotatingFile },
    settings: Settings,
    handlers: Handlers,
    commandHost?: CommandHost,
  ) {
    this.paths = paths;
    this.commandHost = commandHost;
    this.#handlers = handlers;
    this.settings = settings;
    this.#log = log;
    this.#server = new SocketServer(this, log);
    this.#scheduler = new Scheduler({
      failed: (error) => log.error({ err: error }, 'parsing output failed'),
    });
    this.#running = new RunningFile(`${paths.directory}/pilotty.running`);
    this.#presence = new Presence({
      paths,
      lock,
      server: this.#server,
      log,
      isNeeded: () => !this.#isUnused,
      onLost: () => void this.stop('its socket directory was removed'),
      onRestored: () => {
        logFile.reopenIfReplaced();
        this.#running.restore();
      },
    });
    this.sessions = new SessionStore(settings, this.#running.lostNames, () => this.#watchIdleness());
    this.executions = new Executions(paths.directory);
    this.ended = new Promise((resolve) => {
      this.#tellEnded = resolve;
    });
  }

  /** Programs that a daemon before this one left running when it was killed. */
  get orphans(): Orphan[] {
    return [...this.#running.orphans];
  }

  get isStopping(): boolean {
    return this.#stopping !== undefined;
  }

  get connectionCount(): number {
    return this.#server.connectionCount;
  }

  /** Milliseconds since the last request began or ended. */
  get idleMs(): number {
    return performance.now() - this.#lastRequestAt;
  }

  async listen(): Promise<void> {
    await this.#presence.open();
    this.#log.info({ socket: this.paths.socket, version: VERSION, node: process.version }, 'listening');
    const { lostNames } = this.#running;
    if (lostNames.length > 0)
      this.#log.warn({ sessions: lostNames }, 'the daemon before this one was killed; its sessions are lost');
    for (const { pid, ...orphan } of this.orphans)
      this.#log.warn({ ...orphan, child: pid }, 'left running by a daemon that was killed');
    this.#watchIdleness();
  }

  greet(hello: unknown): HelloAnswer {
    const { version } = parseHello(hello);
    const steppingDown = isOlder(VERSION, version) && this.#isUnused;
    if (steppingDown) {
      // After the answer has been written.
      setImmediate(() => void this.stop(`making way for version ${version}`));
    }
    return {
      protocol: PROTOCOL,
      version: VERSION,
      pid: process.pid,
      sessions: this.sessions.liveCount,
      // A client that connects while it stops waits for the end, and asks the next one.
      stepping_down: steppingDown || this.#stopping !== undefined,
    };
  }

  async answer(method: string, params: unknown, call: Call): Promise<unknown> {
    if (this.#stopping && method !== 'daemon.info') throw stopping();
    this.#requests += 1;
    this.#lastRequestAt = performance.now();
    clearTimeout(this.#idleTimer);
    try {
      const parsed = parseParams(method, params);
      return await callHandler(this.#handlers, this, parsed.method, parsed.params, call);
    } finally {
      this.#requests -= 1;
      this.#lastRequestAt = performance.now();
      this.#watchIdleness();
    }
  }

  /** @throws RequestError as session.spawn says; no session is left behind. */
  async spawn(
    params: ParsedParams<'session.spawn'>,
  ): Promise<{ session: Session; note: string | undefined }> {
    const argv = params.argv as [string, ...string[]];
    const owner = params.owner_pid === undefined ? undefined : findOwner(params.owner_pid);
    const { name, release } = this.sessions.reserve({
      name: params.name,
      preferredName: params.preferred_name,
      isBackground: params.background,
      program: argv[0],
    });
    try {
      const env = childEnvironment(params.env, name, params.term);
      await checkStartable(argv, params.cwd, env);
      const session = this.#start(argv, name, env, params);
      // From the first moment, so that what a short program announces is heard.
      const reporter = new Reporter(session, this.events);
      await becameProgram(session);
      await this.#refuseWhileStopping(session);
      this.#running.started(session);
      void session.exited.then(() => {
        this.#running.ended(session.pid);
        this.#log.info({ ...session.reference, exit: session.exit }, 'session ended');
      });
      limitLifetime(session, { ttlMs: params.ttl_ms, idleTtlMs: params.idle_ttl_ms, owner }, this.#owners);
      this.sessions.add(session, { isBackground: params.background });
      reporter.announce();
      this.#log.info({ ...session.reference, program: argv[0], child: session.pid }, 'session started');
      const wish = params.name ?? params.preferred_name;
      const note =
        wish !== undefined && wish !== name && params.name !== undefined
          ? `'${wish}' cannot be a name as it is`
          : undefined;
      return { session, note };
    } finally {
      release();
    }
  }

  /** A stop ends the sessions there are; one that is only just being started would be left running. */
  async #refuseWhileStopping(session: Session): Promise<void> {
    if (!this.#stopping) return;
    await session.kill('SIGTERM', STOP_GRACE_MS);
    throw stopping();
  }

  #start(
    argv: [string, ...string[]],
    name: string,
    env: Record<string, string>,
    params: ParsedParams<'session.spawn'>,
  ): Session {
    const { cwd, umask, nice, limits, size, term, tags, scrollback, retain_bytes } = params;
    if (!hasFreeDescriptors(FREE_DESCRIPTORS)) throw noDescriptors(argv[0]);
    const id = randomHex(6);
    try {
      return new Session(
        {
          id,
          name,
          argv,
          env,
          cwd,
          umask,
          nice,
          limits,
          ...size,
          term,
          tags,
          scrollback: scrollback ?? DEFAULT_SCROLLBACK,
          retainBytes: retain_bytes ?? this.settings.retainBytes,
          integration: params.shell_integration ? shellIntegration(argv, env) : undefined,
          onFault: logFaults(this.#log, { id, name }),
        },
        this.#scheduler,
        (error) => this.#log.error({ err: error, session: name }, 'a fault in a session; it goes on'),
      );
    } catch (error) {
      throw new RequestError('SPAWN_FAILED', `Cannot start '${argv[0]}': ${(error as Error).message}`, {
        suggestion: "The machine may be out of processes, terminals or descriptors: see 'ulimit -a'.",
      });
    }
  }

  /** Ends every session and then the daemon. Asked twice, it is one stop. */
  stop(reason: string): Promise<Stopped> {
    this.#stopping ??= this.#stop(reason);
    return this.#stopping;
  }

  async #stop(reason: string): Promise<Stopped> {
    this.#log.info({ reason, sessions: this.sessions.liveCount }, 'stopping');
    clearTimeout(this.#idleTimer);
    this.#presence.leave();
    const { live } = this.sessions;
    const survivors = await Promise.all(live.map((session) => session.kill('SIGTERM', STOP_GRACE_MS)));
    this.events.close();
    // What was asked for together with the stop is answered before the connections are closed.
    setImmediate(() => void this.#close());
    return { sessionsEnded: live.length, survivors: survivors.flat() };
  }

  async #close(): Promise<void> {
    await this.drawer.close();
    this.sessions.close();
    this.#owners.close();
    this.executions.close();
    this.#running.close();
    this.#log.info('stopped');
    this.#presence.release();
    await this.#server.close(CLOSE_WITHIN_MS);
    this.#tellEnded();
  }

  get #isUnused(): boolean {
    return this.sessions.liveCount === 0 && this.sessions.endedCount === 0 && this.#requests === 0;
  }

  /** No session runs and no request is open. Ended sessions that are kept do not keep the daemon. */
  #watchIdleness(): void {
    clearTimeout(this.#idleTimer);
    if (this.#stopping || this.sessions.liveCount > 0 || this.#requests > 0) return;
    this.#idleTimer = setTimeout(() => void this.stop('idle'), this.settings.idleTimeoutMs);
  }
}

function stopping(): RequestError {
  return new RequestError('DAEMON_UNREACHABLE', 'The daemon is stopping and accepts no requests', {
    suggestion: 'Try again in a moment: a new daemon starts with the next command.',
  });
}

/** The session's environment: the client's, and what only the daemon knows. */
function childEnvironment(
  env: Readonly<Record<string, string>>,
  name: string,
  term: string,
): Record<string, string> {
  return { COLORTERM: 'truecolor', ...env, TERM: term, PILOTTY: '1', PILOTTY_SESSION: name };
}

function noDescriptors(program: string): RequestError {
  return new RequestError(
    'LIMIT_REACHED',
    `Cannot start '${program}': the daemon has fewer than ${FREE_DESCRIPTORS} file descriptors left`,
    {
      suggestion:
        "End sessions with 'pilotty kill -s NAME', or raise 'ulimit -n' and restart the daemon with 'pilotty stop'.",
    },
  );
}

/** The table's types tie a method's parameters to its handler; TypeScript cannot follow that through a variable. */
function callHandler<M extends MethodName>(
  handlers: Handlers,
  services: Services,
  method: M,
  params: ParsedParams<M>,
  call: Call,
): unknown {
  return handlers[method](services, params, call);
}
