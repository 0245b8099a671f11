/**
 * All rules, and what happens when one fires.
 *
 * A firing is decided, counted and emitted as an event in the turn in which its condition was met; what the rule does begins
 * right after, and nothing waits for that. A rule that fires too often, or in a circle, is held back, which is counted and
 * said.
 */
import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import type { EventLog, Facts, Subject } from '../events/event-log.ts';
import { subjectOf } from '../events/reporter.ts';
import type { Log } from '../log.ts';
import type { Secrets } from '../recording/secrets.ts';
import { isPattern } from '../session/selection.ts';
import type { Session } from '../session/session.ts';
import type { SessionStore } from '../session/session-store.ts';
import { Announcer, until } from '../until.ts';
import { type ActionServices, Actions, type Done, RULE_CLIENT } from './actions.ts';
import { actsOf, adoptActs, adoptWatches, type BookState, watchesOf } from './book-state.ts';
import { inSlices } from './in-slices.ts';
import type { PendingPost } from './posts.ts';
import { Restraint } from './restraint.ts';
import { type Declaration, type Firing, factsOf, type RuleFacts, type RuleRecord } from './rule.ts';
import { closeWatches, loadFor, type RuleEntry, requireCompiles } from './rule-entry.ts';
import { RuleReports, SUBJECT_UNKNOWN } from './rule-reports.ts';
import { RuleStore } from './rule-store.ts';
import type { Happened } from './session-watch.ts';
import { WatchedSessions } from './watched-sessions.ts';

/** Commands that run when the daemon is upgraded are over by then, or it is not. */
const IDLE_WITHIN_MS = 2_000;
const UNDER_WAY = 'an action of a rule is under way';

export interface BookServices extends Pick<ActionServices, 'policy' | 'answerPart'> {
  sessions: SessionStore;
  events: EventLog;
  log: Log;
  secrets: Secrets | undefined;
  /** What is kept on disk has changed. */
  changed(): void;
  /** Something has begun or ended that the daemon must not stop over. */
  busyChanged(): void;
}

export class RuleBook {
  readonly #services: BookServices;
  readonly #store = new RuleStore();
  readonly #reports: RuleReports;
  readonly #restraint: Restraint;
  readonly #watched: WatchedSessions;
  readonly #actions: Actions;
  readonly #actionEnded = new Announcer();

