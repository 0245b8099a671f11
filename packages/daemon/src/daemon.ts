/**
 * The daemon: owns the sessions and the socket, answers the protocol, and stops by itself.
 *
 * Its life: is given the lock and the socket → answers → stops (asked to, signalled, idle, or outdated):
 * nothing new is accepted, sessions are ended, its last line is logged, the lock is released, and then the
 * answers are sent and the connections closed. So a client whose connection ends finds the place free.
 */
import { setTimeout as delay } from 'node:timers/promises';
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
import { AskpassProgram } from './askpass-program.ts';
import type { Call } from './call.ts';
import { EventLog } from './events/event-log.ts';
import { Executions } from './exec/executions.ts';
import type { Handlers } from './handlers/handler.ts';
import { type AskedKeys, pressTogether } from './handlers/press-together.ts';
import type { Services, Stopped } from './handlers/services.ts';
import { SessionKeeper } from './kept/session-keeper.ts';
import { STOP_GRACE_MS } from './limits.ts';
import type { Log } from './log.ts';
import type { FaultFacts, LoggedFaults } from './logged-faults.ts';
import { LongWork } from './long-work.ts';
import { PngDrawer } from './pictures/png-drawer.ts';
import { Renderings } from './pictures/renderings.ts';
import type { Governed, Policy } from './policy/policy.ts';
import { OwnerWatch } from './processes/owner-watch.ts';
import { findProcess } from './processes/process-table.ts';
import type { Orphan, RunningFile } from './processes/running-file.ts';
import { releaseStty } from './processes/terminal-state.ts';
import { Child } from './pty/child.ts';
import { Scheduler } from './pty/scheduler.ts';
import type { TerminalFaults } from './pty/terminal-faults.ts';
import { Recordings } from './recording/recordings.ts';
import type { Rest } from './rest.ts';
import { Rules } from './rules/rules.ts';
import type { CommandHost } from './server/answering.ts';
import type { Listener } from './server/listener.ts';
import { plainParams } from './server/plain-params.ts';
import { Presence } from './server/presence.ts';
import { SocketServer } from './server/socket-server.ts';
import { UpgradeGate } from './server/upgrade-gate.ts';
import { parseHello, parseParams } from './server/validate.ts';
import { PastScreens } from './session/past-screens.ts';
import type { AdoptedProgram } from './session/run.ts';
import { inScope, meansUnknown } from './session/scope.ts';
import type { Session } from './session/session.ts';
import { type Lost, SessionStore } from './session/session-store.ts';
import { type Restarted, type Spawned, Spawner } from './spawner.ts';
import { AnnouncerToAll } from './until.ts';
import { ExitReports } from './upgrade/exit-reports.ts';
import { type HandedDaemon, type HandedSession, REPORTS_FD } from './upgrade/hand-over.ts';
import { notUpgraded } from './upgrade/not-upgraded.ts';
import { Remaining } from './upgrade/remaining.ts';
import type { HandedOver } from './upgrade.ts';
import { lastTold } from './waiting/idle-race.ts';
import { KeptWaits } from './waiting/kept-waits.ts';
import { within } from './within.ts';

/** For answers to reach clients that do not read. */
const CLOSE_WITHIN_MS = 1000;
/** For the ends of recordings, and what is kept of sessions, to reach the disk. */
const RECORDED_WITHIN_MS = 1000;

/** Requests that were asked before an upgrade are answered by then, or it is not done. */
const DRAINED_WITHIN_MS = 2_000;
/** Clients that ask the daemon of before are told where to ask; they have heard of it by then. */
const LINGER_MS = 500;

/** What a daemon stands on, there before it. */
export interface Ground {
  paths: SocketPaths;
  /** Of the directory; released when the daemon ends. */
  lock: Lock;
  log: Log;
  /** What `log` has of failures. */
  faults: LoggedFaults;
  /** Where `log` writes. */
  logFile: RotatingFile;
  running: RunningFile;
  /** What gives memory back; undefined where the process is not the daemon's own. */
  rest?: Rest | undefined;
}

