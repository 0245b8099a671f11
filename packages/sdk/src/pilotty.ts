/**
 * A connection to a daemon: its methods are those of the protocol that are about the daemon or about many sessions, under
 * the last word of their names (`events.follow` is `events`, `sessions.wait` is `waitFor`).
 */
import { asyncDispose } from './async-dispose.ts';
import { errorOf, requireMet } from './errors.ts';
import type { Follow, Push } from './follow.ts';
import type { CallOptions, Link, Method, PartOptions } from './link.ts';
import type {
  DownAnswer,
  DownParams,
  ProjectAnswer,
  ProjectParams,
  Projects,
  TailLine,
  TailParams,
  UpAnswer,
  UpParams,
} from './projects.ts';
import type {
  DaemonGcParams,
  DaemonGcResult,
  DaemonInfoResult,
  DaemonLogParams,
  DaemonLogResult,
  DaemonStopResult,
  DaemonUpgradeParams,
  DaemonUpgradeResult,
  EachParams,
  EachResult,
  EventsParams,
  EventsPart,
  EventsResult,
  GatherParams,
  GatherResult,
  GrepParams,
  GrepResult,
  IdleParams,
  IdleResult,
  KillParams,
  KillResult,
  ListParams,
  ListResult,
  LostParams,
  LostResult,
  ProtocolMethods,
  RecordingsResult,
  ReportParams,
  ReportResult,
  RestoreParams,
  RestoreResult,
  RulesAddParams,
  RulesAddResult,
  RulesListResult,
  RulesRemoveParams,
  RulesRemoveResult,
  RulesTestParams,
  RulesTestResult,
  RulesWaitParams,
  RulesWaitResult,
  SpawnParams,
  WaitForSessionsParams,
  WaitForSessionsResult,
} from './protocol-types.ts';
import { type Session, sessionOver } from './session.ts';
import { followEvents, followWork } from './streams.ts';

/** How a program is started. What is left out is as it is for this process, or over HTTP for the gateway. */
export interface SpawnOptions extends Omit<SpawnParams, 'argv' | 'cwd' | 'env' | 'in' | 'background'> {
  /** A container to start it in, such as `docker:web`; `cwd` and `env` are in there then, and nothing of this process is. */
  in?: string | undefined;
  /** Working directory (default: that of this process; over HTTP: the gateway's home directory). */
  cwd?: string | undefined;
  /** Added to the environment of this process, or of the gateway; undefined takes a variable away. */
  env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Start with the variables of `env` alone (default: false). */
  clean_env?: boolean | undefined;
  /** Named after its program, and never what a command without a session means (default: true if it has no name). */
  background?: boolean | undefined;
}

let create: (link: Link) => Pilotty;

/** The sessions that are reached over a link. */
export function pilottyOver(link: Link): Pilotty {
  return create(link);
}

/**
 * A daemon and its sessions. Made by `connect()`, and by `startLocal()` of pilotty/local.
 *
 * It keeps no process running while nothing is asked of it. `close()` closes its connections; sessions go on.
 */
export class Pilotty implements AsyncDisposable {
  static {
    create = (link) => new Pilotty(link);
  }

  readonly #link: Link;

  private constructor(link: Link) {
    this.#link = link;
  }

  /** The directory of the daemon's socket: PILOTTY_SOCKET_DIR for a command that is to see the same sessions. Undefined over HTTP. */
  get socketDir(): string | undefined {
    return this.#link.socketDir;
  }

