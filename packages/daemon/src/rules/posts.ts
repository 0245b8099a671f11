/**
 * The POSTs that are under way: each is tried again a few times, later and later, where it may go well then. What waits for
 * that is plain values, so that another daemon can go on with it.
 */
import { readPrivate } from '../kept/private-files.ts';
import type { Sent } from './request.ts';
import type { ActionResult } from './rule.ts';

export interface PendingPost {
  rule: string;
  id: string;
  url: string;
  body: string;
  secret?: string | undefined;
  secret_file?: string | undefined;
  /** Attempts that have failed. */
  failures: number;
  /** Milliseconds since 1970. */
  next_at: number;
}

/** A receiver that is restarted, or a network that is away, is back by then. */
export const RETRY_AFTER_MS = [1_000, 5_000, 30_000, 120_000, 600_000];
const ANSWER_WITHIN_MS = 10_000;
/** Some ten kilobytes each. */
const MAX_PENDING = 256;
const MAX_AT_ONCE = 32;
const MAX_SECRET_BYTES = 4096;

interface Sending {
  now(): number;
  /** Calls back after so long, until the function that it returns is called. */
  later(ms: number, then: () => void): () => void;
  send(
    post: { url: string; body: string; id: string; secret: string | undefined },
    withinMs: number,
    signal: AbortSignal,
  ): Promise<Sent>;
}

interface Entry {
  post: PendingPost;
  ended: (result: ActionResult) => void;
  drop: () => void;
  isSending: boolean;
}

export class Posts {
  readonly #sending: Sending;
  readonly #changed: () => void;
  readonly #entries = new Set<Entry>();
  #isFrozen = false;
  #atOnce = 0;

  /** @param changed is called when other posts wait than before */
  constructor(sending: Sending, changed: () => void) {
    this.#sending = sending;
    this.#changed = changed;
  }

  get pending(): PendingPost[] {
    return [...this.#entries].map(({ post }) => post);
  }

  /** Requests that are being answered. */
  get atOnce(): number {
    return this.#atOnce;
  }

  countOf(rule: string): number {
    return this.pending.filter((post) => post.rule === rule).length;
  }

  /** Resolves when it has been answered, or given up. */
  add(post: PendingPost): Promise<ActionResult> {
    if (this.#entries.size >= MAX_PENDING)
      return Promise.resolve({
        ok: false,
        reason: `${MAX_PENDING} requests wait already; this one was dropped`,
      });
    return new Promise((resolve) => {
      const entry: Entry = { post, ended: resolve, drop: () => {}, isSending: false };
      this.#entries.add(entry);
      this.#changed();
      this.#schedule(entry);
    });
  }

  /** No attempt begins; those that are under way are given up, and made again by whoever goes on. */
  freeze(): void {
    this.#isFrozen = true;
    for (const { drop } of this.#entries) drop();
  }

  thaw(): void {
    this.#isFrozen = false;
    for (const entry of this.#entries) this.#schedule(entry);
  }

  /** Of a rule that is removed. */
  drop(rule: string): void {
    for (const entry of [...this.#entries].filter(({ post }) => post.rule === rule)) {
      entry.drop();
      this.#end(entry, { ok: false, reason: 'the rule was removed' });
    }
  }

  #schedule(entry: Entry): void {
    if (this.#isFrozen || entry.isSending) return;
    const ms = Math.max(0, entry.post.next_at - this.#sending.now());
    entry.drop = this.#sending.later(ms, () => void this.#attempt(entry));
  }

  async #attempt(entry: Entry): Promise<void> {
    const { post } = entry;
    if (this.#atOnce >= MAX_AT_ONCE) {
      post.next_at = this.#sending.now() + (RETRY_AFTER_MS[0] as number);
      return this.#schedule(entry);
    }
    const giveUp = new AbortController();
    entry.drop = () => giveUp.abort();
    entry.isSending = true;
    this.#atOnce += 1;
    const sent = await this.#sent(post, giveUp.signal);
    this.#atOnce -= 1;
    entry.isSending = false;
    if (!this.#entries.has(entry)) return;
    if (giveUp.signal.aborted && !sent.ok) {
      this.#changed();
      return this.#schedule(entry);
    }
    const { ok, reason = '', isTemporary } = sent;
    const afterMs = isTemporary ? RETRY_AFTER_MS[post.failures] : undefined;
    if (ok) return this.#end(entry, { ok });
    post.failures += 1;
    if (afterMs === undefined)
      return this.#end(entry, {
        ok,
        reason: `${reason}; given up after ${post.failures === 1 ? 'one attempt' : `${post.failures} attempts`}`,
      });
    post.next_at = this.#sending.now() + afterMs;
    this.#changed();
    this.#schedule(entry);
  }

  async #sent(post: PendingPost, signal: AbortSignal): Promise<Sent> {
    try {
      const secret = post.secret_file === undefined ? post.secret : await secretIn(post.secret_file);
      return await this.#sending.send({ ...post, secret }, ANSWER_WITHIN_MS, signal);
    } catch (error) {
      return { ok: false, reason: (error as Error).message, isTemporary: false };
    }
  }

  #end(entry: Entry, result: ActionResult): void {
    this.#entries.delete(entry);
    this.#changed();
    entry.ended(result);
  }
}

/** Without the line's end, as a file has it that was written with echo. @throws Error */
async function secretIn(file: string): Promise<string> {
  const bytes = await readPrivate(file, MAX_SECRET_BYTES);
  const secret = bytes?.toString().replace(/\r?\n$/, '');
  if (!secret) throw new Error(`there is no secret in '${file}'`);
  return secret;
}