export interface DaemonOptions {
  commandHost?: CommandHost | undefined;
  faults?: TerminalFaults | undefined;
  /** What runs pilotty, for programs that ask a person: a program and its first arguments. */
  pilotty?: readonly string[] | undefined;
  /** Makes it, once there is what it governs. */
  policy?: ((governed: Governed) => Policy) | undefined;
}

export class Daemon implements Services {
  readonly paths: SocketPaths;
  readonly settings: Settings;
  readonly startedAt = new Date();
  readonly sessions: SessionStore;
  readonly events = new EventLog();
  readonly drawer = new PngDrawer();
  readonly renderings = new Renderings();
  readonly pastScreens: PastScreens;
  readonly executions: Executions;
  readonly waits = new KeptWaits();
  readonly longWork: LongWork;
  readonly recordings: Recordings;
  readonly kept: SessionKeeper;
  readonly rules: Rules;
  readonly policy: Policy | undefined;
  readonly commandHost: CommandHost | undefined;
  /** Resolves when everything is closed and the process may end. */
  readonly ended: Promise<void>;

  /** Programs of which this process stays the parent after an upgrade. */
  readonly remaining = new Remaining();
  /** Command lines that began here ask the next daemon after an upgrade. */
  commandsOver: Promise<void> = Promise.resolve();
  readonly handedOver = new AnnouncerToAll();

  readonly #handlers: Handlers;
  readonly #log: Log;
  readonly #logged: LoggedFaults;
  readonly #server: SocketServer;
  readonly #presence: Presence;
  readonly #spawner: Spawner;
  readonly #owners = new OwnerWatch();
  readonly #reports = new ExitReports();
  readonly #gate = new UpgradeGate();
  readonly #askpass: AskpassProgram;
  readonly #running: RunningFile;
  #requests = 0;
  #lastRequestAt = performance.now();
  #idleTimer: NodeJS.Timeout | undefined;
  readonly #rest: Rest | undefined;
  #stopping: Promise<Stopped> | undefined;
  /** Resolves when it is decided whose the sessions are; undefined while they are not handed over. */
  #handing: Promise<void> | undefined;
  #keptWritten: Promise<void> | undefined;
  #adopted: Session[] = [];
  #tellEnded: () => void = () => {};