  /**
   * Starts a program on a terminal of its own: `pilotty.spawn(['vim', 'notes.txt'], { size: { cols: 100, rows: 30 } })`.
   * A string is a program without arguments. `send`, `wait` and `snapshot` act, wait and look at once; `session.created` is the answer.
   * @throws SpawnFailedError, SessionExistsError, LimitReachedError: no session is left behind; TimeoutError,
   * SessionExitedError if `wait` is not met: `error.answer` is that of the spawn, and names the session that there is then
   */
  async spawn(
    argv: string | readonly string[],
    params: SpawnOptions = {},
    options: CallOptions = {},
  ): Promise<Session> {
    const words = typeof argv === 'string' ? [argv] : [...argv];
    const { background = params.name === undefined } = params;
    const created = await this.#link.spawn({ ...params, background, argv: words }, options);
    requireMet(created.wait, created, params.wait);
    const { session_id: reference, name } = created;
    return sessionOver({ link: this.#link, reference, name, created, ownsLink: false });
  }

  /** A session by its name or id. Nothing is asked yet: requests are about whatever has that name then. */
  session(name: string): Session {
    return sessionOver({ link: this.#link, reference: name, name, ownsLink: false });
  }

  /**
   * The session that has this name or id now, whatever it is called later.
   * @throws SessionNotFoundError
   */
  async attach(name: string, options: CallOptions = {}): Promise<Session> {
    const found = await this.request('session.status', { session: name }, options);
    return sessionOver({ link: this.#link, reference: found.id, name: found.name, ownsLink: false });
  }

  /** Running sessions, oldest first; with `all`, also ended ones that are still retained. */
  async list(params: ListParams = {}, options: CallOptions = {}): Promise<ListResult> {
    return await this.request('session.list', params, options);
  }

  /**
   * Follows the events of all sessions, or of those that are selected, until it is left or the daemon stops. Each part has
   * the `event_cursor` to go on from with `after`; what a reader was too slow for is counted in a part `missed`.
   */
  events(params: EventsParams = {}, options: CallOptions = {}): Follow<EventsPart, EventsResult> {
    return followEvents(this.#link, params, options);
  }

  /**
   * Waits until one of many sessions is ready, or each with `all`: its conditions are met, or it has ended before. Pass the
   * `event_cursor` of the answer as `after`, and no session is answered twice, or missed.
   * @throws TimeoutError at the deadline, with the answer as `error.answer`
   */
  async waitFor(params: WaitForSessionsParams, options: CallOptions = {}): Promise<WaitForSessionsResult> {
    return requireReady(await this.request('sessions.wait', params, options));
  }

  /**
   * Waits for the session that has been idle longest and was not answered before, or that has ended meanwhile; with its screen.
   * @throws TimeoutError at the deadline, with the answer as `error.answer`
   */
  async idle(params: IdleParams, options: CallOptions = {}): Promise<IdleResult> {
    return requireReady(await this.request('sessions.idle', params, options));
  }

  /**
   * Sends one request to many sessions at once: each has its own result or error.
   * @throws SessionNotFoundError if none is selected
   */
  async each(params: EachParams, options: CallOptions = {}): Promise<EachResult> {
    return await this.request('sessions.each', params, options);
  }

  /** The last lines, or the screens, of many sessions. */
  async gather(params: GatherParams = {}, options: CallOptions = {}): Promise<GatherResult> {
    return await this.request('sessions.gather', params, options);
  }

  /** Searches what many sessions have printed. */
  async grep(
    pattern: string,
    params: Omit<GrepParams, 'pattern'> = {},
    options: CallOptions = {},
  ): Promise<GrepResult> {
    return await this.request('sessions.grep', { ...params, pattern }, options);
  }

  /** Recordings under way, and those that have ended since the daemon was started; of one session if it is named. */
  async recordings(
    params: { session?: string | undefined } = {},
    options: CallOptions = {},
  ): Promise<RecordingsResult['recordings']> {
    return (await this.request('recording.list', params, options)).recordings;
  }

  /**
   * The file of a recording that `recordings()` names, as text: an asciicast.
   * @throws UnavailableError
   */
  async readRecording(file: string, options: CallOptions = {}): Promise<string> {
    const parts: string[] = [];
    await this.request(
      'recording.read',
      { file },
      { ...options, onPart: ({ text }) => void parts.push(text) },
    );
    return parts.join('');
  }

  /** Sessions of daemons that were killed, or ended by a signal, that `restore()` can start again; with what they had printed. */
  async lost(params: LostParams = {}, options: CallOptions = {}): Promise<LostResult> {
    return await this.request('sessions.lost', params, options);
  }

  /** Starts such sessions again, in the environment that is given: theirs was not kept. Each has its own result or error. */
  async restore(params: RestoreParams, options: CallOptions = {}): Promise<RestoreResult> {
    return await this.request('sessions.restore', params, options);
  }

  /** For a program that runs in a session: what it is doing. `key` is its `PILOTTY_STATE_KEY`, and says which session that is. */
  async report(params: ReportParams, options: CallOptions = {}): Promise<ReportResult> {
    return await this.request('sessions.report', params, options);
  }

  /**
   * Makes a rule: the daemon watches sessions, also those to come, and acts by itself. Its command has the environment and the
   * directory that are given, not those of the caller.
   * @throws InvalidInputError, LimitReachedError
   */
  async addRule(params: RulesAddParams, options: CallOptions = {}): Promise<RulesAddResult> {
    return await this.request('rules.add', params, options);
  }

  /** All rules, or those that are named. @throws RuleNotFoundError */
  async rules(ids?: readonly string[], options: CallOptions = {}): Promise<RulesListResult['rules']> {
    const params = ids === undefined ? {} : { rules: [...ids] };
    return (await this.request('rules.list', params, options)).rules;
  }

  /** Removes rules. @throws RuleNotFoundError, with none removed */
  async removeRules(params: RulesRemoveParams, options: CallOptions = {}): Promise<RulesRemoveResult> {
    return await this.request('rules.remove', params, options);
  }

  /** Does now, for real, what a rule does when it fires. @throws RuleNotFoundError */
  async testRule(
    params: RulesTestParams & { session?: string | undefined },
    options: CallOptions = {},
  ): Promise<RulesTestResult> {
    return await this.request('rules.test', params, options);
  }

  /**
   * Waits until a rule fires or fails. Pass the `event_cursor` of the answer as `after`, and nothing is missed, however long
   * this process was away; `events({ types: ['rule'], after })` follows them over reconnections.
   */
  async waitForRule(params: RulesWaitParams, options: CallOptions = {}): Promise<RulesWaitResult> {
    return await this.request('rules.wait', params, options);
  }

  /** Ends many sessions; each has its own result or error. */
  async kill(params: KillParams, options: CallOptions = {}): Promise<KillResult> {
    return await this.request('session.kill', params, options);
  }

  /**
   * Starts the sessions of a project file (docs/projects.md) that do not run, and anew those that have changed, each after what it
   * depends on; waits until all are ready. What runs as the file says is left alone, so it can be called again and again.
   * @throws InvalidInputError for a file with a mistake in it, SessionExistsError: nothing was done. TimeoutError where a session
   * was not ready in time, SessionExitedError where one ended first, SpawnFailedError and others: `error.answer` is what was
   * done, an `UpAnswer`; what was started stays. UnavailableError over a gateway and with `host`
   */
  async up(params: UpParams = {}, options: CallOptions = {}): Promise<UpAnswer> {
    return await this.#projects().up(params, options.signal);
  }

  /**
   * Ends the sessions of a project, each after those that depend on it; each has its own result or error.
   * @throws InvalidInputError; UnavailableError over a gateway and with `host`
   */
  async down(params: DownParams = {}, options: CallOptions = {}): Promise<DownAnswer> {
    return await this.#projects().down(params, options.signal);
  }

  /**
   * How the sessions of a project stand now.
   * @throws InvalidInputError; UnavailableError over a gateway and with `host`
   */
  async ps(params: ProjectParams = {}, options: CallOptions = {}): Promise<ProjectAnswer> {
    return await this.#projects().ps(params, options.signal);
  }

  /**
   * What the sessions of a project print, line by line: what there is by now, one session after the other, and with `follow` as it
   * comes. A slow loop holds the lines back; a loop that is left, and an abort, end it, and no session.
   * @throws InvalidInputError, from the loop; UnavailableError over a gateway and with `host`
   */
  tail(params: TailParams = {}, { signal }: CallOptions = {}): Follow<TailLine, undefined> {
    const projects = this.#projects();
    return followWork((push: Push<TailLine>, until) => projects.tail(params, push, until), signal);
  }

  /** @throws UnavailableError */
  #projects(): Projects {
    const { projects } = this.#link;
    if (projects !== undefined) return projects;
    throw errorOf('UNAVAILABLE', 'The file and the directories of a project are where its sessions run', {
      suggestion: 'Connect without host and url there, or start sessions one by one with spawn.',
    });
  }

  /** Which daemon answers: its process, version, files, sessions and load. */
  async info(options: CallOptions = {}): Promise<DaemonInfoResult> {
    return await this.request('daemon.info', {}, options);
  }

  /** Evicts ended sessions, ends idle ones if asked to, and removes files of daemons that were killed. */
  async gc(params: DaemonGcParams = {}, options: CallOptions = {}): Promise<DaemonGcResult> {
    return await this.request('daemon.gc', params, options);
  }

  /** Hands all sessions to a new daemon: their programs go on, and cursors stay valid. Where that cannot be done nothing changes. */
  async upgrade(params: DaemonUpgradeParams = {}, options: CallOptions = {}): Promise<DaemonUpgradeResult> {
    return await this.request('daemon.upgrade', params, options);
  }

  /** The last lines of the daemon's log, JSON each. */
  async log(
    params: Omit<DaemonLogParams, 'follow'> = {},
    options: CallOptions = {},
  ): Promise<DaemonLogResult> {
    return await this.request('daemon.log', params, options);
  }

  /** Ends every session, and the daemon. */
  async stop(options: CallOptions = {}): Promise<DaemonStopResult> {
    return await this.request('daemon.stop', {}, options);
  }

  /**
   * Any method of the protocol as it is, also one that has no method here yet; docs/protocol.md.
   * @throws the class of the code that docs/errors.md has for it
   */
  async request<M extends Method>(
    method: M,
    params: ProtocolMethods[M]['params'],
    options: PartOptions<M> = {},
  ): Promise<ProtocolMethods[M]['result']> {
    return await this.#link.main.request(method, params, options);
  }

  /** Closes its connections: what was still asked is cancelled, loops end. Sessions go on, but for those of `startLocal()`. */
  async close(): Promise<void> {
    await this.#link.close();
  }

  /** `await using`: as `close()`. */
  async [asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** @throws TimeoutError */
function requireReady<T extends WaitForSessionsResult | IdleResult>(answer: T): T {
  if (answer.outcome !== 'deadline') return answer;
  const note = 'note' in answer && answer.note !== undefined ? [answer.note] : [];
  const waiting = answer.waiting.map(
    ({ session, idle_ms: idleMs, last_line: line }) => `  ${session}, idle for ${idleMs} ms: ${line}`,
  );
  const message = `Timed out after ${answer.duration_ms} ms: no session was ready`;
  throw errorOf('TIMEOUT', [message, ...note, ...waiting].join('\n'), {
    suggestion:
      'Give it longer with timeout_ms; pass error.answer.event_cursor as after to go on without a gap.',
    answer,
  });
}