  constructor(services: BookServices) {
    this.#services = services;
    const { sessions, events, secrets } = services;
    this.#reports = new RuleReports(events, secrets);
    this.#restraint = new Restraint(sessions);
    this.#actions = new Actions({
      policy: services.policy,
      answerPart: (method, params, call) => services.answerPart(method, params, call),
      postsChanged: () => {
        services.changed();
        this.#actionEnded.announce();
      },
      changed: () => {
        services.busyChanged();
        this.#actionEnded.announce();
      },
    });
    this.#watched = new WatchedSessions(sessions, this.#store.entries, {
      happened: (entry, session, happened) => this.#happened(entry, session, happened),
      failed: (entry, session, error) => {
        services.log.error({ err: error, rule: entry.record.rule }, 'a rule failed');
        this.#failed(entry, subjectOf(session), 'rule', String(error));
      },
      input: (session) => this.#inputSent(session),
    });
  }

  /** Something is being done, and would be lost with the daemon. */
  get isBusy(): boolean {
    return this.#actions.underWay > 0;
  }

  get kept(): { last: number; rules: RuleRecord[]; posts: PendingPost[] } {
    const rules = this.#store.records.filter(({ declaration }) => !declaration.ephemeral);
    const kept = new Set(rules.map(({ rule }) => rule));
    const posts = this.#actions.posts.pending.filter(({ rule }) => kept.has(rule));
    return { last: this.#store.last, rules, posts };
  }

  /** Rules that a daemon before this one has left; its sessions are gone. */
  async load({
    last,
    rules,
    posts,
  }: {
    last: number;
    rules: RuleRecord[];
    posts: PendingPost[];
  }): Promise<void> {
    await loadFor(rules);
    for (const entry of this.#store.goOnFrom(last, rules)) {
      const { state, had_session: hadSession, declaration } = entry.record;
      if (state === 'armed' && hadSession && isOverOne(declaration))
        this.#done(entry, 'its session was lost with an earlier daemon');
    }
    this.#watched.watchAll();
    this.#goOnWith(posts);
  }

  /** @throws RequestError LIMIT_REACHED; INVALID_INPUT for an expression that does not compile */
  async add(declaration: Declaration, madeBy: string): Promise<RuleRecord> {
    await requireCompiles(declaration);
    this.#store.requireRoomFor(declaration);
    const entry = this.#store.make(declaration, madeBy);
    this.#watched.watchBy(entry);
    this.#services.changed();
    return entry.record;
  }

  /** @throws RequestError RULE_NOT_FOUND */
  list(ids: readonly string[] | undefined, scope?: string): RuleRecord[] {
    return this.#store.list(ids, scope);
  }

  isOfScope(id: string, scope: string | undefined): boolean {
    return this.#store.isOfScope(id, scope);
  }

  facts(record: RuleRecord, isOnDisk: boolean): RuleFacts {
    let watching = 0;
    for (const { session } of this.#store.entries.get(record.rule)?.watches.values() ?? [])
      if (!session.isExited) watching += 1;
    return factsOf(record, {
      kept: isOnDisk && !record.declaration.ephemeral,
      watching,
      pending_posts: this.#actions.posts.countOf(record.rule),
    });
  }

  /** @throws RequestError RULE_NOT_FOUND, with nothing removed */
  remove(ids: readonly string[] | undefined, scope?: string): string[] {
    const removed = this.list(ids, scope).map(({ rule }) => rule);
    const entries = [...new Set(removed)].map((id) => {
      this.#actions.drop(id);
      return this.#store.remove(id);
    });
    // They fire no more, and may watch many sessions.
    void inSlices(entries, closeWatches);
    if (removed.length > 0) this.#services.changed();
    return removed;
  }

  /** @throws RequestError RULE_NOT_FOUND or SESSION_NOT_FOUND */
  async test(id: string, name: string | undefined): Promise<Done[]> {
    const entry = this.#store.get(id);
    const [watched] = entry.watches.values();
    const session = name === undefined ? watched?.session : this.#services.sessions.get(name);
    return await this.#perform(entry, this.#reports.fired(entry.record, session, 'test', undefined));
  }

  /** @returns why nothing can be handed over; undefined where it is frozen now */
  async freeze(): Promise<string | undefined> {
    // Rules go on while what they have begun ends: many of them are not paused, and made anew, for a command that hangs.
    if (!(await this.#isIdleSoon(() => this.#actions.underWay === 0))) return UNDER_WAY;
    await this.#watched.pause();
    this.#actions.posts.freeze();
    // What was found in the same turn begins now.
    await turnOfEventLoop();
    if (await this.#isIdleSoon(() => this.#actions.underWay === 0 && this.#actions.posts.atOnce === 0))
      return undefined;
    this.thaw();
    return UNDER_WAY;
  }

  #isIdleSoon(isIdle: () => boolean): Promise<boolean> {
    return until(this.#actionEnded, isIdle, { withinMs: IDLE_WITHIN_MS });
  }

  thaw(): void {
    void this.#watched.resume();
    this.#actions.posts.thaw();
  }

  /** Frozen. */
  get state(): BookState {
    return {
      last: this.#store.last,
      rules: this.#store.records,
      posts: this.#actions.posts.pending,
      ...actsOf(this.#restraint.guard, this.#services.sessions.live),
      ...watchesOf(this.#store.entries),
    };
  }

  /** Of the daemon before this one, whose sessions this one has; goes on once thaw() is called. */
  async adopt({ last, rules, posts, acts, ...state }: BookState): Promise<void> {
    await loadFor(rules);
    this.#store.goOnFrom(last, rules);
    this.#actions.posts.freeze();
    this.#goOnWith(posts);
    const { sessions } = this.#services;
    adoptActs(this.#restraint.guard, acts, sessions);
    adoptWatches(state, { entries: this.#store.entries, sessions, watched: this.#watched });
  }

  close(): void {
    this.#watched.close();
    for (const entry of this.#store.entries.values()) closeWatches(entry);
    this.#actions.close();
  }

  /** Requests of rules that are still there. */
  #goOnWith(posts: readonly PendingPost[]): void {
    for (const post of posts) {
      const entry = this.#store.entries.get(post.rule);
      if (entry === undefined) continue;
      void this.#actions.posts.add(post).then(({ ok, reason }) => {
        if (!ok) this.#failed(entry, SUBJECT_UNKNOWN, 'post', reason);
      });
    }
  }

  /** A circle of rules is known by who acts on a session. */
  #inputSent(session: Session): void {
    const typist = session.keyboard.typedLast?.client;
    const isOfRule = this.#actions.isTypingIn(session.id) || typist?.startsWith(RULE_CLIENT);
    this.#restraint.guard.inputSent(session, session.acts.last, isOfRule === true);
  }

  #happened(entry: RuleEntry, session: Session, happened: Happened): void {
    const { record } = entry;
    if (record.state === 'done') return;
    const { repeat, ended } = record.declaration;
    if (happened.fired === 'ended' && !ended) {
      if (repeat === 'once' && isOverOne(record.declaration))
        this.#done(entry, `session '${session.name}' ended before a condition was met`, subjectOf(session));
      return;
    }
    const because = this.#restraint.whyHeldBack(entry, session);
    if (because !== undefined) {
      this.#holdBack(entry, session, because);
      return;
    }
    entry.isHeldBack = false;
    entry.firedAtMs = performance.now();
    const firing = this.#reports.fired(record, session, happened.fired, happened);
    record.firings += 1;
    record.suppressed_since = 0;
    record.last_fired_at = firing.occurred_at;
    if (repeat === 'once') this.#store.retire(entry, 'it has fired');
    this.#services.changed();
    void this.#perform(entry, firing);
  }

  #holdBack(entry: RuleEntry, session: Session, because: string): void {
    const { record } = entry;
    record.suppressed += 1;
    record.suppressed_since += 1;
    this.#services.changed();
    if (because === '' || entry.isHeldBack) return;
    entry.isHeldBack = true;
    record.last_error = because;
    this.#reports.failed(record, 'rule', because, subjectOf(session));
  }

  async #perform(entry: RuleEntry, firing: Firing): Promise<Done[]> {
    const { record } = entry;
    const { session } = firing;
    const subject = session ? { ...session, tags: new Set(session.tags) } : SUBJECT_UNKNOWN;
    const done = this.#actions.perform(record, firing).map(async (each) => {
      const { action, ok, reason, output } = await each;
      if (!this.#store.entries.has(record.rule)) return each;
      if (output !== undefined) record.last_output = output;
      if (!ok) this.#failed(entry, subject, action, reason);
      else if (output !== undefined) this.#services.changed();
      return each;
    });
    return await Promise.all(done);
  }

  #failed(
    { record }: RuleEntry,
    subject: Subject,
    action: NonNullable<Facts['action']>,
    reason = 'it is not known why',
  ): void {
    record.failures += 1;
    record.last_error = `${action}: ${reason}`;
    this.#reports.failed(record, action, reason, subject);
    this.#services.changed();
  }

  /** It ends without having fired. */
  #done(entry: RuleEntry, note: string, subject: Subject = SUBJECT_UNKNOWN): void {
    this.#store.retire(entry, note);
    this.#reports.done(entry.record, note, subject);
    this.#services.changed();
  }
}

/** It means one session, and none that may come under another name. */
function isOverOne({ sessions = [], tags, repeat }: Declaration): boolean {
  const [name, ...others] = sessions;
  const isOne = name !== undefined && others.length === 0 && !isPattern(name);
  return repeat === 'once' && tags === undefined && isOne;
}
