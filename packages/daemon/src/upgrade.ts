/**
 * Hands all sessions to a successor: another process, of the same version or another.
 *
 * Its order: the successor is started, and loads → everything is frozen: nothing is read, drawn, written or ended → the
 * successor gets all there is, makes it its own and compares it → it is told to go, which is the one point from which on
 * the sessions are its → it serves → this process stays as the parent of the programs it has started, reports how they
 * end, and ends with the last of them.
 *
 * Whatever fails before that point, the successor is killed, and this daemon goes on as if nothing had been.
 */
import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import { RequestError, VERSION } from '@pilotty/protocol';
import type { EventLog } from './events/event-log.ts';
import type { Executions } from './exec/executions.ts';
import type { SessionKeeper } from './kept/session-keeper.ts';
import { momentClock } from './moment.ts';
import type { Policy } from './policy/policy.ts';
import type { RunningFile } from './processes/running-file.ts';
import { Pty } from './pty/pty.ts';
import type { Recordings } from './recording/recordings.ts';
import type { Rules, RulesState } from './rules/rules.ts';
import type { Presence } from './server/presence.ts';
import type { Session } from './session/session.ts';
import type { SessionStore } from './session/session-store.ts';
import type { Spawner } from './spawner.ts';
import type { ExitReports } from './upgrade/exit-reports.ts';
import {
  encodeLine,
  FIRST_FURTHER_FD,
  formatFor,
  GO,
  type HandedDaemon,
  type HandedSession,
  REPORTS_FD,
} from './upgrade/hand-over.ts';
import { notUpgraded } from './upgrade/not-upgraded.ts';
import { Successor } from './upgrade/successor.ts';
import { lastTold } from './waiting/idle-race.ts';
import type { KeptWaits } from './waiting/kept-waits.ts';

/** To make all sessions its own: a thousand lines above each screen are drawn in some milliseconds. */
const READY_WITHIN_MS = 60_000;
const SERVING_WITHIN_MS = 10_000;
/** What a program printed before it was frozen is drawn by then. */
const DRAWN_WITHIN_MS = 5_000;
/** And what was recorded is written. */
const WRITTEN_WITHIN_MS = 5_000;

/** What of the daemon is handed over. */
export interface Handing {
  socketDirectory: string;
  /** Of the listening socket; undefined where it is not in its place. */
  listenerFd(): number | undefined;
  sessions: SessionStore;
  events: EventLog;
  kept: SessionKeeper;
  running: RunningFile;
  executions: Executions;
  recordings: Recordings;
  waits: KeptWaits;
  spawner: Spawner;
  reports: ExitReports;
  presence: Presence;
  policy: Policy | undefined;
  rules: Rules;
}

export interface HandedOver {
  successor: Successor;
  pid: number;
  version: string;
  sessions: number;
  frozenMs: number;
}

/** @throws RequestError UNAVAILABLE, with everything as it was before */
export async function handOver(
  daemon: Handing,
  { node, program }: { node: string; program: string },
): Promise<HandedOver> {
  const { live } = daemon.sessions;
  let successor: Successor | undefined;
  // A program that was started from here on would not be among those that are handed over.
  daemon.spawner.freezeRestarts();
  try {
    requireHandable(daemon, live);
    const listener = daemon.listenerFd();
    if (listener === undefined) throw notUpgraded('its socket is not in its place');
    const terminals = live.flatMap(({ liveProgram }) => liveProgram?.descriptors ?? []);
    const descriptors = descriptorsOf(daemon, terminals, listener);
    const { socketDirectory } = daemon;
    successor = new Successor({ node, program, socketDirectory, descriptors: [...descriptors.keys()] });
    const { formats, version } = await successor.says('loaded');
    const frozenAt = performance.now();
    await freeze(daemon, live);
    requireHandable(daemon, live);
    requireRecorded(daemon, live);
    const all = [...live, ...daemon.sessions.ended.filter((session) => !live.includes(session))];
    const rules = daemon.rules.state;
    const format = formatFor(all, rules);
    if (!formats.includes(format))
      throw new Error(`it does not read format ${format}, which this daemon writes`);
    successor.send(linesOf(daemon, { all, format, rules }, descriptors, terminals));
    await successor.says('ready', READY_WITHIN_MS);
    successor.send(GO);
    const { pid } = await successor.says('serving', SERVING_WITHIN_MS);
    return { successor, pid, version, sessions: live.length, frozenMs: performance.now() - frozenAt };
  } catch (error) {
    await successor?.kill();
    thaw(daemon, live);
    if (error instanceof RequestError) throw error;
    const { message } = error as Error;
    throw notUpgraded(`the new one failed: ${message}`, "'pilotty logs' has what the new one said.");
  }
}

