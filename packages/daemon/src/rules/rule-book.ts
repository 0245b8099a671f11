/**
 * All rules, the sessions that each of them watches, and what happens when one fires.
 *
 * A firing is decided, counted and emitted as an event in the turn in which its condition was met; what the rule does begins
 * right after, and nothing waits for that. A rule that fires too often, or in a circle, is held back, which is counted and
 * said.
 */
import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import { RequestError } from '@pilotty/protocol';
import { PastLines, type PastLinesState } from '@pilotty/terminal';
import type { EventLog, Facts, Subject } from '../events/event-log.ts';
import { subjectOf } from '../events/reporter.ts';
import type { Log } from '../log.ts';
import { nextMoment } from '../moment.ts';
import type { Secrets } from '../recording/secrets.ts';
import type { Match } from '../search/line-search.ts';
import { matchNow } from '../search/match-now.ts';
import { isPattern, isSelected } from '../session/selection.ts';
import type { Session } from '../session/session.ts';
import type { SessionStore } from '../session/session-store.ts';
import { Announcer, until } from '../until.ts';
import type { Awaited } from '../waiting/condition.ts';
import { type ActionServices, Actions, type Done, RULE_CLIENT } from './actions.ts';
import { Limiter } from './limiter.ts';
import { LoopGuard } from './loop-guard.ts';
import type { PendingPost } from './posts.ts';
import {
  conditionsIn,
  type Declaration,
  type Firing,
  factsOf,
  newRecord,
  type RuleFacts,
  type RuleRecord,
} from './rule.ts';
import { type Happened, lookAt, SessionWatch, type Start, type WatchState } from './session-watch.ts';

/** A rule takes a kilobyte, and some ten in each session that it watches. */
const MAX_RULES = 1000;
/** Rules that fire no more and are still listed. */
const MAX_DONE_RULES = 100;
/** With its environment, as it is written down. */
const MAX_RULE_BYTES = 32 * 1024;
/** A program that prints what a rule looks for as fast as it can. */
const RATE_OF_RULE = { burst: 50, perSecond: 5 };
/** Of all rules: each may begin a process. */
const RATE_OF_ALL = { burst: 2_000, perSecond: 100 };
/** Of a screen, in what is sent and handed on. */
const MAX_SCREEN = 32 * 1024;
const MAX_MATCH = 1024;
/** Commands that run when the daemon is upgraded are over by then, or it is not. */
const IDLE_WITHIN_MS = 2_000;

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

/** As it is handed over. Screens that several watches share are there once. */
export interface BookState {
  last: number;
  rules: RuleRecord[];
  posts: PendingPost[];
  looks: PastLinesState[];
  watches: { rule: string; session: string; state: Omit<WatchState, 'look'>; look: number | undefined }[];
}

interface Entry {
  record: RuleRecord;
  awaited: Awaited;
  watches: Map<string, SessionWatch>;
  limiter: Limiter;
  /** Its firings are held back, and that was said. */
  isHeldBack: boolean;
  firedAtMs: number;
}

export class RuleBook {
  readonly #services: BookServices;
  readonly #actions: Actions;
  readonly #entries = new Map<string, Entry>();
  readonly #limiter = new Limiter(RATE_OF_ALL, () => performance.now());
  readonly #guard = new LoopGuard(() => performance.now());
  readonly #following = new Map<string, () => void>();
  readonly #unwatchStore: (() => void)[];
  readonly #actionEnded = new Announcer();
  #last = 0;

  constructor(services: BookServices) {
    this.#services = services;
    const { sessions } = services;
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
    this.#unwatchStore = [
      sessions.watch((session) => {
        this.#follow(session);
        this.#join(session, { after: 0 });
      }),
      sessions.watchEvicted((session) => this.#evicted(session)),
    ];
    for (const session of [...sessions.ended, ...sessions.live]) this.#follow(session);
  }

  /** Something is being done, and would be lost with the daemon. */
  get isBusy(): boolean {
    return this.#actions.underWay > 0;
  }

