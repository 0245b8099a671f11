/**
 * Waits that go on after their deadline. A client whose own deadlines are short asks for it with `keep_ms`, and takes
 * the wait up again with `resume`: whatever comes between two of its requests counts, as if it had waited all along.
 *
 * From the deadline on the wait is watched here. Once it is decided its answer is made, and held until it is taken up,
 * or for `keep_ms`. A client that cancels its request ends the wait, and keeps none.
 */
import { RequestError } from '@pilotty/protocol';
import { Call, Cancellation, Deadline, type Until } from '../call.ts';
import { MAX_KEPT_WAITS } from '../limits.ts';
import { msSince, nextMoment } from '../moment.ts';

/** A wait that has begun, and goes on until it is decided or closed. */
export interface OpenWait<A> {
  /** Where it is on one session. */
  readonly sessionId?: string;
  /** Resolves with whether it is decided: met, or impossible from now on. May be called again after it was not. */
  until(deadline: Pick<Until, 'signal'>): Promise<boolean>;
  /** @param timeoutMs the deadline that has passed, where it is not decided */
  answer(isDecided: boolean, timeoutMs: number): A | Promise<A>;
  close(): void;
}

/** What the client said about its waiting. */
export interface Patience {
  timeout_ms: number;
  keep_ms?: number | undefined;
  asked_at?: number | undefined;
  /** It was asked of the daemon before this one, and has waited since `asked_at`. */
  hasGoneOn?: boolean | undefined;
}

type Answered<A> = A & { duration_ms: number; resume?: number };

interface Kept {
  method: string;
  wait: OpenWait<object>;
  /** Made when it was decided. */
  answer: object | undefined;
  /** Ends the watching; what was decided stays so. */
  pause: () => Promise<void>;
  drop: () => void;
}

/** Nobody waits for it meanwhile. */
const UNATTENDED = new Call(
  { isGone: () => false, emit: async () => {}, ready: async () => {} },
  new Cancellation(),
);

export class KeptWaits {
  /** The oldest first. */
  readonly #kept = new Map<number, Kept>();

  /** Waits, answers, and keeps the wait where it is not decided at its deadline and `keep_ms` says so. */
  async answer<A extends object>(
    method: string,
    wait: OpenWait<A>,
    { timeout_ms, keep_ms, asked_at, hasGoneOn = false }: Patience,
    call: Call,
  ): Promise<Answered<A>> {
    const waitedMs = hasGoneOn && asked_at !== undefined ? msSince(asked_at) : 0;
    const allowedMs = Math.round(waitedMs + timeout_ms);
    const deadline = new Deadline(call, timeout_ms);
    let isOurs = true;
    try {
      const isDecided = await wait.until(deadline);
      const duration_ms = Math.round(waitedMs + deadline.elapsedMs);
      if (isDecided || keep_ms === undefined || call.isOver)
        return { ...(await wait.answer(isDecided, allowedMs)), duration_ms };
      // Before anything else is waited for: nothing may come in between.
      const resume = this.#keep(method, wait, keep_ms);
      isOurs = false;
      return { ...(await wait.answer(false, allowedMs)), duration_ms, resume };
    } finally {
      deadline.close();
      if (isOurs) wait.close();
    }
  }

  /** Goes on with a wait that was kept, on this session where one is named. @throws RequestError UNAVAILABLE where there is none any more */
  async resume<A extends object>(
    method: string,
    resume: number,
    patience: Patience,
    call: Call,
    sessionId?: string,
  ): Promise<Answered<A>> {
    const kept = this.#kept.get(resume);
    const isOther = sessionId !== undefined && kept?.wait.sessionId !== sessionId;
    if (kept === undefined || kept.method !== method || isOther) throw notKept(resume);
    this.#kept.delete(resume);
    await kept.pause();
    if (kept.answer === undefined) return this.answer(method, kept.wait as OpenWait<A>, patience, call);
    kept.wait.close();
    return { ...(kept.answer as A), duration_ms: 0 };
  }

  get count(): number {
    return this.#kept.size;
  }

  close(): void {
    for (const { drop } of [...this.#kept.values()]) drop();
  }

  #keep(method: string, wait: OpenWait<object>, keepMs: number): number {
    const resume = nextMoment();
    const watching = new Deadline(UNATTENDED, keepMs);
    const kept: Kept = {
      method,
      wait,
      answer: undefined,
      pause: async () => {
        clearTimeout(forgetting);
        watching.close();
        await decided;
      },
      drop: () => {
        this.#kept.delete(resume);
        clearTimeout(forgetting);
        watching.close();
        wait.close();
      },
    };
    const forgetting = setTimeout(kept.drop, keepMs);
    forgetting.unref();
    const decided = wait.until(watching).then(async (isDecided) => {
      if (isDecided) kept.answer = await wait.answer(true, keepMs);
    });
    // Whoever takes it up is told.
    decided.catch(() => {});
    this.#kept.set(resume, kept);
    const [oldest] = this.#kept.values();
    if (this.#kept.size > MAX_KEPT_WAITS) oldest?.drop();
    return resume;
  }
}

function notKept(resume: number): RequestError {
  return new RequestError(
    'UNAVAILABLE',
    `There is no wait ${resume} to go on with: it was taken up already, cancelled, or left alone for too long`,
    { suggestion: 'Look at the screen, and wait again if what you wait for has not come.' },
  );
}
