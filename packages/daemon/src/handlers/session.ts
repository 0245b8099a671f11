import { constants } from 'node:os';
import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import {
  commandLine,
  type ParsedParams,
  RequestError,
  type Result,
  type SessionStatus,
  type SessionSummary,
  scopeOf,
} from '@pilotty/protocol';
import { MAX_CELLS } from '@pilotty/protocol/schemas';
import { atOnce, awaited, type Work } from '../at-once.ts';
import type { Call } from '../call.ts';
import { nextMoment } from '../moment.ts';
import { directoryOf, foregroundOf } from '../processes/foreground.ts';
import { didNotEnd } from '../session/did-not-end.ts';
import { modesOf } from '../session/modes-of.ts';
import { isIn, noneSelected, selectAll, selectLive, selectNamed, type Which } from '../session/selection.ts';
import type { Session } from '../session/session.ts';
import type { SessionStore } from '../session/session-store.ts';
import { terminalUse } from '../session/terminal-use.ts';
import { readyForInput } from '../waiting/ready-for-input.ts';
import { workStateOf } from '../waiting/work-state.ts';
import { asAnswer } from '../work-state/as-answer.ts';
import { Act, INPUT_TIMEOUT_MS } from './act.ts';
import { type Captured, waitAndCapture } from './capture.ts';
import type { Handlers } from './handler.ts';
import { requireLinesFit } from './line-limit.ts';
import type { Services } from './services.ts';

/** Sessions whose state is looked at in one turn. */
const LOOKS_AT_ONCE = 16;

export const sessionHandlers: Handlers<
  | 'session.spawn'
  | 'session.kill'
  | 'session.restart'
  | 'session.signal'
  | 'session.list'
  | 'session.status'
  | 'session.rename'
  | 'session.tag'
  | 'session.change'
  | 'session.resize'
> = {
  'session.spawn': async (services, params, call) => {
    checkCells(params.size);
    const event_cursor = nextMoment();
    const { session, note, recordings } = await services.spawn(params);
    const message = `Session '${session.name}' started${note ? ` (${note})` : ''}`;
    return {
      type: 'session_created',
      session_id: session.id,
      name: session.name,
      pid: session.pid,
      ...placeOf(session),
      ...pipeOf(session),
      command: commandLine(session.argv),
      argv: [...session.argv],
      cwd: session.cwd,
      size: params.size,
      message,
      ...(recordings.length > 0 && { recorded_into: recordings }),
      event_cursor,
      ...(await firstInput(services, session, params, call)),
    };
  },

  'session.kill': async (services, params) => {
    const signal = signalNamed(params.signal);
    const { running, ended, failed } = sessionsToKill(services.sessions, params);
    const outcomes = await Promise.all(running.map((session) => killOne(session, signal, params.grace_ms)));
    const before = ended.map(({ reference, exit }) => ({
      ...reference,
      ok: true,
      already_ended: true as const,
      ...(exit && { exit }),
    }));
    const results = [...outcomes, ...before, ...failed];
    return { type: 'sessions_killed', results, message: killMessage(results) };
  },

  'session.restart': async (services, { session: target, signal, grace_ms, wait, snapshot }, call) => {
    const session = services.sessions.get(target);
    if (!call.isBroadcast) services.sessions.acted(session);
    const { act, survivors, note } = await services.restart(session, signalNamed(signal), grace_ms);
    const facts = {
      type: 'session_restarted' as const,
      ...session.reference,
      pid: session.pid,
      restarts: session.pastEnds.count,
      output_offset: session.run.outputStart,
      survivors,
      message: `Session '${session.name}' was restarted${note ? ` (${note})` : ''}`,
    };
    const captured = await waitAndCapture(services, session, { wait, snapshot }, call, { act }).catch(
      (error: unknown) => {
        throw error instanceof RequestError
          ? afterStart(session, error, 'what was to follow failed', 'restarted')
          : error;
      },
    );
    return { ...facts, ...captured };
  },

  'session.signal': async (services, params, call) => {
    const signal = signalNamed(params.signal);
    const act = Act.withoutInput(services, params, call);
    try {
      const { session } = act;
      await act.untilDrawn();
      act.checkScreen();
      act.describe('session.signal', { signal });
      act.marked(session.markAct());
      const group = await sendSignal(session, signal);
      return {
        type: 'signal_sent',
        ...session.reference,
        signal,
        process_group: group,
        message: `Sent ${signal} to process group ${group} of '${session.name}'${session.inside ? `, in ${session.inside.place}` : ''}`,
        ...(await act.waitAndCapture()),
      };
    } finally {
      act.end();
    }
  },

  'session.list': (services, params) => atOnce(listSessions(services, params)),

  'session.status': (services, params) => statusOf(services, services.sessions.get(params.session)),

  'session.rename': (services, params) => {
    const session = services.sessions.getRunning(params.session);
    services.sessions.acted(session);
    const previous = session.name;
    const name = services.sessions.rename(session, params.name);
    const message = `Session '${previous}' is now '${name}'`;
    return { type: 'session_renamed', session_id: session.id, name, previous_name: previous, message };
  },

  'session.tag': (services, { session: target, add, remove }, call) => {
    const session = services.sessions.get(target);
    if (!call.isBroadcast) services.sessions.acted(session);
    session.retag(add, remove);
    return { type: 'session_tags', ...session.reference, tags: [...session.tags] };
  },

  'session.change': (services, { session: target, name, add_tags, remove_tags, cols, rows }) => {
    const session = services.sessions.getRunning(target);
    services.sessions.acted(session);
    const size = cols !== undefined && rows !== undefined ? { cols, rows } : undefined;
    if (size) checkCells(size);
    session.checkTags(add_tags, remove_tags);
    // The last that can fail.
    if (name !== undefined) services.sessions.rename(session, name);
    session.retag(add_tags, remove_tags);
    if (size) {
      session.arrived.catchUp();
      session.journal?.add(session, { method: 'session.resize', params: size }, false);
      session.resize(size.cols, size.rows);
    }
    return statusOf(services, session);
  },

  'session.resize': async (services, params, call) => {
    const { cols, rows } = params;
    checkCells({ cols, rows });
    const act = Act.withoutInput(services, params, call);
    try {
      const { session } = act;
      await act.untilDrawn();
      act.checkScreen();
      act.describe('session.resize', { cols, rows });
      act.marked(session.resize(cols, rows));
      return {
        type: 'resized',
        ...session.reference,
        size: { cols, rows },
        seq: act.sent.seq,
        message: `Session '${session.name}' is now ${cols}x${rows}`,
        ...(await act.waitAndCapture()),
      };
    } finally {
      act.end();
    }
  },
};

