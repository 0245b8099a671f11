/**
 * The queue of sessions that need a person, most urgent first.
 *
 * A question, or a hand-over, stays in it until it is answered or put aside; a call, a failure and an end until they were seen on this
 * page. What was seen is retained in the browser, by id, because a page is reloaded.
 */
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Link } from '../connection/link.ts';
import type { Activity } from './activity.ts';
import type { Announcements } from './announcements.ts';
import { type Attention, attentionOf, byUrgency, type Level, type Occurrence } from './attention.ts';
import type { Inspections } from './inspections.ts';
import type { Keyboards } from './keyboards.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

export interface Waiter {
  session: Session;
  attention: Attention;
}

const STORED = 'pilotty.seen';
/** More ids than the daemon retains sessions and events of. */
const MAX_STORED = 2_000;
/** A bell this soon after input answers it: a completion with more than one choice, an Escape too many. */
const FEEDBACK_MS = 500;
/** Two readings of one moment differ by the time that an answer takes. */
const SAME_MOMENT_MS = 2_000;
/** A program ends once. */
const FOR_EVER = Number.MAX_SAFE_INTEGER;

/** By id; milliseconds since 1970. */
type Times = Readonly<Record<string, number>>;

export class Waiting {
  readonly queue: ReadonlySignal<readonly Waiter[]>;
  /** How many of them ask, or have failed: for the title, where only what cannot wait is counted. */
  readonly urgentCount: ReadonlySignal<number>;
  readonly #sessions: Sessions;
  readonly #activity: Activity;
  readonly #announcements: Announcements;
  readonly #inspections: Inspections;
  readonly #keyboards: Keyboards;
  readonly #link: Link;
  readonly #seen = signal<Times>(read(STORED));
  readonly #putAside = signal<Times>(read(`${STORED}.aside`));
  readonly #attentions = new Map<string, ReadonlySignal<Attention>>();

  constructor(
    link: Link,
    sessions: Sessions,
    activity: Activity,
    announcements: Announcements,
    inspections: Inspections,
    keyboards: Keyboards,
  ) {
    this.#link = link;
    this.#sessions = sessions;
    this.#activity = activity;
    this.#announcements = announcements;
    this.#inspections = inspections;
    this.#keyboards = keyboards;
    this.queue = computed(() => this.#find());
    this.urgentCount = computed(
      () =>
        this.queue.value.filter(({ attention: { level } }) => level === 'asks' || level === 'failed').length,
    );
    sessions.onList(() => {
      for (const id of this.#attentions.keys())
        if (sessions.find(id) === undefined) this.#attentions.delete(id);
    });
  }

  /** What it needs, whether that was seen or not. */
  attention(id: string): Attention {
    let found = this.#attentions.get(id);
    if (found === undefined) {
      found = computed(() => this.#judge(id));
      this.#attentions.set(id, found);
    }
    return found.value;
  }

  /** How urgent it is for whoever has seen what this browser has. */
  level(id: string): Level {
    return this.queue.value.find(({ session }) => session.id === id)?.attention.level ?? 'quiet';
  }

  /** Its calls, failures and ends need no telling any more; its question does. */
  saw(...ids: string[]): void {
    this.#note(this.#seen, STORED, ids);
  }

  /** Nothing of them needs telling, until something happens in them. */
  putAside(...ids: string[]): void {
    this.#note(this.#putAside, `${STORED}.aside`, ids);
  }

  #note(times: Signal<Times>, stored: string, ids: readonly string[]): void {
    const noted = ids
      .map((id) => ({ id, ...this.#judgePeeked(id) }))
      .filter(
        ({ id, level, since }) => level !== 'quiet' && (times.peek()[id] ?? 0) < since + SAME_MOMENT_MS,
      );
    if (noted.length === 0) return;
    const all = { ...times.peek() };
    for (const { id, since, reason } of noted) {
      delete all[id];
      all[id] = reason === 'exit' ? FOR_EVER : Math.max(Date.now(), since + SAME_MOMENT_MS);
    }
    times.value = Object.fromEntries(Object.entries(all).slice(-MAX_STORED));
    localStorage.setItem(stored, JSON.stringify(times.peek()));
  }

  #judgePeeked(id: string): Attention {
    this.attention(id);
    return (this.#attentions.get(id) as ReadonlySignal<Attention>).peek();
  }

  #find(): Waiter[] {
    // What was true when the connection was lost need not be true now; how something ended is.
    const isOnline = this.#link.state.value.kind === 'online';
    const all = [...(this.#sessions.all.value ?? []), ...this.#sessions.former.value];
    return all
      .map((session) => ({ session, attention: this.attention(session.id) }))
      .filter(({ session, attention }) => this.#isUnseen(session.id, attention))
      .filter(({ session }) => isOnline || session.state === 'exited')
      .sort((one, other) => byUrgency(one.attention, other.attention));
  }

  #isUnseen(id: string, { level, reason, since }: Attention): boolean {
    if (level === 'quiet') return false;
    const isAsked =
      ['question', 'password', 'hand-over', 'secret'].includes(reason ?? '') ||
      (reason === 'state' && level === 'asks');
    const seen = Math.max(this.#putAside.value[id] ?? 0, isAsked ? 0 : (this.#seen.value[id] ?? 0));
    return since > seen;
  }

  #judge(id: string): Attention {
    const session = this.#sessions.find(id);
    const isStill = this.#activity.isStill(id);
    const endedAt = session?.state === 'exited' ? session.ended_at : undefined;
    const lastActive =
      endedAt === undefined ? this.#activity.lastActive(id).value : this.#sessions.timeOfDate(endedAt, id);
    const found = this.#inspections.of(id).value;
    // Of a screen that has been drawn over it knows nothing.
    const inspection = found !== undefined && found.at >= lastActive ? found : undefined;
    const lastInput = Math.max(this.#activity.lastInput(id), inspection?.lastInput ?? 0);
    const { bell, notification, command } = this.#announcements.of(id).value;
    const afterInput = <T extends Occurrence>(it: T | undefined, lateMs = 0) =>
      it !== undefined && inspection !== undefined && it.at > lastInput + lateMs ? it : undefined;
    const keyboard = this.#keyboards.of(id).value;
    const handOver = keyboard?.holder === null ? keyboard.handOver : null;
    const [asked] = session?.questions ?? [];
    const lines = inspection?.lines ?? found?.lines ?? [];
    const state = session?.work_state;
    return attentionOf({
      state: session?.state ?? 'exited',
      exit: session?.exit,
      isStill,
      lastActive,
      asksPassword: inspection?.asksPassword ?? false,
      isAtPrompt: inspection?.isAtPrompt ?? false,
      question: inspection?.question,
      lines,
      revision: inspection?.revision,
      hasFailedProgress: inspection?.hasFailedProgress ?? false,
      handOver: keyboard && handOver ? { at: keyboard.since, lines: [handOver.message] } : undefined,
      secret: asked && {
        at: this.#sessions.timeOfDate(asked.asked_at, id),
        lines: [`${asked.program ?? 'A program'}: ${asked.prompt}`],
      },
      bell: afterInput(bell && { ...bell, lines }, FEEDBACK_MS),
      notification: afterInput(notification),
      command: afterInput(command),
      doing: state && {
        name: state.name,
        isSaid: state.why === 'set',
        at: this.#sessions.timeOfDate(state.began_at, id),
        lines: state.text?.split('\n') ?? lines,
      },
    });
  }
}

function read(stored: string): Times {
  try {
    return JSON.parse(localStorage.getItem(stored) ?? '{}') as Times;
  } catch {
    return {};
  }
}
