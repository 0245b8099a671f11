/**
 * Starts sessions: reserves the name, checks what can be checked, starts the program, waits until it runs, and only then
 * adds the session to the others. A failure at any step leaves nothing behind.
 */
import { ALL_SCOPES, type ParsedParams, RequestError } from '@pilotty/protocol';
import type { AskpassProgram } from './askpass-program.ts';
import type { EventLog } from './events/event-log.ts';
import { Reporter } from './events/reporter.ts';
import type { InputMark } from './input/input-mark.ts';
import { InputJournal } from './input/journal.ts';
import { namedFiles } from './input/named-files.ts';
import type { SessionKeeper } from './kept/session-keeper.ts';
import { RESERVED_DESCRIPTORS, STOP_GRACE_MS } from './limits.ts';
import type { Log } from './log.ts';
import { OneATurn } from './one-a-turn.ts';
import { needDescriptors } from './processes/free-descriptors.ts';
import type { Survivor } from './processes/kill-tree.ts';
import { findOwner, type OwnerWatch } from './processes/owner-watch.ts';
import type { RunningFile } from './processes/running-file.ts';
import type { Scheduler } from './pty/scheduler.ts';
import type { TerminalFaults } from './pty/terminal-faults.ts';
import { randomHex } from './random-hex.ts';
import type { Prepared, Recordings } from './recording/recordings.ts';
import { didNotEnd } from './session/did-not-end.ts';
import { logFaults } from './session/drawing-faults.ts';
import { DueRestarts } from './session/due-restarts.ts';
import { endedError } from './session/ended-error.ts';
import { checkEnterable } from './session/enterable.ts';
import { type LifetimeLimits, limitLifetime } from './session/lifetime.ts';
import { requirePipeParams } from './session/pipe-params.ts';
import type { RestartPolicy } from './session/restart-policy.ts';
import { restartingError } from './session/restarted-error.ts';
import type { Restart } from './session/restarts.ts';
import type { AdoptedProgram } from './session/run.ts';
import { Session } from './session/session.ts';
import { asName, nameVariables } from './session/session-name.ts';
import type { SessionOptions } from './session/session-options.ts';
import type { SessionStore } from './session/session-store.ts';
import { shellIntegration } from './session/shell-integration.ts';
import { becameProgram, checkStartable } from './session/starting.ts';
import type { HandedSession } from './upgrade/hand-over.ts';

/** Lines above the screen; a thousand full ones of 80 columns take about a megabyte. */
const DEFAULT_SCROLLBACK = 1000;
/** What a session and its first exec open, besides what is kept for commands that end sessions. */
const FREE_DESCRIPTORS = RESERVED_DESCRIPTORS + 8;
/** A program that runs gives its own back; to end it, the processes of the machine are listed. */
const TO_RESTART = 8;

/** The parts of the daemon that a new session is tied to. */
export interface SpawnerOptions {
  sessions: SessionStore;
  events: EventLog;
  recordings: Recordings;
  kept: SessionKeeper;
  running: RunningFile;
  owners: OwnerWatch;
  scheduler: Scheduler;
  /** Output that is retained of a session, unless its request says otherwise. */
  retainBytes: number;
  /** Of every session's terminal; none but in tests of programs. */
  faults: TerminalFaults | undefined;
  askpass: AskpassProgram;
  log: Log;
  /** @throws RequestError while the daemon stops */
  requireRunning(): void;
}

export interface Spawned {
  session: Session;
  note: string | undefined;
  /** Files it is recorded into. */
  recordings: string[];
}

export interface Restarted {
  /** Output of the program before is not an answer to it. */
  act: InputMark;
  /** Processes of the program before that still run. */
  survivors: Survivor[];
  note: string | undefined;
}

export class Spawner {
  readonly #daemon: SpawnerOptions;
  /** fork(2) of this process takes milliseconds, and it waits for it. */
  readonly #starts = new OneATurn();
  /** What each session was given at its spawn, and has again when its program is started again. */
  readonly #lifetimes = new WeakMap<Session, LifetimeLimits>();
  readonly #reporters = new WeakMap<Session, Reporter>();
  readonly #due = new DueRestarts((session) => void this.#startByPolicy(session));

  constructor(daemon: SpawnerOptions) {
    this.#daemon = daemon;
  }