function* listSessions(
  services: Services,
  { all, ...which }: ParsedParams<'session.list'>,
): Work<Result<'session.list'>> {
  // The first list says what was lost.
  yield* awaited(services.kept.loadedSoon());
  const selected = (all ? selectAll : selectLive)(services.sessions, which);
  yield* stateOfEach(selected);
  const lost = services.kept.lost.filter(({ name }) => isIn(which.scope, name));
  return {
    type: 'sessions',
    sessions: selected.map(summaryOf),
    ...(lost.length > 0 && { lost_sessions: lost.length }),
    event_cursor: nextMoment(),
  };
}

/** What spawn does once the program runs: its first input, the wait, the look. */
async function firstInput(
  services: Services,
  session: Session,
  { send, wait, snapshot }: ParsedParams<'session.spawn'>,
  call: Call,
): Promise<Captured> {
  const orSay = (but: string) => (error: unknown) => {
    throw error instanceof RequestError ? afterStart(session, error, but) : error;
  };
  const orSayNotCaptured = orSay('what was to follow failed');
  if (send === undefined) {
    const anchor = { act: session.acts.last };
    return waitAndCapture(services, session, { wait, snapshot }, call, anchor).catch(orSayNotCaptured);
  }
  const params = { session: session.id, only_if: undefined, wait, snapshot };
  const orSayNotSent = orSay('its first input was not all sent');
  const begin = async () => Act.begin(services, params, INPUT_TIMEOUT_MS, call);
  const act = await begin().catch(orSayNotSent);
  try {
    await sendFirst(act, send).catch(orSayNotSent);
    const capture = async () => act.waitAndCapture();
    return await capture().catch(orSayNotCaptured);
  } finally {
    act.end();
  }
}

async function sendFirst(act: Act, send: string): Promise<void> {
  // A line end at its end is the Enter that follows anyway.
  const text = Buffer.from(send.replace(/\r?\n$/, ''));
  await readyForInput(act.session, act.deadline);
  act.requireRunning();
  await requireLinesFit(act.session, text);
  await act.untilDrawn();
  act.describe('session.type', { text: text.toString(), enter: true });
  await act.sendText(text);
  await act.pressEnter();
}

function afterStart(
  { name, reference }: Session,
  { code, message, suggestion, details }: RequestError,
  but: string,
  what = 'started',
): RequestError {
  return new RequestError(code, `Session '${name}' was ${what}, but ${but}: ${message}`, {
    suggestion,
    details: { ...details, ...reference },
  });
}

