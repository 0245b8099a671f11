/**
 * One rule and one session: waits for the rule's conditions, reports each time they become so, and is armed again from
 * there. Nothing that is drawn between two is missed: the next wait begins with the screen as it was when the last was met.
 *
 * Input changes what counts (its echo does not), so after each act of a user the conditions are made anew: those that look for
 * texts only once one is there, because most rules never find what they look for, and many may watch one session. A condition that
 * lasts, such as `gone`, is reported when it becomes so, and again only after it was not so.
 */
import { PastLines } from '@pilotty/terminal';
import type { InputMark } from '../input/input-mark.ts';
import { msAfter, msSince, nextMoment } from '../moment.ts';
import type { Session } from '../session/session.ts';
import type { SessionEvent } from '../session/session-event.ts';
import type { Awaited } from '../waiting/condition.ts';
import { ConditionSet, type Held } from '../waiting/condition-set.ts';
import { type NotYet, sooner, waitUntil } from '../waiting/wait.ts';

/** They hold as long as nothing changes; of the others each time has a moment of its own. */
const LASTING: ReadonlySet<string> = new Set([
  'gone',
  'gone_regex',
  'settle',
  'prompt',
  'reads',
  'password',
  'cursor',
]);

/** The screen of a session as it is, for all rules that watch it: the same until it is drawn on. */
const looks = new WeakMap<Session, { at: string; look: PastLines }>();

export function lookAt(session: Session): PastLines {
  const { screen, times } = session;
  const { cursor, size, topLine } = screen;
  // What a piece of output announces is told before the piece counts as drawn, and the cursor has moved by then.
  const at = [times.drawn, topLine, cursor.row, cursor.col, size.cols, size.rows].join();
  const known = looks.get(session);
  if (known?.at === at) return known.look;
  const look = new PastLines(screen);
  looks.set(session, { at, look });
  return look;
}

/** Why a wait is given up. The error that stands for it otherwise takes longer than the wait. */
const ANEW = 'conditions are made anew';

export interface WatchState {
  after: number | undefined;
  look: PastLines | undefined;
  /** Conditions that were reported, and were not seen to have ended. */
  lasting: string[];
  hasFired: boolean;
  isOver: boolean;
}

/** From where it counts; without a look all that the session shows counts, as it does for a wait. */
export interface Start {
  after?: number | undefined;
  look?: PastLines | undefined;
}

export type Happened = { fired: 'met'; names: string[]; held: Held } | { fired: 'ended' };

export class SessionWatch {
  readonly session: Session;
  readonly #awaited: Awaited;
  readonly #happened: (happened: Happened) => void;
  readonly #failed: (error: unknown) => void;
  readonly #unwatch: () => void;
  /** Whether what a session has been sent changes what counts. */
  readonly #countsFromInput: boolean;
  readonly #readsText: boolean;
  /** Of what counts from an input there are only texts and expressions. */
  readonly #onlyTextsCount: boolean;
  #after: number | undefined;
  #look: PastLines | undefined;
  readonly #lasting = new Set<string>();
  /** Since its program was started. */
  #hasFired = false;
  #isOver = false;
  /** The silence that there is was reported, or was over before it counted. */
  #isIdleSpent = false;
  /** Not all that is drawn was looked at yet. */
  #isSearching = false;
  #isPaused = false;
  #isClosed = false;
  /** The act from which the conditions count, or will, once they have found anything. */
  #input: InputMark | undefined;
  #conditions: ConditionSet | undefined;
  /** They were made before that act. */
  #isOutOfDate = false;
  /** Ends the wait that is under way. */
  #again = new AbortController();
  #running: Promise<void> | undefined;