  /**
   * @param history what is shown above the program, as output of before
   * @throws RequestError as session.spawn says; no session is left behind
   */
  async spawn(params: ParsedParams<'session.spawn'>, history?: Uint8Array): Promise<Spawned> {
    const argv = params.argv as [string, ...string[]];
    if (params.in && params.keep_input) throw keepsNoInput(params.in.place);
    if (params.pipe) requirePipeParams(params);
    const owner = params.owner_pid === undefined ? undefined : findOwner(params.owner_pid);
    const { name, release } = this.#daemon.sessions.reserve({
      scope: params.scope === ALL_SCOPES ? undefined : params.scope,
      name: params.name,
      preferredName: params.preferred_name,
      isBackground: params.background,
      program: argv[0],
    });
    try {
      const id = randomHex(6);
      const askpass = params.askpass ? this.#daemon.askpass.environment(id) : {};
      const env = { ...environmentOf(params, name), ...askpass };
      const inside = params.in && { ...params.in, env: childEnvironment(params.in.env, name, params.term) };
      if (inside) await checkEnterable(inside, argv, { cwd: params.cwd, env });
      else await checkStartable(argv, params.cwd, env);
      const journal = params.keep_input
        ? new InputJournal(params.size, await namedFiles(argv, params.cwd))
        : undefined;
      const { prepared, note: notRecorded } = await this.#daemon.recordings.prepareAll(name, params.record);
      const start = () => this.#start(argv, env, params, { id, name, journal, history, in: inside });
      const { session, reporter } = await this.#startRecorded(start, prepared);
      this.#lifetimes.set(session, { ttlMs: params.ttl_ms, idleTtlMs: params.idle_ttl_ms, owner });
      this.#keepAccount(session);
      this.#daemon.sessions.add(session, { isBackground: params.background });
      this.#reporters.set(session, reporter);
      reporter.announce();
      if (session.restarts.policy) this.#due.follow(session);
      this.#keep(session, params);
      const recordings = this.#daemon.recordings.of(session);
      for (const recording of recordings) this.#daemon.recordings.announce(recording);
      this.#daemon.log.info(
        { ...session.reference, program: argv[0], child: session.pid },
        'session started',
      );
      const note = isChanged(params.name) ? `'${params.name}' cannot be a name as it is` : undefined;
      const notes = [note, notRecorded].filter((each) => each !== undefined);
      return {
        session,
        note: notes.length > 0 ? notes.join('; ') : undefined,
        recordings: recordings.map(({ file }) => file),
      };
    } finally {
      release();
    }
  }

  reporterOf(session: Session): Reporter | undefined {
    return this.#reporters.get(session);
  }

  lifetimeOf(session: Session): LifetimeLimits {
    return this.#lifetimes.get(session) ?? {};
  }

  /**
   * Goes on with a session of another daemon; frozen, until goOn().
   * @throws Error where something of it would not be the same
   */
  adopt({ state, reporter, lifetime }: HandedSession, program: AdoptedProgram | undefined): Session {
    const { events, scheduler, sessions } = this.#daemon;
    const { id, name } = state.options;
    const options = { ...state.options, onFault: logFaults(this.#daemon.log, { id, name }) };
    const session = new Session(options, scheduler, this.#failedIn(name), { state, program });
    if (program) session.freeze();
    this.#lifetimes.set(session, lifetime);
    this.#reporters.set(session, new Reporter(session, events, reporter));
    if (session.restarts.policy) this.#due.follow(session);
    sessions.adoptSession(session);
    return session;
  }

  /** An adopted session is this daemon's from now on. */
  goOn(session: Session, spawned: HandedSession['spawned']): void {
    if (spawned) this.#daemon.kept.add(session, spawned);
    if (session.isExited) return;
    this.#goOnAsking(session);
    if (!session.hasNoProgram) this.#keepAccount(session);
    for (const recording of this.#daemon.recordings.activeOf(session)) recording.goOn();
    session.thaw();
  }

  #goOnAsking({ id, name, environment }: Session): void {
    try {
      this.#daemon.askpass.adopt(id, environment);
    } catch (error) {
      this.#daemon.log.warn({ err: error, session: name }, 'its programs can ask no person any more');
    }
  }

  /** No restart policy starts a program until thawRestarts(). */
  freezeRestarts(): void {
    this.#due.freeze();
  }

  thawRestarts(): void {
    this.#due.thaw(this.#daemon.sessions.live);
  }

  #failedIn(session: string): (error: unknown) => void {
    return (error) => this.#daemon.log.error({ err: error, session }, 'a fault in a session; it goes on');
  }

  /**
   * Ends the program of a session, if it runs, and starts it again: the same arguments, directory and environment, in a
   * terminal of the size it has now.
   * @throws RequestError SPAWN_FAILED with nothing done where that is known before; else the session is exited
   */
  async restart(session: Session, signal: NodeJS.Signals, graceMs: number): Promise<Restarted> {
    const { argv, name, isExited, hasNoProgram } = session;
    const restart = session.restarts.begin();
    let release = () => {};
    try {
      if (isExited) release = this.#reserveAgain(session);
      await checkAgain(session);
      requireDescriptors(argv[0], hasNoProgram ? FREE_DESCRIPTORS : TO_RESTART);
      const { prepared, note } = isExited
        ? await this.#daemon.recordings.prepareAll(name, undefined)
        : { prepared: [], note: undefined };
      const survivors = await session.endForRestart(signal, graceMs);
      const act = await this.#startAgain(session, restart, prepared);
      session.restarts.policy?.startOver();
      return { act, survivors, note };
    } catch (error) {
      session.restarts.giveUp(restart);
      this.#due.look(session);
      throw notRestarted(session, restart, error);
    } finally {
      release();
    }
  }

  /** What the program before has left running is ended first, as by a client's restart. */
  async #startByPolicy(session: Session): Promise<void> {
    const { argv } = session;
    // A client is restarting it, or has ended it.
    if (session.restarts.nextStartAt === undefined) return;
    const restart = session.restarts.begin();
    try {
      await checkAgain(session);
      requireDescriptors(argv[0], FREE_DESCRIPTORS);
      await session.endForRestart('SIGTERM', STOP_GRACE_MS);
      await this.#startAgain(session, restart, []);
    } catch (error) {
      const { message } = error as Error;
      this.#daemon.log.warn({ ...session.reference, reason: message }, 'not restarted by its policy');
      session.restarts.failed(restart, session.run.ending.exit);
    }
  }

  #reserveAgain({ name, argv }: Session): () => void {
    return this.#daemon.sessions.reserve({ name, isBackground: true, program: argv[0] }).release;
  }

  async #startAgain(session: Session, restart: Restart, prepared: readonly Prepared[]): Promise<InputMark> {
    const { sessions, log, recordings } = this.#daemon;
    try {
      const act = await this.#starts.run(() => {
        this.#daemon.requireRunning();
        if (!session.restarts.isUnderWay(restart)) throw endedMeanwhile(session);
        if (session.run.ending.exit === undefined) throw didNotEnd(session);
        if (!restart.wasRunning) sessions.requireRetained(session);
        const mark = session.startAgain();
        if (!restart.wasRunning) sessions.revive(session);
        this.#keepAccount(session);
        for (const recording of prepared) recordings.announce(recording.begin(session));
        return mark;
      });
      log.info({ ...session.reference, program: session.argv[0], child: session.pid }, 'session restarted');
      await becameProgram(session);
      await this.#refuseWhileStopping(session);
      return act;
    } catch (error) {
      await Promise.all(prepared.map((recording) => recording.drop()));
      throw error;
    }
  }

  /** Of the program that runs in it now. */
  #keepAccount(session: Session): void {
    const { running, owners, log } = this.#daemon;
    const { pid, run } = session;
    running.started(session);
    void session.programEnded.then(() => {
      running.ended(pid);
      log.info({ ...session.reference, exit: run.ending.exit }, 'session ended');
    });
    limitLifetime(session, this.#lifetimes.get(session) ?? {}, owners);
  }

  /** Where the program cannot be started, no file is left. */
  async #startRecorded(
    start: () => Session,
    prepared: readonly Prepared[],
  ): Promise<{ session: Session; reporter: Reporter }> {
    try {
      const { session, reporter } = await this.#starts.run(() => {
        this.#daemon.requireRunning();
        const started = start();
        // From the first moment, so that what a short program announces is heard.
        const its = new Reporter(started, this.#daemon.events);
        for (const recording of prepared) recording.begin(started);
        return { session: started, reporter: its };
      });
      await becameProgram(session);
      await this.#refuseWhileStopping(session);
      return { session, reporter };
    } catch (error) {
      await Promise.all(prepared.map((recording) => recording.drop()));
      throw error;
    }
  }

  /** A stop ends the sessions there are; one that is only just being started would be left running. */
  async #refuseWhileStopping(session: Session): Promise<void> {
    try {
      this.#daemon.requireRunning();
    } catch (error) {
      await session.kill('SIGTERM', STOP_GRACE_MS);
      throw error;
    }
  }

  /** One that has an owner ends with it. */
  #keep(session: Session, params: ParsedParams<'session.spawn'>): void {
    // What a program had of its stdin is gone with it.
    if (params.ephemeral || params.owner_pid !== undefined || params.pipe) return;
    const { background, scrollback, shell_integration, askpass, retain_bytes, ttl_ms, idle_ttl_ms } = params;
    const { restart_policy, project } = params;
    // Of its variables nothing is kept, as of all others.
    const inside = params.in && { place: params.in.place, cwd: params.in.cwd };
    const spawned = {
      ...{
        background,
        scrollback,
        shell_integration,
        askpass,
        retain_bytes,
        ttl_ms,
        idle_ttl_ms,
        restart_policy,
        project,
      },
      ...(inside && { in: inside }),
    };
    this.#daemon.kept.add(session, spawned);
  }

  #start(
    argv: [string, ...string[]],
    env: Record<string, string>,
    params: ParsedParams<'session.spawn'>,
    {
      id,
      name,
      journal,
      history,
      in: inside,
    }: Pick<SessionOptions, 'id' | 'name' | 'journal' | 'history' | 'in'>,
  ): Session {
    const { cwd, umask, nice, limits, size, pipe, term, colors, tags, scrollback, retain_bytes } = params;
    requireDescriptors(argv[0], FREE_DESCRIPTORS);
    try {
      return new Session(
        {
          id,
          name,
          argv,
          env,
          cwd,
          in: inside,
          umask,
          nice,
          limits,
          ...size,
          pipe,
          term,
          colors,
          tags,
          scrollback: scrollback ?? DEFAULT_SCROLLBACK,
          retainBytes: retain_bytes ?? this.#daemon.retainBytes,
          restartPolicy: policyOf(params),
          project: params.project,
          integration: params.shell_integration && !inside && !pipe ? shellIntegration(argv, env) : undefined,
          journal,
          history,
          faults: pipe ? undefined : this.#daemon.faults,
          onFault: logFaults(this.#daemon.log, { id, name }),
        },
        this.#daemon.scheduler,
        this.#failedIn(name),
      );
    } catch (error) {
      throw cannotStart(argv[0], (error as Error).message);
    }
  }
}