/** A look takes up to a third of a millisecond: others are served in between. */
function* stateOfEach(sessions: readonly Session[]): Work<void> {
  for (let from = 0; from < sessions.length; from += LOOKS_AT_ONCE) {
    if (from > 0) yield turnOfEventLoop();
    const looked = sessions.slice(from, from + LOOKS_AT_ONCE).map((session) => workStateOf(session).recent());
    const asked = looked.filter((state) => state instanceof Promise);
    if (asked.length > 0) yield Promise.all(asked);
  }
}

async function statusOf({ recordings }: Services, session: Session): Promise<SessionStatus> {
  session.arrived.catchUp();
  await workStateOf(session).now();
  const { foreground, terminal, stoppedJobs } = await terminalUse(session);
  const { screen } = session;
  const files = recordings.activeOf(session).map(({ file }) => file);
  const { typedLast } = session.keyboard;
  const directory = screen.cwd ?? (session.hasNoProgram ? undefined : await directoryNow(session));
  return {
    type: 'status',
    ...summaryOf(session),
    foreground,
    terminal,
    stopped_jobs: stoppedJobs,
    current_directory: directory ?? null,
    modes: modesOf(screen),
    ...(screen.alternateScreen && { alternate_screen: true }),
    ...(screen.progress && {
      progress: { state: screen.progress.state, percent: screen.progress.percent },
    }),
    attached: session.attachments.all.map(({ client, isReadOnly, window }) => ({
      client: client.label,
      read_only: isReadOnly,
      ...(window && { window }),
    })),
    typed_last: typedLast ? { client: typedLast.client, ago_ms: Math.round(typedLast.agoMs) } : null,
    keyboard: keyboardOf(session),
    bell_count: screen.bellCount,
    clipboard_writes: screen.clipboardWriteCount,
    dropped_reply_bytes: session.droppedReplyBytes,
    drawing_faults: session.drawingFaults.facts,
    shell: {
      ...(session.integratedShell && { integration: session.integratedShell }),
      at_prompt: session.commands.isAtPrompt ?? null,
      last_command_number: session.commands.count || null,
    },
    term: session.term,
    scrollback: session.scrollback,
    seq: session.seq,
    retention: session.retention.facts,
    ...(files.length > 0 && { recorded_into: files }),
  };
}

function directoryNow({ inside, pid }: Session): string | undefined | Promise<string | undefined> {
  return inside ? inside.look().then(({ directory }) => directory) : directoryOf(pid);
}

function keyboardOf({ keyboard }: Session): SessionStatus['keyboard'] {
  const { holder, offered, heldMs, endsInMs } = keyboard;
  if (holder === undefined && offered === null) return null;
  return {
    holder: holder?.label ?? null,
    held_ms: Math.round(heldMs),
    ends_in_ms: endsInMs === undefined ? null : Math.round(endsInMs),
    hand_over: offered,
  };
}

function summaryOf(session: Session): SessionSummary {
  const { id, name, argv, pid, createdAt, endedAt, exit, cwd, screen, tags, times } = session;
  const questions = session.questions.facts;
  return {
    id,
    name,
    ...(scopeOf(name) !== undefined && { scope: scopeOf(name) }),
    command: commandLine(argv),
    argv: [...argv],
    pid,
    ...placeOf(session),
    ...pipeOf(session),
    state: session.isExited ? 'exited' : 'running',
    created_at: createdAt.toISOString(),
    ...(endedAt && { ended_at: endedAt.toISOString() }),
    cwd,
    ...restartsOf(session),
    ...restartPolicyOf(session),
    ...(session.project && { project: session.project }),
    size: screen.size,
    ...(screen.title !== '' && { title: screen.title }),
    tags: [...tags],
    idle_ms: Math.round(times.idleMs),
    ...asAnswer(session.work.known),
    ...(questions.length > 0 && { questions }),
    ...(exit && { exit }),
  };
}

function placeOf({ in: place, inside }: Session): Pick<SessionSummary, 'in' | 'pid_inside'> {
  if (place === undefined) return {};
  return { in: place.place, ...(inside?.pid !== undefined && { pid_inside: inside.pid }) };
}

function pipeOf({ isPipe, isInputClosed }: Session): Pick<SessionSummary, 'pipe'> {
  return isPipe ? { pipe: { stdin: isInputClosed ? 'closed' : 'open' } } : {};
}

