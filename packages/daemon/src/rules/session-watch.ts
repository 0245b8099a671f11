/**
 * One rule and one session: waits for the rule's conditions, reports each time they become so, and is armed again from
 * there. Nothing that is drawn between two is missed: the next wait begins with the screen as it was when the last was met.
 *
 * Input changes what counts (its echo does not), so after each act of a user the conditions are made anew: those that look for
 * texts only once one is there. A condition that lasts, such as `gone`, is reported when it becomes so, and again only after it
 * was not so.
 *
 * Most rules never find what they look for, and many may watch one session: one that looks for nothing but texts, of which none
 * is there, rests until a sign of them is (resting-watches.ts), and takes next to nothing meanwhile.
 */
import type { PastLines } from '@pilotty/terminal';
import type { InputMark } from '../input/input-mark.ts';
import { msSince, nextMoment } from '../moment.ts';
import type { Session } from '../session/session.ts';
import type { SessionEvent } from '../session/session-event.ts';
import { ConditionSet, type Held } from '../waiting/condition-set.ts';
import { type NotYet, sooner, waitUntil } from '../waiting/wait.ts';
import { isOld, kindOf, withLasting } from './lasting.ts';
import { lookAt } from './look.ts';
import { type Resting, restingIn, showsSign } from './resting-watches.ts';
import type { Sign } from './signs.ts';
import { countsFromInput, onlyTextsCount, readsText, type Watched } from './watched.ts';

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

export interface WatchListeners {
  /** In the turn in which it is found. */
  happened(session: Session, happened: Happened): void;
  /** Gets what the conditions throw; the watch is over then. */
  failed(session: Session, error: unknown): void;
}

export type Happened = { fired: 'met'; names: string[]; held: Held } | { fired: 'ended' };

export class SessionWatch implements Resting {
  readonly session: Session;
  readonly #watched: Watched;
  readonly #listeners: WatchListeners;
  /** Undefined while it rests, or has not begun. */
  #unwatch: (() => void) | undefined;
  #after: number | undefined;
  #look: PastLines | undefined;
  /** Made when there is one. */
  #lasting: Set<string> | undefined;
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
  #again: AbortController | undefined;
  #running: Promise<void> | undefined;
  #isResting = false;
  /** Above this line nothing was found since the look. */
  #first: number | undefined;

  constructor(session: Session, watched: Watched, from: Start | WatchState, listeners: WatchListeners) {
    this.session = session;
    this.#watched = watched;
    this.#listeners = listeners;
    this.#after = from.after;
    this.#look = from.look;
    if ('lasting' in from) {
      if (from.lasting.length > 0) this.#lasting = new Set(from.lasting);
      this.#hasFired = from.hasFired;
      this.#isOver = from.isOver;
      if (from.isOver) this.#listen();
    }
  }

  get signs(): readonly Sign[] {
    return this.#watched.signs ?? [];
  }

  get awaitsExit(): boolean {
    return this.#watched.awaited.exit;
  }

  /** Looks, unless it does or its session has ended. */
  start(): void {
    if (this.#isStopped || this.#isResting || this.#running !== undefined) return;
    const { session } = this;
    // Where nothing was printed yet, all that will be counts.
    const look = this.#look ?? (session.parsedBytes === 0 ? lookAt(session) : undefined);
    if (this.#watched.signs !== undefined && look !== undefined && !session.isExited) this.#rest(look);
    else this.#run();
  }

  #run(): void {
    this.#listen();
    const running = this.#watch()
      .catch((error: unknown) => {
        this.#isOver = true;
        this.#listeners.failed(this.session, error);
      })
      .finally(() => {
        if (this.#running === running) this.#running = undefined;
      });
    this.#running = running;
  }

  #listen(): void {
    this.#unwatch ??= this.session.watch((event) => this.#onSessionEvent(event));
  }

  #rest(look: PastLines): void {
    this.#isResting = true;
    // A wait that is under way ends without it.
    this.#running = undefined;
    this.#again = undefined;
    this.#look = look;
    this.#unwatch?.();
    this.#unwatch = undefined;
    // An end counts that comes after this.
    if (this.awaitsExit) this.#after ??= nextMoment();
    restingIn(this.session).add(this, look);
  }

  #stopResting(): void {
    if (!this.#isResting) return;
    this.#isResting = false;
    this.#look = restingIn(this.session).remove(this) ?? this.#look;
  }

  wake(look: PastLines, first: number): void {
    this.#isResting = false;
    this.#look = look;
    this.#first = first;
    this.#run();
  }

  ended(): void {
    this.#isResting = false;
    this.#listen();
    this.#ended();
  }

  restarted(): void {
    this.#hasFired = false;
  }