  constructor(
    { paths, lock, log, faults: logged, logFile, running, rest }: Ground,
    settings: Settings,
    handlers: Handlers,
    { commandHost, faults, pilotty, policy }: DaemonOptions = {},
  ) {
    this.paths = paths;
    this.commandHost = commandHost;
    this.#handlers = handlers;
    this.settings = settings;
    this.#log = log;
    this.#logged = logged;
    this.#server = new SocketServer(this, log);
    this.#running = running;
    this.#rest = rest;
    this.#presence = new Presence({
      paths,
      lock,
      server: this.#server,
      log,
      isNeeded: () => !this.#isUnused,
      onLost: () => void this.stop('its socket directory was removed', false),
      onRestored: () => {
        logFile.reopenIfReplaced();
        this.#running.restore();
        this.#askpass.restore();
      },
    });
    this.kept = new SessionKeeper(paths.directory, {
      directory: settings.restore === 'off' ? undefined : settings.keptDir,
      withOutput: settings.restore === 'output',
      redact: settings.redact,
      log,
    });
    this.sessions = new SessionStore(
      settings,
      (name) => this.#lost(name),
      () => this.#watchIdleness(),
    );
    this.policy = policy?.({ sessions: this.sessions, kept: this.kept });
    this.rules = new Rules({
      sessions: this.sessions,
      events: this.events,
      log,
      policy: this.policy,
      redact: settings.redact,
      directory: this.kept.directory,
      answerPart: (method, params, call) => this.answerPart(method, params, call),
      busyChanged: () => this.#watchIdleness(),
    });
    this.executions = new Executions(paths.directory);
    this.#askpass = new AskpassProgram(paths.directory, pilotty);
    this.recordings = new Recordings(settings, { events: this.events, log });
    this.longWork = new LongWork(log);
    const scheduler = new Scheduler({
      longWork: this.longWork,
      failed: (error) => log.error({ err: error }, 'parsing output failed'),
      began: () => rest?.printed(),
    });
    this.pastScreens = new PastScreens(scheduler);
    this.#spawner = new Spawner({
      sessions: this.sessions,
      events: this.events,
      recordings: this.recordings,
      kept: this.kept,
      running: this.#running,
      owners: this.#owners,
      scheduler,
      retainBytes: settings.retainBytes,
      faults,
      askpass: this.#askpass,
      log,
      requireRunning: () => this.#requireRunning(),
    });
    this.ended = new Promise((resolve) => {
      this.#tellEnded = resolve;
    });
  }

  get faults(): FaultFacts | undefined {
    return this.#logged.facts;
  }

  /** Programs that a daemon before this one left running when it was killed. */
  get orphans(): Orphan[] {
    return [...this.#running.orphans];
  }

  #lost(name: string): Lost | undefined {
    if (this.kept.lost.some((lost) => lost.name === name)) return 'restorable';
    return this.#running.lostNames.includes(name) ? 'gone' : undefined;
  }

  get isStopping(): boolean {
    return this.#stopping !== undefined;
  }

  get connectionCount(): number {
    return this.#server.connectionCount;
  }

  /** Milliseconds since the last request began or ended. */
  get hasPolicy(): boolean {
    return this.policy !== undefined;
  }

  get idleMs(): number {
    return performance.now() - this.#lastRequestAt;
  }

  /** Answers what has connected there, and what will. */
  serve(listener: Listener): void {
    this.#presence.open(listener);
    this.#log.info({ socket: this.paths.socket, version: VERSION, node: process.version }, 'listening');
    const { lostNames } = this.#running;
    if (lostNames.length > 0)
      this.#log.warn({ sessions: lostNames }, 'the daemon before this one was killed; its sessions are lost');
    for (const { pid, ...orphan } of this.orphans)
      this.#log.warn({ ...orphan, child: pid }, 'left running by a daemon that was killed');
    this.kept.load();
    this.rules.load();
    this.#watchIdleness();
  }

  /**
   * Hands everything to a new daemon; this process then only reports how its programs end.
   * @throws RequestError UNAVAILABLE, with everything as it was
   */
  async upgrade(asked: { node: string; program: string }, call: Call): Promise<HandedOver> {
    const handing = this.#upgrade(asked, call);
    this.#handing = handing.then(ignore, ignore).then(() => {
      this.#handing = undefined;
    });
    return await handing;
  }

  async #upgrade(asked: { node: string; program: string }, call: Call): Promise<HandedOver> {
    this.#gate.close();
    try {
      await this.#requireDrained(call);
      const { handOver } = await import('./upgrade.ts');
      const handed = await handOver(
        {
          socketDirectory: this.paths.directory,
          listenerFd: () => this.#server.listenerFd,
          sessions: this.sessions,
          events: this.events,
          kept: this.kept,
          running: this.#running,
          executions: this.executions,
          recordings: this.recordings,
          waits: this.waits,
          spawner: this.#spawner,
          reports: this.#reports,
          presence: this.#presence,
          policy: this.policy,
          rules: this.rules,
        },
        asked,
      );
      this.#leave(handed);
      return handed;
    } catch (error) {
      this.#gate.open();
      this.#log.warn({ reason: (error as Error).message }, 'the upgrade was given up');
      throw error;
    }
  }

  async #requireDrained(call: Call): Promise<void> {
    const own = findProcess(process.pid);
    if (this.#rest === undefined) throw notUpgraded('it runs inside another program');
    if (own !== undefined && own.session !== own.pid)
      throw notUpgraded('it runs in the foreground, and what watches it there would miss its successor');
    const open = await this.#gate.drained(call, DRAINED_WITHIN_MS);
    const [first] = open;
    if (first !== undefined) throw notUpgraded(`${first} is still being answered`);
  }

  /** The sessions are another daemon's. */
  #leave({ successor, pid, version, sessions }: HandedOver): void {
    this.#log.info({ successor: pid, version, sessions }, 'handed over');
    this.#stopping = Promise.resolve({ sessionsEnded: 0, survivors: [] });
    this.#isAsked(true);
    for (const session of this.sessions.live) {
      const { pid: child, hasNoProgram } = session;
      if (!hasNoProgram && this.#reports.sourceOf(child) === undefined) this.remaining.add(child);
      session.handedOver((...end) => this.remaining.ended(...end));
    }
    this.recordings.handedOver();
    this.remaining.reportTo(successor);
    releaseStty();
    this.#reports.close();
    this.#owners.close();
    this.#gate.handOver();
    this.#presence.handOver();
    this.handedOver.announce();
    // The answer to who has asked for this comes first.
    setImmediate(() => void this.#closeHandedOver());
  }

  async #closeHandedOver(): Promise<void> {
    await Promise.all([this.drawer.close(), delay(LINGER_MS)]);
    this.#running.close();
    this.executions.close();
    this.waits.close();
    await this.rules.close();
    this.sessions.close();
    this.commandsOver = (await this.#server.closeHandedOver(CLOSE_WITHIN_MS)).commandsOver;
    this.#tellEnded();
  }

  /** Goes on with what another daemon hands over; nothing of it is touched before goOn(). */
  async adopt(own: HandedDaemon, sessions: readonly HandedSession[]): Promise<void> {
    this.events.adopt(own.events);
    this.sessions.adopt(own.store);
    await this.kept.adopt(own.lost, own.keptBy);
    this.#reports.add({ fd: REPORTS_FD, begun: '' });
    for (const source of own.reports) this.#reports.add(source);
    for (const handed of sessions) {
      const session = this.#spawner.adopt(handed, this.#programOf(handed));
      if (handed.lineBegun !== undefined) this.policy?.adopt(session, handed.lineBegun);
      if (handed.executions !== undefined) this.executions.adopt(session, handed.executions);
      if (handed.idleTold !== undefined) lastTold.set(session, handed.idleTold);
      await this.recordings.adopt(session, handed.recordings);
      this.#adopted.push(session);
    }
    await this.rules.adopt(own.rules);
  }

  /** Undefined where it has ended. */
  #programOf({ state, fd, pipes, reportsFd }: HandedSession): AdoptedProgram | undefined {
    const { pid, terminalPath } = state.run;
    const isOnTerminal = fd !== undefined && terminalPath !== undefined;
    if (!isOnTerminal && pipes === undefined) return undefined;
    const child = new Child(pid);
    this.#reports.expect(pid, reportsFd, child);
    return isOnTerminal ? { child, fd, terminalPath } : { child, ends: pipes ?? {} };
  }

  /** What was adopted is this daemon's from now on, and clients are answered. */
  goOn(listener: Listener, sessions: readonly HandedSession[]): void {
    this.#presence.open(listener);
    for (const [index, session] of this.#adopted.entries())
      this.#spawner.goOn(session, sessions[index]?.spawned);
    this.#adopted = [];
    this.kept.takeOver();
    this.#reports.begin();
    this.rules.thaw();
    this.#log.info({ version: VERSION, node: process.version, sessions: sessions.length }, 'took over');
    this.#watchIdleness();
  }

  /** An uncaught exception: sessions go on. */
  survived(error: unknown): void {
    this.#log.fatal({ err: error }, 'uncaught exception; sessions continue');
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

  answer(method: string, params: unknown, call: Call): unknown {
    if (this.#gate.isClosed) return this.#answerBehindGate(method, params, call);
    const answer = this.#ask(method, params, call);
    return answer instanceof Promise ? this.#whileOpen(method, call, answer) : answer;
  }

  answerKeys(asked: readonly { params: unknown; call: Call }[]): readonly unknown[] {
    const [one] = asked;
    // Where each must be looked at first, each is asked for alone.
    if (this.#gate.isClosed || this.isStopping || this.policy !== undefined) return [];
    if (this.kept.loadedSoon() !== undefined) return [];
    if (one === undefined || one.call.client.scope !== undefined) return [];
    const keys = keysOf(asked);
    if (keys.length < 2) return [];
    this.#isAsked(true);
    const began = this.longWork.began();
    try {
      return pressTogether(this, keys).map((answer, index) =>
        answer instanceof Promise ? this.#openKey(answer, keys[index]?.call ?? one.call) : answer,
      );
    } finally {
      this.longWork.ended(began, () => ({
        work: 'requests session.key',
        session: sessionIn(one.params),
      }));
      this.#lastRequestAt = performance.now();
      this.#watchIdleness();
    }
  }

  #openKey(answer: Promise<unknown>, call: Call): Promise<unknown> {
    this.#requests += 1;
    return this.#whileOpen('session.key', call, this.#whenAnswered(answer));
  }

  async #answerBehindGate(method: string, params: unknown, call: Call): Promise<unknown> {
    await this.#gate.pass(method, params, call);
    const answer = this.#ask(method, params, call);
    return await (answer instanceof Promise ? this.#whileOpen(method, call, answer) : answer);
  }

  /** Counts as open, as long as it must be waited for. */
  async #whileOpen(method: string, call: Call, answer: Promise<unknown>): Promise<unknown> {
    const open = this.#gate.began(method, call);
    try {
      return await answer;
    } finally {
      this.#gate.finished(open);
    }
  }

  async answerPart(method: string, params: unknown, call: Call): Promise<unknown> {
    return await this.#ask(method, params, call);
  }

  /** @returns the result, or a promise of it: most requests are answered at once, and a promise is felt among many */
  #ask(method: string, params: unknown, call: Call): unknown {
    if (method !== 'daemon.info') this.#requireRunning();
    this.#requests += 1;
    this.#isAsked(true);
    let answer: unknown;
    try {
      answer = this.#begin(method, params, call);
    } finally {
      if (!(answer instanceof Promise)) this.#asked();
    }
    return answer instanceof Promise ? this.#whenAnswered(answer) : answer;
  }

  async #whenAnswered(answer: Promise<unknown>): Promise<unknown> {
    this.#lastRequestAt = performance.now();
    try {
      return await answer;
    } finally {
      this.#asked();
    }
  }

  /** A request is answered, or refused. */
  #asked(): void {
    this.#requests -= 1;
    this.#lastRequestAt = performance.now();
    this.#watchIdleness();
  }

  /** Until the handler waits for the first time. */
  #begin(method: string, params: unknown, call: Call): unknown {
    const began = this.longWork.began();
    try {
      const parsed = parseParams(method, params);
      const asked = inScope(parsed.method, parsed.params, call.client.scope, this.sessions);
      const handle = () => callHandler(this.#handlers, this, parsed.method, asked, call);
      const { policy } = this;
      const govern = () =>
        policy === undefined ? handle() : policy.govern(parsed.method, asked, call, handle);
      // What was lost is still being read when the first request comes, and the error for its name tells of it.
      const reading = this.kept.loadedSoon();
      const isUnknown = reading !== undefined && meansUnknown(parsed.method, asked, this.sessions);
      return isUnknown ? reading.then(govern) : govern();
    } finally {
      this.longWork.ended(began, () => ({ work: `request ${method}`, session: sessionIn(params) }));
    }
  }

  spawn(params: ParsedParams<'session.spawn'>, history?: Uint8Array): Promise<Spawned> {
    return this.#spawner.spawn(params, history);
  }

  restart(session: Session, signal: NodeJS.Signals, graceMs: number): Promise<Restarted> {
    return this.#spawner.restart(session, signal, graceMs);
  }

  /**
   * Ends every session and then the daemon. Asked twice, it is one stop.
   * @param isWanted the sessions are to end; else the next daemon can start them again
   */
  stop(reason: string, isWanted = true): Promise<Stopped> {
    // Where another daemon gets the sessions, they are not this one's to end.
    if (this.#handing !== undefined) return this.#handing.then(() => this.stop(reason, isWanted));
    this.#stopping ??= this.#stop(reason, isWanted);
    return this.#stopping;
  }

  async #stop(reason: string, isWanted: boolean): Promise<Stopped> {
    this.#log.info({ reason, sessions: this.sessions.liveCount }, 'stopping');
    this.#isAsked(true);
    this.#presence.leave();
    this.#keptWritten = this.kept.stop(isWanted);
    const { live } = this.sessions;
    const survivors = await Promise.all(live.map((session) => session.kill('SIGTERM', STOP_GRACE_MS)));
    this.events.close();
    // What was asked for together with the stop is answered before the connections are closed.
    setImmediate(() => void this.#close());
    return { sessionsEnded: live.length, survivors: survivors.flat() };
  }

  async #close(): Promise<void> {
    await Promise.all([
      this.drawer.close(),
      this.recordings.close(RECORDED_WITHIN_MS),
      this.#keptWritten && within(RECORDED_WITHIN_MS, this.#keptWritten),
      within(RECORDED_WITHIN_MS, this.rules.close()),
    ]);
    this.waits.close();
    this.sessions.close();
    this.#owners.close();
    this.executions.close();
    this.#running.close();
    this.policy?.close();
    this.#askpass.close();
    this.#log.info('stopped');
    this.#presence.release();
    await this.#server.close(CLOSE_WITHIN_MS);
    this.#tellEnded();
  }

  /** @throws RequestError DAEMON_UNREACHABLE while it stops */
  #requireRunning(): void {
    if (this.#stopping === undefined) return;
    throw new RequestError('DAEMON_UNREACHABLE', 'The daemon is stopping and accepts no requests', {
      suggestion: 'Try again in a moment: a new daemon starts with the next command.',
    });
  }

  get #isUnused(): boolean {
    return this.sessions.liveCount === 0 && this.sessions.endedCount === 0 && this.#requests === 0;
  }

  /** No session runs and no request is open. Ended sessions that are kept do not keep the daemon. */
  #watchIdleness(): void {
    const isInUse = this.sessions.liveCount > 0 || this.#requests > 0 || this.rules.isBusy;
    this.#isAsked(isInUse);
    if (this.#stopping || isInUse) return;
    this.#idleTimer = setTimeout(() => void this.stop('idle'), this.settings.idleTimeoutMs);
  }

  #isAsked(isInUse: boolean): void {
    clearTimeout(this.#idleTimer);
    this.#rest?.asked(isInUse);
  }
}

function ignore(): void {}

/** The first of them with parameters that fit. */
function keysOf(asked: readonly { params: unknown; call: Call }[]): AskedKeys[] {
  const keys: AskedKeys[] = [];
  for (const { params, call } of asked) {
    const plain = plainParams('session.key', params);
    if (plain === undefined) break;
    keys.push({ params: plain as AskedKeys['params'], call });
  }
  return keys;
}

/** The one that it is about, where it names one. */
function sessionIn(params: unknown): string | undefined {
  const { session } = (params ?? {}) as { session?: unknown };
  return typeof session === 'string' ? session : undefined;
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