function restartsOf({ pastEnds, run }: Session): Pick<SessionSummary, 'restarts' | 'restarted_at'> {
  if (pastEnds.count === 0) return {};
  return { restarts: pastEnds.count, restarted_at: run.startedAt.toISOString() };
}

function restartPolicyOf({ restarts, run }: Session): Pick<SessionSummary, 'restart_policy'> {
  if (restarts.policy === undefined) return {};
  const { policy, inARow, gaveUp } = restarts.policy;
  const { nextStartAt } = restarts;
  const { mode, limit, delayMs, maxDelayMs } = policy;
  const { exit } = run.ending;
  return {
    restart_policy: {
      ...{ mode, limit, delay_ms: delayMs, max_delay_ms: maxDelayMs, in_a_row: inARow },
      ...(nextStartAt && { next_restart_at: nextStartAt.toISOString() }),
      ...(nextStartAt && exit && { last_exit: exit }),
      ...(gaveUp && { gave_up: true as const }),
    },
  };
}

type Killed = Result<'session.kill'>['results'][number];

async function killOne(session: Session, signal: NodeJS.Signals, graceMs: number): Promise<Killed> {
  const survivors = await session.kill(signal, graceMs);
  const { reference, exit } = session;
  if (exit) return { ...reference, ok: true, exit, survivors };
  return { ...reference, ok: false, error: didNotEnd(session).toBody() };
}

/** Those to end, and those that have ended: to end them again does nothing. */
function sessionsToKill(
  store: SessionStore,
  { session, all, ...which }: ParsedParams<'session.kill'>,
): { running: Session[]; ended: Session[]; failed: Killed[] } {
  const { found, unknown } = all
    ? { found: selectLive(store, { scope: which.scope }), unknown: [] }
    : which.sessions || which.tags
      ? selectAllNamed(store, which)
      : { found: [store.get(session)], unknown: [] };
  if (!all && found.length === 0) throw unknown[0]?.error ?? noneSelected();
  return {
    running: found.filter(({ isExited }) => !isExited),
    ended: found.filter(({ isExited }) => isExited),
    failed: unknown.map(({ name, error }) => ({ session: name, ok: false, error: error.toBody() })),
  };
}

/** As selectNamed(); a pattern or a tag that fits no session that runs may mean some that have ended. */
function selectAllNamed(store: SessionStore, which: Which): ReturnType<typeof selectNamed> {
  const { found, unknown } = selectNamed(store, which);
  if (found.length > 0 || unknown.length > 0) return { found, unknown };
  return { found: selectAll(store, which), unknown };
}

function killMessage(results: readonly Killed[]): string {
  const list = (killed: readonly Killed[]) => killed.map(({ session }) => `'${session}'`).join(', ');
  const ended = results.filter(({ already_ended }) => already_ended);
  const now = results.filter(({ ok, already_ended }) => ok && !already_ended);
  const parts = [
    ...(now.length > 0 ? [`Ended ${list(now)}`] : []),
    ...(ended.length > 0 ? [`${list(ended)} had already ended`] : []),
  ];
  return parts.length > 0 ? parts.join('; ') : 'There was no session to end';
}

function checkCells({ cols, rows }: { cols: number; rows: number }): void {
  if (cols * rows <= MAX_CELLS) return;
  throw new RequestError(
    'INVALID_INPUT',
    `A screen of ${cols}x${rows} has ${cols * rows} cells, and ${MAX_CELLS} is the limit`,
    {
      suggestion: 'Give a smaller size, such as 200x60.',
    },
  );
}

/** 'TERM', 'SIGTERM', 'term' and '15' are the same. */
function signalNamed(text: string): NodeJS.Signals {
  const upper = text.toUpperCase();
  const wanted = upper.startsWith('SIG') ? upper : `SIG${upper}`;
  const found = Object.entries(constants.signals).find(
    ([name, number]) => name === wanted || String(number) === text,
  );
  if (found) return found[0] as NodeJS.Signals;
  throw new RequestError('INVALID_INPUT', `'${text}' is not a signal`, {
    suggestion: "Give a name or number that 'kill -l' lists, such as INT, TERM, HUP or USR1.",
  });
}

/** @returns the process group that it was sent to */
async function sendSignal(session: Session, signal: NodeJS.Signals): Promise<number> {
  if (session.inside) return await session.inside.signal(signal);
  const group = foregroundOf(session.pid)?.process_group ?? session.pid;
  try {
    process.kill(-group, signal);
  } catch (error) {
    throw new RequestError(
      'UNAVAILABLE',
      `Process group ${group} cannot be sent ${signal}: ${String(error)}`,
    );
  }
  return group;
}