  get kept(): { last: number; rules: RuleRecord[]; posts: PendingPost[] } {
    const isKept = (id: string) => this.#entries.get(id)?.record.declaration.ephemeral === false;
    return {
      last: this.#last,
      rules: [...this.#entries.values()].map(({ record }) => record).filter(({ rule }) => isKept(rule)),
      posts: this.#actions.posts.pending.filter(({ rule }) => isKept(rule)),
    };
  }

  /** Rules that a daemon before this one has left; its sessions are gone. */
  load({ last, rules, posts }: { last: number; rules: RuleRecord[]; posts: PendingPost[] }): void {
    this.#last = Math.max(this.#last, last);
    for (const record of rules) {
      const entry = this.#put(record);
      if (record.state === 'done') continue;
      if (record.had_session && isOverOne(record.declaration))
        this.#done(entry, 'its session was lost with an earlier daemon');
    }
    for (const session of [...this.#services.sessions.ended, ...this.#services.sessions.live])
      this.#join(session, { after: 0 });
    this.#goOnWith(posts);
  }

  /** @throws RequestError LIMIT_REACHED; INVALID_INPUT for an expression that does not compile */
  async add(declaration: Declaration, madeBy: string): Promise<RuleRecord> {
    const bytes = Buffer.byteLength(JSON.stringify(declaration));
    if (bytes > MAX_RULE_BYTES)
      throw new RequestError(
        'LIMIT_REACHED',
        `The rule takes ${bytes} bytes with its environment, and ${MAX_RULE_BYTES} is the limit`,
        { suggestion: 'Put what it does into a script, and have the rule run that.' },
      );
    await requireCompiles(awaitedOf(declaration));
    const armed = [...this.#entries.values()].filter(({ record }) => record.state === 'armed');
    if (armed.length >= MAX_RULES)
      throw new RequestError('LIMIT_REACHED', `Rule limit reached (${MAX_RULES})`, {
        suggestion: "Remove some with 'pilotty on --remove ID'; 'pilotty on --list' lists them.",
        details: { used: armed.length, limit: MAX_RULES },
      });
    this.#last += 1;
    const record = newRecord(`r${this.#last}`, madeBy, nextMoment(), declaration);
    const entry = this.#put(record);
    const { sessions } = this.#services;
    const isOnce = declaration.repeat === 'once';
    for (const session of sessions.live) {
      if (!isSelected(session, declaration)) continue;
      // What was printed before is there already.
      session.arrived.catchUp();
      this.#watch(entry, session, isOnce ? {} : { after: record.made, look: lookAt(session) });
    }
    for (const session of sessions.ended) {
      if (!isSelected(session, declaration)) continue;
      const isMeant = isOnce && declaration.sessions?.some((name) => sessions.find(name) === session);
      this.#watch(entry, session, isMeant ? {} : OVER);
    }
    this.#services.changed();
    return record;
  }

  /** @throws RequestError RULE_NOT_FOUND */
  list(ids: readonly string[] | undefined): RuleRecord[] {
    if (ids === undefined) return [...this.#entries.values()].map(({ record }) => record);
    return ids.map((id) => this.#get(id).record);
  }

  facts(record: RuleRecord, isOnDisk: boolean): RuleFacts {
    const watches = [...(this.#entries.get(record.rule)?.watches.values() ?? [])];
    return factsOf(record, {
      kept: isOnDisk && !record.declaration.ephemeral,
      watching: watches.filter(({ session }) => !session.isExited).length,
      pending_posts: this.#actions.posts.countOf(record.rule),
    });
  }

  /** @throws RequestError RULE_NOT_FOUND, with nothing removed */
  remove(ids: readonly string[] | undefined): string[] {
    const removed = this.list(ids).map(({ rule }) => rule);
    for (const id of new Set(removed)) {
      const entry = this.#get(id);
      this.#entries.delete(id);
      closeWatches(entry);
      this.#actions.drop(id);
    }
    if (removed.length > 0) this.#services.changed();
    return removed;
  }

  /** @throws RequestError RULE_NOT_FOUND or SESSION_NOT_FOUND */
  async test(id: string, name: string | undefined): Promise<Done[]> {
    const entry = this.#get(id);
    const [watched] = entry.watches.values();
    const session = name === undefined ? watched?.session : this.#services.sessions.get(name);
    return await this.#perform(entry, this.#firing(entry, session, 'test', undefined));
  }

  /** @returns why nothing can be handed over; undefined where it is frozen now */
  async freeze(): Promise<string | undefined> {
    await Promise.all(this.#allWatches.map((watch) => watch.pause()));
    this.#actions.posts.freeze();
    // What was found in the same turn begins now.
    await turnOfEventLoop();
    const isIdle = () => this.#actions.underWay === 0 && this.#actions.posts.atOnce === 0;
    if (await until(this.#actionEnded, isIdle, { withinMs: IDLE_WITHIN_MS })) return undefined;
    this.thaw();
    return 'an action of a rule is under way';
  }

  thaw(): void {
    for (const watch of this.#allWatches) watch.resume();
    this.#actions.posts.thaw();
  }

  /** Frozen. */
  get state(): BookState {
    const looks = new Map<PastLines, number>();
    const watches: BookState['watches'] = [];
    for (const [rule, entry] of this.#entries) {
      for (const [session, watch] of entry.watches) {
        const { look, ...state } = watch.state;
        if (look !== undefined && !looks.has(look)) looks.set(look, looks.size);
        watches.push({ rule, session, state, look: look && looks.get(look) });
      }
    }
    return {
      last: this.#last,
      rules: [...this.#entries.values()].map(({ record }) => record),
      posts: this.#actions.posts.pending,
      looks: [...looks.keys()].map((look) => look.state),
      watches,
    };
  }

  /** Of the daemon before this one, whose sessions this one has; goes on once thaw() is called. */
  adopt({ last, rules, posts, looks, watches }: BookState): void {
    this.#last = last;
    for (const record of rules) this.#put(record);
    this.#actions.posts.freeze();
    this.#goOnWith(posts);
    const shared = looks.map((look) => new PastLines(look));
    for (const { rule, session: id, state, look } of watches) {
      const entry = this.#entries.get(rule);
      const session = this.#services.sessions.find(id);
      if (entry === undefined || session === undefined) continue;
      const from = { ...state, look: look === undefined ? undefined : shared[look] };
      const watch = this.#newWatch(entry, session, from);
      void watch.pause();
    }
  }

  close(): void {
    for (const unwatch of [...this.#unwatchStore, ...this.#following.values()]) unwatch();
    for (const entry of this.#entries.values()) closeWatches(entry);
    this.#actions.close();
  }

  get #allWatches(): SessionWatch[] {
    return [...this.#entries.values()].flatMap(({ watches }) => [...watches.values()]);
  }

  #get(id: string): Entry {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new RequestError('RULE_NOT_FOUND', `There is no rule '${id}'`);
    return entry;
  }

  #put(record: RuleRecord): Entry {
    const entry: Entry = {
      record,
      awaited: awaitedOf(record.declaration),
      watches: new Map(),
      limiter: new Limiter(RATE_OF_RULE, () => performance.now()),
      isHeldBack: false,
      firedAtMs: record.last_fired_at === undefined ? 0 : Date.parse(record.last_fired_at),
    };
    this.#entries.set(record.rule, entry);
    return entry;
  }

  /** Requests of rules that are still there. */
  #goOnWith(posts: readonly PendingPost[]): void {
    for (const post of posts) {
      const entry = this.#entries.get(post.rule);
      if (entry === undefined) continue;
      void this.#actions.posts.add(post).then(({ ok, reason }) => {
        if (!ok) this.#failed(entry, SUBJECT_UNKNOWN, 'post', reason);
      });
    }
  }

  /** Its names and tags may change, and what it is sent may come of a rule. */
  #follow(session: Session): void {
    const unwatch = session.watch((event) => {
      if (event === 'input') {
        const typist = session.keyboard.typedLast?.client;
        const isOfRule = this.#actions.isTypingIn(session.id) || typist?.startsWith(RULE_CLIENT);
        this.#guard.inputSent(session, session.acts.last, isOfRule === true);
      } else if (typeof event === 'object' && (event.type === 'renamed' || event.type === 'tagged'))
        this.#relabelled(session);
    });
    this.#following.set(session.id, unwatch);
  }

  #relabelled(session: Session): void {
    for (const { record, watches } of this.#entries.values()) {
      const watch = watches.get(session.id);
      if (watch === undefined || isSelected(session, record.declaration)) continue;
      watch.close();
      watches.delete(session.id);
    }
    this.#join(session, { after: nextMoment(), look: lookAt(session) });
  }

  #evicted({ id }: Session): void {
    this.#following.get(id)?.();
    this.#following.delete(id);
    for (const { watches } of this.#entries.values()) {
      watches.get(id)?.close();
      watches.delete(id);
    }
  }

  #join(session: Session, from: Start): void {
    for (const entry of this.#entries.values()) {
      const { record, watches } = entry;
      if (record.state === 'armed' && !watches.has(session.id) && isSelected(session, record.declaration))
        this.#watch(entry, session, from);
    }
  }

  #watch(entry: Entry, session: Session, from: Start | WatchState): void {
    entry.record.had_session = true;
    this.#newWatch(entry, session, from).start();
  }

  #newWatch(entry: Entry, session: Session, from: Start | WatchState): SessionWatch {
    const watch = new SessionWatch(session, entry.awaited, from, {
      happened: (happened) => this.#happened(entry, session, happened),
      failed: (error) => {
        this.#services.log.error({ err: error, rule: entry.record.rule }, 'a rule failed');
        this.#failed(entry, subjectOf(session), 'rule', String(error));
      },
    });
    entry.watches.set(session.id, watch);
    return watch;
  }

  #happened(entry: Entry, session: Session, happened: Happened): void {
    const { record } = entry;
    if (record.state === 'done') return;
    const { repeat, ended } = record.declaration;
    if (happened.fired === 'ended' && !ended) {
      if (repeat === 'once' && isOverOne(record.declaration))
        this.#done(entry, `session '${session.name}' ended before a condition was met`, subjectOf(session));
      return;
    }
    const because = this.#whyHeldBack(entry, session);
    if (because !== undefined) {
      this.#holdBack(entry, session, because);
      return;
    }
    entry.isHeldBack = false;
    entry.firedAtMs = Date.now();
    const firing = this.#firing(entry, session, happened.fired, happened);
    record.firings += 1;
    record.suppressed_since = 0;
    record.last_fired_at = firing.occurred_at;
    if (repeat === 'once') this.#retire(entry, 'it has fired');
    this.#services.changed();
    void this.#perform(entry, firing);
  }

  /** Undefined where it may fire; '' where that need not be said. */
  #whyHeldBack({ record, limiter, firedAtMs }: Entry, session: Session): string | undefined {
    const { repeat, every_ms, run, input } = record.declaration;
    if (repeat === 'once') return undefined;
    if (every_ms !== undefined && Date.now() - firedAtMs < every_ms) return '';
    if ((run ?? input) !== undefined && this.#isLooping(session, input?.session))
      return 'suppressed: rules set each other off, or themselves, again and again; input of another client ends that';
    if (!limiter.take()) return `suppressed: it fires more than ${RATE_OF_RULE.perSecond} times a second`;
    if (!this.#limiter.take())
      return `suppressed: rules fire more than ${RATE_OF_ALL.perSecond} times a second`;
    return undefined;
  }

  #isLooping(session: Session, target: string | undefined): boolean {
    const other = target === undefined ? undefined : this.#services.sessions.find(target);
    return this.#guard.isLooping(session) || (other !== undefined && this.#guard.isLooping(other));
  }

  #holdBack(entry: Entry, session: Session, because: string): void {
    const { record } = entry;
    record.suppressed += 1;
    record.suppressed_since += 1;
    this.#services.changed();
    if (because === '' || entry.isHeldBack) return;
    entry.isHeldBack = true;
    record.last_error = because;
    this.#tell('rule_failed', subjectOf(session), { rule: record.rule, action: 'rule', reason: because });
  }

  /** Emits the event of it. */
  #firing(
    { record }: Entry,
    session: Session | undefined,
    fired: Firing['fired'],
    happened: Happened | undefined,
  ): Firing {
    const met = happened?.fired === 'met' ? happened : undefined;
    const exit = met?.held.exit ?? session?.exit;
    const found = met?.held.match && session && foundIn(session, met.held.match);
    const match = found && this.#redacted(found.text);
    const line = found?.line === undefined ? undefined : this.#redacted(found.line);
    const subject = session === undefined ? SUBJECT_UNKNOWN : subjectOf(session);
    const entry = this.#services.events.add('rule', subject, {
      rule: record.rule,
      fired,
      met: met?.names ?? [],
      ...(match !== undefined && { match_text: match }),
      ...(line !== undefined && { line }),
      ...(exit && { exit }),
      ...(record.suppressed_since > 0 && { suppressed: record.suppressed_since }),
    });
    return {
      rule: record.rule,
      fired,
      met: met?.names ?? [],
      ...(session && { session: { id: session.id, name: session.name, tags: [...session.tags] } }),
      ...(match !== undefined && { match_text: match }),
      ...(line !== undefined && { line }),
      ...(exit && { exit }),
      screen: session === undefined ? '' : this.#redacted(session.screen.text()).slice(-MAX_SCREEN),
      event_cursor: entry.cursor,
      occurred_at: new Date(entry.cursor / 1000).toISOString(),
    };
  }