  /** Nothing is reported from now on. @returns what resolves once nothing is looked for, where something is */
  pause(): Promise<void> | undefined {
    this.#isPaused = true;
    this.#stopResting();
    this.#again?.abort(ANEW);
    return this.#running;
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
      lasting: [...(this.#lasting ?? [])],
      hasFired: this.#hasFired,
      isOver: this.#isOver,
    };
  }

  close(): void {
    this.#isClosed = true;
    this.#stopResting();
    this.#unwatch?.();
    this.#again?.abort(ANEW);
  }

  async #watch(): Promise<void> {
    while (!this.#isStopped) {
      const { session } = this;
      const input = session.acts.last;
      this.#input = input;
      const first = this.#first;
      this.#first = undefined;
      const anchor = {
        ...(this.#after !== undefined && { after: this.#after }),
        ...{ look: this.#look, first },
      };
      const { awaited } = this.#watched;
      // At once: what a sign was seen of may be written over by the next piece of output.
      const conditions =
        ConditionSet.now(session, awaited, anchor) ?? (await ConditionSet.of(session, awaited, anchor));
      try {
        if (this.#isStopped) return;
        // It was sent meanwhile, and the conditions may not know it.
        if (countsFromInput(this.#watched) && session.acts.last !== input) continue;
        const again = new AbortController();
        this.#again = again;
        this.#conditions = conditions;
        this.#isOutOfDate = false;
        const held = await this.#untilMet(conditions, again);
        if (this.#isStopped || again !== this.#again) return;
        if (held !== undefined) this.#met(held);
        else if (session.isExited && !again.signal.aborted) return this.#ended();
      } finally {
        if (this.#conditions === conditions) this.#conditions = undefined;
        conditions.close();
      }
    }
  }

  get #isStopped(): boolean {
    return this.#isClosed || this.#isPaused || this.#isOver;
  }

  #untilMet(
    conditions: ConditionSet,
    again: AbortController,
  ): Promise<{ names: string[]; held: Held } | undefined> {
    return waitUntil(
      this.session,
      () => this.#ask(conditions, again),
      again,
      () => conditions.affected(),
    );
  }

  /** What is as it was when it was reported is no news. */
  #ask(
    conditions: ConditionSet,
    again: AbortController,
  ): { holds: { names: string[]; held: Held } } | NotYet {
    // What is drawn from here on may be the echo of input that these do not know.
    if (again.signal.aborted) return {};
    const answer = conditions.ask();
    if (this.#isOutOfDate && !conditions.foundNoText) {
      again.abort(ANEW);
      return {};
    }
    if (!('holds' in answer) && this.#mayRest(conditions, answer)) {
      // At once, while the wait for these ends: nothing may be drawn in between.
      again.abort(ANEW);
      this.#rest(lookAt(this.session));
      return {};
    }
    const { heldEach: held, missing } = conditions;
    const { any, idle_ms: idleMs } = this.#watched.awaited;
    for (const one of this.#lasting ?? []) {
      const isSo = any ? held.includes(one) : missing.length === 0;
      if (!isSo) this.#lasting?.delete(one);
    }
    // What was so before this counts from, and lasts, is no news either.
    const wasSo = !('holds' in answer) && (any || missing.length === 0);
    if (wasSo) this.#lasts(held);
    if ('holds' in answer) {
      const news = answer.holds.each.filter(
        (one) => !isOld(one, this.session, this.#watched.awaited, this.#after ?? 0, this.#lasting),
      );
      const names = any ? [...new Set(news.map(kindOf))] : answer.holds.names;
      if (news.length > 0) {
        // Now: what is drawn before it is told is not a part of it.
        if (readsText(this.#watched)) this.#look = lookAt(this.session);
        return { holds: { names, held: answer.holds } };
      }
    }
    const notYet = 'holds' in answer ? {} : answer;
    this.#isSearching = notYet.goOn !== undefined;
    if (idleMs === undefined || this.session.isExited) return notYet;
    const leftMs = idleMs - msSince(this.session.times.activity);
    this.#isIdleSpent = leftMs <= 0;
    return leftMs > 0 ? sooner(notYet, { askAgainInMs: leftMs }) : notYet;
  }

  /** All that is drawn was looked at, and no sign of a text is there. */
  #mayRest(conditions: ConditionSet, { goOn }: NotYet): boolean {
    const { session } = this;
    const { signs } = this.#watched;
    if (signs === undefined || goOn !== undefined || session.isExited || !conditions.foundNoText)
      return false;
    return !showsSign(session, signs);
  }

  #lasts(each: readonly string[]): void {
    this.#lasting = withLasting(this.#lasting, each);
  }

  #met({ names, held }: { names: string[]; held: Held }): void {
    this.#after = held.since;
    this.#lasts(held.each);
    this.#hasFired = true;
    this.#listeners.happened(this.session, { fired: 'met', names, held });
  }

  #ended(): void {
    this.#isOver = true;
    if (!this.#hasFired) this.#listeners.happened(this.session, { fired: 'ended' });
  }

  #onSessionEvent(event: SessionEvent): void {
    if (event === 'input') {
      // Where conditions are being made, nothing was looked at yet, and they will know of it.
      if (this.#isStopped || this.#conditions === undefined || this.#again?.signal.aborted) return;
      if (countsFromInput(this.#watched) && this.session.acts.last !== this.#input) {
        // All that is drawn by now was looked at, and what comes from here on may be an echo.
        if (readsText(this.#watched) && !this.#isSearching) this.#look = lookAt(this.session);
        if (onlyTextsCount(this.#watched) && this.#conditions?.foundNoText) {
          this.#input = this.session.acts.last;
          this.#isOutOfDate = true;
        } else this.#again?.abort(ANEW);
      }
      if (this.#isIdleSpent) this.#again?.abort(ANEW);
    } else if (event === 'output') {
      // What is drawn is looked at with the same look, and the silence after it is waited for.
      if (this.#isIdleSpent) this.#again?.abort(ANEW);
    } else if (typeof event === 'object' && event.type === 'restarted') this.#startsAgain();
  }

  /** Its program has been started again, on the same screen. */
  #startsAgain(): void {
    this.#hasFired = false;
    if (!this.#isOver) return;
    this.#isOver = false;
    this.#after = nextMoment();
    this.#look = readsText(this.#watched) ? lookAt(this.session) : undefined;
    this.start();
  }
}