  /**
   * @param happened is called in the turn in which it is found
   * @param failed gets what the conditions throw; the watch is over then
   */
  constructor(
    session: Session,
    awaited: Awaited,
    from: Start | WatchState,
    { happened, failed }: { happened: (happened: Happened) => void; failed: (error: unknown) => void },
  ) {
    this.session = session;
    this.#awaited = awaited;
    this.#happened = happened;
    this.#failed = failed;
    const { text, regex, title, prompt, reads, password, bell, command_finished } = awaited;
    this.#readsText = (text ?? regex) !== undefined;
    this.#onlyTextsCount = [title, prompt, reads, password, bell, command_finished].every(
      (condition) => condition === undefined || condition === false,
    );
    this.#countsFromInput = this.#readsText || !this.#onlyTextsCount;
    this.#after = from.after;
    this.#look = from.look;
    if ('lasting' in from) {
      for (const name of from.lasting) this.#lasting.add(name);
      this.#hasFired = from.hasFired;
      this.#isOver = from.isOver;
    }
    this.#unwatch = session.watch((event) => this.#onSessionEvent(event));
  }

  /** Looks, unless it does or its session has ended. */
  start(): void {
    if (this.#isClosed || this.#isPaused || this.#isOver) return;
    this.#running ??= this.#watch()
      .catch((error: unknown) => {
        this.#isOver = true;
        this.#failed(error);
      })
      .finally(() => {
        this.#running = undefined;
      });
  }

  /** Nothing is reported from now on. Resolves once nothing is looked for. */
  async pause(): Promise<void> {
    this.#isPaused = true;
    this.#again.abort(ANEW);
    await this.#running;
  }

  /** Goes on from where it was. */
  resume(): void {
    this.#isPaused = false;
    this.start();
  }

  /** Paused. */
  get state(): WatchState {
    return {
      after: this.#after,
      look: this.#look,
      lasting: [...this.#lasting],
      hasFired: this.#hasFired,
      isOver: this.#isOver,
    };
  }

  close(): void {
    this.#isClosed = true;
    this.#unwatch();
    this.#again.abort(ANEW);
  }

  async #watch(): Promise<void> {
    while (!this.#isStopped) {
      const { session } = this;
      const input = session.acts.last;
      this.#input = input;
      const conditions = await ConditionSet.of(session, this.#awaited, {
        ...(this.#after !== undefined && { after: this.#after }),
        look: this.#look,
      });
      try {
        if (this.#isStopped) return;
        // It was sent meanwhile, and the conditions may not know it.
        if (this.#countsFromInput && session.acts.last !== input) continue;
        this.#again = new AbortController();
        this.#conditions = conditions;
        this.#isOutOfDate = false;
        const held = await this.#untilMet(conditions);
        if (this.#isStopped) return;
        if (held !== undefined) this.#met(held);
        else if (session.isExited && !this.#again.signal.aborted) return this.#ended();
      } finally {
        this.#conditions = undefined;
        conditions.close();
      }
    }
  }

  get #isStopped(): boolean {
    return this.#isClosed || this.#isPaused || this.#isOver;
  }

  #untilMet(conditions: ConditionSet): Promise<{ names: string[]; held: Held } | undefined> {
    return waitUntil(
      this.session,
      () => this.#ask(conditions),
      this.#again,
      () => conditions.affected(),
    );
  }

  /** What is as it was when it was reported is no news. */
  #ask(conditions: ConditionSet): { holds: { names: string[]; held: Held } } | NotYet {
    // What is drawn from here on may be the echo of input that these do not know.
    if (this.#again.signal.aborted) return {};
    const answer = conditions.ask();
    if (this.#isOutOfDate && !conditions.foundNoText) {
      this.#again.abort(ANEW);
      return {};
    }
    const { held, missing } = conditions;
    for (const name of this.#lasting) {
      const isSo = this.#awaited.any ? held.includes(name as never) : missing.length === 0;
      if (!isSo) this.#lasting.delete(name);
    }
    // What was so before this counts from, and lasts, is no news either.
    const isOld = !('holds' in answer) && (this.#awaited.any || missing.length === 0);
    if (isOld) for (const name of held) if (LASTING.has(name)) this.#lasting.add(name);
    if ('holds' in answer) {
      const news = answer.holds.names.filter((name) => !this.#isOld(name));
      const names = this.#awaited.any ? news : answer.holds.names;
      if (news.length > 0) return { holds: { names, held: answer.holds } };
    }
    const notYet = 'holds' in answer ? {} : answer;
    this.#isSearching = notYet.goOn !== undefined;
    const { idle_ms: idleMs } = this.#awaited;
    if (idleMs === undefined || this.session.isExited) return notYet;
    const leftMs = idleMs - msSince(this.session.times.activity);
    this.#isIdleSpent = leftMs <= 0;
    return leftMs > 0 ? sooner(notYet, { askAgainInMs: leftMs }) : notYet;
  }

  #isOld(name: string): boolean {
    const { session } = this;
    const after = this.#after ?? 0;
    switch (name) {
      case 'title':
        return (session.signals.title ?? 0) <= after;
      case 'exit':
        return (session.run.ending.moment ?? Number.POSITIVE_INFINITY) <= after;
      case 'idle':
        return msAfter(session.times.activity, this.#awaited.idle_ms ?? 0) <= after;
      case 'prompt':
        // Those that a shell marks have a moment each.
        if (session.commands.isAtPrompt) return (session.commands.promptAt ?? 0) <= after;
        return this.#lasting.has(name);
      default:
        return this.#lasting.has(name);
    }
  }

  #met({ names, held }: { names: string[]; held: Held }): void {
    this.#after = held.since;
    if (this.#readsText) this.#look = lookAt(this.session);
    for (const name of held.names) if (LASTING.has(name)) this.#lasting.add(name);
    this.#hasFired = true;
    this.#happened({ fired: 'met', names, held });
  }

  #ended(): void {
    this.#isOver = true;
    if (!this.#hasFired) this.#happened({ fired: 'ended' });
  }

  #onSessionEvent(event: SessionEvent): void {
    if (event === 'input') {
      if (this.#isStopped || this.#again.signal.aborted) return;
      if (this.#countsFromInput && this.session.acts.last !== this.#input) {
        // All that is drawn by now was looked at, and what comes from here on may be an echo.
        if (this.#readsText && !this.#isSearching) this.#look = lookAt(this.session);
        if (this.#onlyTextsCount && this.#conditions?.foundNoText) {
          this.#input = this.session.acts.last;
          this.#isOutOfDate = true;
        } else this.#again.abort(ANEW);
      }
      if (this.#isIdleSpent) this.#again.abort(ANEW);
    } else if (event === 'output') {
      // What is drawn is looked at with the same look, and the silence after it is waited for.
      if (this.#isIdleSpent) this.#again.abort(ANEW);
    } else if (typeof event === 'object' && event.type === 'restarted') this.#startsAgain();
  }

  /** Its program has been started again, on the same screen. */
  #startsAgain(): void {
    this.#hasFired = false;
    if (!this.#isOver) return;
    this.#isOver = false;
    this.#after = nextMoment();
    this.#look = this.#readsText ? lookAt(this.session) : undefined;
    this.start();
  }
}