  #redacted(text: string): string {
    return this.#services.secrets?.any.matcher(text).replaceAll('[redacted]') ?? text;
  }

  async #perform(entry: Entry, firing: Firing): Promise<Done[]> {
    const { record } = entry;
    const { session } = firing;
    const subject = session ? { ...session, tags: new Set(session.tags) } : SUBJECT_UNKNOWN;
    const done = this.#actions.perform(record, firing).map(async (each) => {
      const { action, ok, reason, output } = await each;
      if (!this.#entries.has(record.rule)) return each;
      if (output !== undefined) record.last_output = output;
      if (!ok) this.#failed(entry, subject, action, reason);
      else if (output !== undefined) this.#services.changed();
      return each;
    });
    return await Promise.all(done);
  }

  #failed(
    { record }: Entry,
    subject: Subject,
    action: NonNullable<Facts['action']>,
    reason = 'it is not known why',
  ): void {
    record.failures += 1;
    record.last_error = `${action}: ${reason}`;
    this.#tell('rule_failed', subject, { rule: record.rule, action, reason });
    this.#services.changed();
  }

  /** It ends without having fired. */
  #done(entry: Entry, note: string, subject: Subject = SUBJECT_UNKNOWN): void {
    this.#retire(entry, note);
    this.#tell('rule', subject, { rule: entry.record.rule, fired: 'done', reason: note });
    this.#services.changed();
  }

  #retire(entry: Entry, note: string): void {
    const { record } = entry;
    record.state = 'done';
    record.note = note;
    closeWatches(entry);
    const done = [...this.#entries.values()].filter((other) => other.record.state === 'done');
    for (const oldest of done.slice(0, Math.max(0, done.length - MAX_DONE_RULES)))
      this.#entries.delete(oldest.record.rule);
  }

  #tell(type: 'rule' | 'rule_failed', subject: Subject, facts: Facts): void {
    this.#services.events.add(type, subject, facts);
  }
}