function requireHandable(daemon: Handing, live: readonly Session[]): void {
  const { executions, waits } = daemon;
  for (const session of live) {
    const reason = session.whyNotHandedOver ?? executions.whyNotHandedOver(session);
    if (reason !== undefined) throw cannotBeHandedOver(session, reason);
  }
  if (!executions.areIdle) throw notUpgraded('background jobs of exec still write to the daemon');
  if (waits.count > 0)
    throw notUpgraded(`${waits.count} waits are kept for clients that want to go on with them (keep_ms)`);
}

/** What was typed into them and drawn has arrived. @throws RequestError */
function requireRecorded({ recordings }: Handing, live: readonly Session[]): void {
  for (const session of live) {
    for (const { whyNotHandedOver: reason } of recordings.activeOf(session))
      if (reason !== undefined) throw cannotBeHandedOver(session, reason);
  }
}

function cannotBeHandedOver({ name }: Session, reason: string): RequestError {
  return notUpgraded(`session '${name}' cannot be handed over: ${reason}`);
}

/** What the successor gets from its start on, and under which number. */
function descriptorsOf(
  { reports }: Handing,
  terminals: readonly number[],
  listener: number,
): Map<number, number> {
  const descriptors = new Map<number, number>();
  for (const fd of [listener, ...reports.state.map((source) => source.fd), ...terminals])
    descriptors.set(fd, FIRST_FURTHER_FD - 1 + descriptors.size);
  return descriptors;
}

/** Reads and draws nothing more, and what there is is drawn. @throws RequestError */
async function freeze(
  { reports, spawner, kept, presence, recordings, rules }: Handing,
  live: readonly Session[],
): Promise<void> {
  presence.freeze();
  // Before the sessions: what a rule types by then is taken by them.
  const reason = await rules.freeze();
  if (reason !== undefined) throw notUpgraded(reason);
  for (const session of live) session.freeze();
  reports.freeze();
  const end = performance.now() + DRAWN_WITHIN_MS;
  for (const session of live) {
    while (!session.isDrawn) {
      session.arrived.draw();
      await turnOfEventLoop();
      if (performance.now() > end) throw cannotBeHandedOver(session, 'a client keeps it from being drawn');
    }
  }
  if (!(await recordings.freeze(WRITTEN_WITHIN_MS)))
    throw notUpgraded('the disk is slow, and not all that was recorded is in its file');
  await kept.freeze();
  for (const session of live) spawner.reporterOf(session)?.freeze();
}

function thaw({ reports, spawner, kept, presence, rules }: Handing, live: readonly Session[]): void {
  presence.thaw();
  kept.thaw();
  for (const session of live) spawner.reporterOf(session)?.thaw();
  spawner.thawRestarts();
  reports.begin();
  for (const session of live) session.thaw();
  rules.thaw();
}

function linesOf(
  daemon: Handing,
  { all, format, rules }: { all: readonly Session[]; format: number; rules: RulesState | undefined },
  descriptors: ReadonlyMap<number, number>,
  terminals: readonly number[],
): string {
  const { sessions, events, kept, running, spawner, reports, policy, recordings, executions } = daemon;
  const own: HandedDaemon = {
    format,
    version: VERSION,
    // First: it may find out what reporters are to go on from.
    events: events.state,
    clock: momentClock(),
    store: sessions.state,
    lost: kept.lost,
    keptBy: kept.keptBy,
    orphans: running.orphans,
    lostNames: running.lostNames,
    reports: reports.state.map(({ fd, begun }) => ({ fd: descriptors.get(fd) ?? fd, begun })),
    terminals: terminals.flatMap((fd) => descriptors.get(fd) ?? []),
    rules,
    sessions: all.length,
  };
  const handed = all.map((session): HandedSession => {
    const { liveProgram, pid } = session;
    const source = reports.sourceOf(pid);
    return {
      state: session.state,
      ...handedAs(liveProgram, descriptors),
      reportsFd: (source !== undefined && descriptors.get(source)) || REPORTS_FD,
      reporter: spawner.reporterOf(session)?.state,
      lifetime: spawner.lifetimeOf(session),
      spawned: kept.spawnedOf(session),
      executions: executions.stateOf(session),
      idleTold: lastTold.get(session),
      recordings: recordings.activeOf(session).map((recording) => recording.state),
      lineBegun: policy?.lineBegunIn(session),
    };
  });
  return [own, ...handed].map(encodeLine).join('');
}

/** @throws Error where one was opened since the successor was started */
function handedAs(
  program: Session['liveProgram'],
  descriptors: ReadonlyMap<number, number>,
): Pick<HandedSession, 'fd' | 'pipes'> {
  const numberOf = (fd: number) => {
    const number = descriptors.get(fd);
    if (number === undefined) throw new Error('another program was started meanwhile');
    return number;
  };
  if (program === undefined) return { fd: undefined };
  if (program instanceof Pty) return { fd: numberOf(program.fd) };
  const ends = Object.entries(program.ends).map(([name, fd]) => [name, numberOf(fd)]);
  return { fd: undefined, pipes: Object.fromEntries(ends) };
}