function policyOf({ restart_policy: policy }: ParsedParams<'session.spawn'>): RestartPolicy | undefined {
  if (policy === undefined) return undefined;
  const { mode, limit, delay_ms, max_delay_ms } = policy;
  return { mode, limit, delayMs: delay_ms, maxDelayMs: max_delay_ms };
}

function cannotStart(program: string, reason: string): RequestError {
  return new RequestError('SPAWN_FAILED', `Cannot start '${program}': ${reason}`, {
    suggestion: "The machine may be out of processes, terminals or descriptors: see 'ulimit -a'.",
  });
}

function checkAgain({ argv, in: inside, hostDirectory: cwd, environment: env }: Session): Promise<void> {
  return inside ? checkEnterable(inside, argv, { cwd, env }) : checkStartable(argv, cwd, env);
}

function endedMeanwhile(session: Session): RequestError {
  const { reference, exit } = session;
  return exit ? endedError(session, exit, []) : restartingError(reference);
}

/** With what became of the session meanwhile. */
function notRestarted(session: Session, { wasRunning }: Restart, error: unknown): RequestError {
  const { name, argv, exit, reference } = session;
  const failure = error instanceof RequestError ? error : cannotStart(argv[0], (error as Error).message);
  if (!wasRunning || exit === undefined || failure.code === 'SESSION_EXITED') return failure;
  const { code, message, suggestion, details } = failure;
  return new RequestError(code, `Session '${name}' was ended, and not started again: ${message}`, {
    suggestion,
    details: { ...details, ...reference, exit },
  });
}

/** The files that its words name, which a script would need, are not of this host. */
function keepsNoInput(place: string): RequestError {
  return new RequestError(
    'INVALID_INPUT',
    `Input cannot be kept for a script where the program is in ${place}`,
  );
}

/** A program without a terminal is told of none: TERM stays as the client has it. */
function environmentOf(
  { env, term, pipe }: ParsedParams<'session.spawn'>,
  name: string,
): Record<string, string> {
  return pipe ? nameVariables({ ...env, PILOTTY: '1' }, name) : childEnvironment(env, name, term);
}

/** Whether the session is called otherwise; a + before it only says that it is in no scope. */
function isChanged(wish: string | undefined): boolean {
  return wish !== undefined && asName(wish) !== wish.replace(/^\+/, '');
}

/** The session's environment: the client's, and what only the daemon knows. */
function childEnvironment(
  env: Readonly<Record<string, string>>,
  name: string,
  term: string,
): Record<string, string> {
  return nameVariables({ COLORTERM: 'truecolor', ...env, TERM: term, PILOTTY: '1' }, name);
}

/** @throws RequestError LIMIT_REACHED where fewer can be opened */
function requireDescriptors(program: string, count: number): void {
  needDescriptors(count, `Cannot start '${program}'`);
}