/** The session is not there, or was not known to who failed. */
const SUBJECT_UNKNOWN: Subject = { id: '', name: '', tags: new Set() };

/** A session that has ended: only if its program is started again there is something to look for. */
const OVER: WatchState = { after: undefined, look: undefined, lasting: [], hasFired: true, isOver: true };

/** The text, and the row that it stands on, as far as it is shown. */
function foundIn(session: Session, found: Match): { text: string; line: string | undefined } {
  const text = found.text.slice(0, MAX_MATCH);
  const { row } = matchNow(session, found);
  const line = session.screen.rowTexts()[row ?? -1]?.trim().slice(0, MAX_MATCH);
  return { text, line: line?.includes(text) ? line : undefined };
}

function closeWatches({ watches }: Entry): void {
  for (const watch of watches.values()) watch.close();
  watches.clear();
}

/** It means one session, and none that may come under another name. */
function isOverOne({ sessions = [], tags, repeat }: Declaration): boolean {
  const [name, ...others] = sessions;
  const isOne = name !== undefined && others.length === 0 && !isPattern(name);
  return repeat === 'once' && tags === undefined && isOne;
}

const NO_CONDITION = {
  exit: false,
  prompt: false,
  reads: false,
  password: false,
  bell: false,
  command_finished: false,
  new: false,
};

/** As a wait has them. */
function awaitedOf(declaration: Declaration): Awaited {
  return { ...NO_CONDITION, ...conditionsIn(declaration), any: !declaration.all };
}

/** @throws RequestError INVALID_INPUT */
async function requireCompiles({ regex, gone_regex }: Awaited): Promise<void> {
  const patterns = [regex ?? [], gone_regex ?? []].flat();
  if (patterns.length === 0) return;
  const { compileRegex } = await import('../search/regex.ts');
  for (const pattern of patterns) compileRegex(pattern);
}
