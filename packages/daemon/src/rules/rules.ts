/**
 * The daemon's rules, as it begins without any: what they are made of is loaded with the first one, or with the file in which a
 * daemon before has left some. Nothing waits for that file but who asks for rules.
 */
import fs from 'node:fs';
import { RequestError } from '@pilotty/protocol';
import { secretsOf } from '../recording/secrets.ts';
import type { Done } from './actions.ts';
import type { BookState } from './book-state.ts';
import type { Declaration, RuleFacts } from './rule.ts';
import type { BookServices, RuleBook } from './rule-book.ts';
import type { RuleFile } from './rule-file.ts';

export type RulesState = BookState;

interface RulesOptions extends Omit<BookServices, 'secrets' | 'changed'> {
  /** Of the file that they are kept in; undefined where nothing is kept. */
  directory: string | undefined;
  redact: string | undefined;
}

/** Firings that follow each other are written together. */
const WRITE_AFTER_MS = 200;

export class Rules {
  readonly #options: RulesOptions;
  #opening: Promise<RuleBook> | undefined;
  #book: RuleBook | undefined;
  #file: RuleFile | undefined;
  #writeTimer: NodeJS.Timeout | undefined;
  #isOnDisk = false;
  #isFrozen = false;
  #isClosed = false;

  constructor(options: RulesOptions) {
    this.#options = options;
  }

  /** What a daemon before this one has left is gone on with; nothing waits for it. */
  load(): void {
    void this.#loadKept().catch((error: unknown) => this.#cannot('read', error));
  }

  async #loadKept(): Promise<void> {
    const file = this.#path;
    if (file === undefined) return;
    const isThere = await new Promise<boolean>((resolve) =>
      fs.lstat(file, (error) => resolve(error === null)),
    );
    if (isThere) await this.#open();
  }

  get #path(): string | undefined {
    const { directory } = this.#options;
    return directory && `${directory}/rules.json`;
  }

  get isBusy(): boolean {
    return this.#book?.isBusy ?? false;
  }

  /** Once it is on disk, where it can be. @throws RequestError as RuleBook.add() */
  async add(declaration: Declaration, madeBy: string): Promise<RuleFacts & { made: number }> {
    const book = await this.#open();
    const record = await book.add(declaration, madeBy);
    if (!declaration.ephemeral) await this.#writeNow();
    return { ...book.facts(record, this.#isOnDisk), made: record.made };
  }

  /** Of all that were made in a scope where none is named. @throws RequestError RULE_NOT_FOUND */
  async list(ids: readonly string[] | undefined, scope?: string): Promise<RuleFacts[]> {
    const book = await this.#open();
    return book.list(ids, scope).map((record) => book.facts(record, this.#isOnDisk));
  }

  /** Whether a rule that has not been removed was made in a scope. */
  isOfScope(id: string, scope: string | undefined): boolean {
    return this.#book?.isOfScope(id, scope) ?? false;
  }

  /** As list(). @throws RequestError RULE_NOT_FOUND, with nothing removed */
  async remove(ids: readonly string[] | undefined, scope?: string): Promise<string[]> {
    const removed = (await this.#open()).remove(ids, scope);
    await this.#writeNow();
    return removed;
  }

  /** @throws RequestError RULE_NOT_FOUND or SESSION_NOT_FOUND */
  async test(id: string, session: string | undefined): Promise<Done[]> {
    return await (await this.#open()).test(id, session);
  }

  /** @returns why nothing can be handed over; undefined where it is frozen now, with all that is kept on disk */
  async freeze(): Promise<string | undefined> {
    if (this.#opening === undefined) return undefined;
    const book = await this.#opening;
    const reason = await book.freeze();
    if (reason !== undefined) return reason;
    await this.#writeNow();
    this.#isFrozen = true;
    return undefined;
  }

  thaw(): void {
    if (!this.#isFrozen) return;
    this.#isFrozen = false;
    this.#book?.thaw();
  }

  /** Frozen. */
  get state(): RulesState | undefined {
    return this.#book?.state;
  }

  /** Instead of load(): of the daemon before this one, whose sessions are adopted; still until thaw(). */
  async adopt(state: RulesState | undefined): Promise<void> {
    if (state === undefined) return;
    this.#isFrozen = true;
    this.#opening = this.#make();
    await (await this.#opening).adopt(state);
    this.#isOnDisk = this.#file !== undefined;
  }

  /** @returns a promise of the last write */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const book = this.#book;
    if (book === undefined) return;
    if (!this.#isFrozen) await this.#writeNow();
    clearTimeout(this.#writeTimer);
    book.close();
  }

  /** @throws RequestError UNAVAILABLE where what was kept cannot be read now */
  #open(): Promise<RuleBook> {
    this.#opening ??= this.#makeFromFile();
    return this.#opening;
  }

  async #makeFromFile(): Promise<RuleBook> {
    const book = await this.#make();
    try {
      const kept = await this.#file?.read();
      if (kept !== undefined) await book.load(kept);
      this.#isOnDisk = this.#file !== undefined;
    } catch (error) {
      this.#cannot('read', error);
    }
    return book;
  }

  async #make(): Promise<RuleBook> {
    const { directory: _, redact, ...services } = this.#options;
    const [{ RuleBook }, { RuleFile }, secrets] = await Promise.all([
      import('./rule-book.ts'),
      import('./rule-file.ts'),
      secretsOf(redact === undefined ? [] : [redact]),
    ]);
    if (this.#isClosed) throw new RequestError('DAEMON_UNREACHABLE', 'The daemon is stopping');
    this.#file = this.#path === undefined ? undefined : new RuleFile(this.#path);
    this.#book = new RuleBook({ ...services, secrets, changed: () => this.#changed() });
    return this.#book;
  }

  #changed(): void {
    if (this.#isClosed || this.#isFrozen) return;
    this.#writeTimer ??= setTimeout(() => void this.#writeNow(), WRITE_AFTER_MS).unref();
  }

  async #writeNow(): Promise<void> {
    clearTimeout(this.#writeTimer);
    this.#writeTimer = undefined;
    const book = this.#book;
    if (this.#file === undefined || book === undefined || this.#isFrozen) return;
    try {
      await this.#file.write(() => book.kept);
      this.#isOnDisk = true;
    } catch (error) {
      if (this.#isOnDisk) this.#cannot('written', error);
      this.#isOnDisk = false;
    }
  }

  #cannot(what: 'read' | 'written', error: unknown): void {
    this.#options.log.warn({ reason: String(error) }, `the rules on disk cannot be ${what}; they go on`);
  }
}
