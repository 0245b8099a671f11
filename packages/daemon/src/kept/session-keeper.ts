/**
 * Keeps on disk what there is of the running sessions, for the daemon that comes after this one where this one is killed,
 * or ended by the system; and has what the daemon before has left.
 *
 * Nothing waits for the disk: what is written is written a while after it has changed, what cannot be written is logged
 * once, and no timer runs while nothing changes. A session that ends is removed from there, and so are all when the
 * daemon was asked to stop.
 */
import fs from 'node:fs';
import path from 'node:path';
import { type ProcessIdentity, RequestError } from '@pilotty/protocol';
import type { Log } from '../log.ts';
import { findProcess, isAlive } from '../processes/process-table.ts';
import { type Secrets, secretsOf } from '../recording/secrets.ts';
import type { Session } from '../session/session.ts';
import { within } from '../within.ts';
import type { KeptFiles } from './kept-files.ts';
import type { LostSession, SessionRecord } from './session-record.ts';
import { sha256 } from './sha256.ts';
import { MAX_FILE_BYTES, MAX_TAIL_BYTES, tailOf } from './tail.ts';

/** Sessions that are started one after the other are written together. */
const WRITE_AFTER_MS = 500;
/** What is printed then is mostly printed by then. */
const TAIL_AFTER_MS = 1_000;
/** A flood is written so often, a quarter of a megabyte each time. */
const FLOOD_EVERY_MS = 5_000;
/** What a session has printed since it was written; less is no flood. */
const FLOOD_BYTES = 16 * 1024;
/** Of all sessions, each time; where there is more, the next time is a second later. */
const MAX_TAILS_BYTES = 4 * 1024 * 1024;
/** What is due in such a time is written together. */
const TAILS_TOGETHER_MS = 250;
/** Of earlier daemons; the oldest are dropped. */
const MAX_LOST = 200;
/** Running ones; a session needs some 500 bytes. */
const MAX_KEPT = 2000;
const MAX_RECORD_BYTES = 64 * 1024;
/** A disk that does not answer by then is not waited for. */
const READ_WITHIN_MS = 5_000;
/** Who only wants to say what was lost waits no longer than this after the daemon's start. */
const LOADED_SOON_MS = 2_000;
/** After a write that has failed: a full disk has room again some time. */
const TRY_AGAIN_MS = 10_000;

const CANNOT_BE_USED = 'what was kept of sessions cannot be used';

/** What its spawn said, where that is to be said again. */
export type Spawned = Pick<
  SessionRecord,
  | 'in'
  | 'background'
  | 'scrollback'
  | 'shell_integration'
  | 'askpass'
  | 'retain_bytes'
  | 'ttl_ms'
  | 'idle_ttl_ms'
  | 'restart_policy'
  | 'project'
>;

export interface KeeperOptions {
  /** Of the state of all daemons; undefined where nothing is to be kept. */
  directory: string | undefined;
  /** Also the end of what sessions print. */
  withOutput: boolean;
  redact: string | undefined;
  log: Log;
  /** Between two attempts to write, unless the default is meant. */
  tryAgainMs?: number;
}

interface Kept {
  session: Session;
  spawned: Spawned;
  /** Since its output was written. */
  hasPrinted: boolean;
  /** From then on that is written. */
  dueAt: number;
  writtenAt: number;
  /** Which of its output the file has, or will have by its turn; undefined where it is to be written anew. */
  written: { from: number; to: number } | undefined;
  process: { pid: number; startedAt: string | undefined } | undefined;
}

export class SessionKeeper {
  readonly #directory: string | undefined;
  readonly #options: KeeperOptions;
  readonly #kept = new Map<string, Kept>();
  readonly #spawned = new WeakMap<Session, Spawned>();
  #lost: LostSession[] = [];
  #secrets: Secrets | undefined;
  #files: Promise<KeptFiles> | undefined;
  #loading: Promise<void> | undefined;
  #work: Promise<void> = Promise.resolve();
  #writeTimer: NodeJS.Timeout | undefined;
  #tailTimer: NodeJS.Timeout | undefined;
  #tailTimerAt = Number.POSITIVE_INFINITY;
  #tailsNotBefore = Number.NEGATIVE_INFINITY;
  #againTimer: NodeJS.Timeout | undefined;
  #isLoaded = false;
  #loadBegan = 0;
  #isStopped = false;
  /** What is on disk stays as it is. */
  #isFrozen = false;
  #hasFailed = false;
  /** Whose sessions are this daemon's now: as long as their records are there. */
  #predecessors: readonly ProcessIdentity[] = [];

  /** @param socketDirectory of the daemon: another one's sessions are kept apart */
  constructor(socketDirectory: string, options: KeeperOptions) {
    this.#options = options;
    const key = sha256(socketDirectory).slice(0, 16);
    this.#directory = options.directory && path.join(options.directory, key);
  }

  /** What this and later daemons keep on disk; undefined where nothing is to be kept. */
  get directory(): string | undefined {
    return this.#directory;
  }

  /** Reads what the daemon before has left, and says so in the log. Nothing waits for it. */
  load(): void {
    this.#loadBegan = performance.now();
    const failed = (error: unknown) => this.#failed(error, CANNOT_BE_USED);
    this.#loading = this.#load()
      .catch(failed)
      .then(() => {
        this.#isLoaded = true;
      });
    this.#work = this.#loading;
  }

  /** @throws RequestError UNAVAILABLE where the disk does not answer, or nothing is kept */
  async requireLoaded(): Promise<void> {
    if (this.#directory === undefined) {
      throw new RequestError('UNAVAILABLE', 'This daemon keeps no sessions on disk', {
        suggestion: 'PILOTTY_RESTORE=off has it so, or HOME and XDG_STATE_HOME are not set.',
      });
    }
    if (await this.#isLoadedWithin(READ_WITHIN_MS)) {
      // A daemon that had lost the directory to this one may have ended since.
      this.#do(() => this.#takeOver());
      if (await within(READ_WITHIN_MS, this.#work)) return;
    }
    throw new RequestError('UNAVAILABLE', `The disk of '${this.#directory}' does not answer`);
  }

  /** Until `lost` is what there is, or the disk takes so long that it is not waited for; nothing where it is there. */
  loadedSoon(): Promise<unknown> | undefined {
    if (this.#isLoaded) return undefined;
    return this.#isLoadedWithin(this.#loadBegan + LOADED_SOON_MS - performance.now());
  }

  async #isLoadedWithin(ms: number): Promise<boolean> {
    if (this.#isLoaded || ms <= 0) return this.#isLoaded;
    if (this.#loading !== undefined) await within(ms, this.#loading);
    return this.#isLoaded;
  }

  /** Sessions of earlier daemons that can be started again, oldest first. */
  get lost(): readonly LostSession[] {
    return this.#lost;
  }

  /** Writes nothing more until thaw(). Resolves once nothing is being written. */
  async freeze(): Promise<void> {
    this.#isFrozen = true;
    clearTimeout(this.#writeTimer);
    this.#writeTimer = undefined;
    this.#clearTailTimer();
    await this.#work;
  }

  thaw(): void {
    this.#isFrozen = false;
    this.#changed();
    for (const kept of this.#kept.values()) this.#hasPrinted(kept);
  }

  /** What its spawn said, of a session that is kept as long as it runs. */
  spawnedOf(session: Session): Spawned | undefined {
    return this.#spawned.get(session);
  }

  /** This process, and those before it whose records are still there. */
  get keptBy(): ProcessIdentity[] {
    return [thisProcess(), ...this.#predecessors];
  }

  /** Instead of load(): the daemon before has handed over what it had, and its sessions are not lost. */
  async adopt(lost: readonly LostSession[], keptBy: readonly ProcessIdentity[]): Promise<void> {
    const { redact } = this.#options;
    this.#secrets = await secretsOf(redact === undefined ? [] : [redact]);
    this.#lost = [...lost];
    this.#predecessors = keptBy;
    this.#isLoaded = true;
  }

  /** The record is this daemon's from now on. */
  takeOver(): void {
    this.#write();
  }

  /** From now on, until it ends. */
  add(session: Session, spawned: Spawned): void {
    if (this.#directory === undefined) return;
    this.#spawned.set(session, spawned);
    const kept: Kept = {
      ...{ session, spawned, hasPrinted: true, dueAt: 0, writtenAt: Number.NEGATIVE_INFINITY },
      ...{ written: undefined, process: undefined },
    };
    session.watch((event) => {
      if (event === 'output') {
        if (!kept.hasPrinted) this.#hasPrinted(kept);
      } else if (event === 'exited') this.#forget(session.id);
      else if (event === 'resized') this.#changed();
      else if (typeof event !== 'object') return;
      else if (event.type === 'restarted') this.#keep(kept);
      else if (event.type === 'renamed' || event.type === 'tagged') this.#changed();
    });
    if (!session.isExited) this.#keep(kept);
  }

  #keep(kept: Kept): void {
    this.#kept.set(kept.session.id, kept);
    // The file of the program before was removed.
    kept.written = undefined;
    this.#changed();
    this.#hasPrinted(kept);
  }

  #hasPrinted(kept: Kept): void {
    kept.hasPrinted = true;
    kept.dueAt = performance.now() + TAIL_AFTER_MS;
    this.#writeTailsAt(kept.dueAt);
  }

  #writeTailsAt(dueAt: number): void {
    if (!this.#options.withOutput || this.#isStopped || this.#isFrozen) return;
    const at = Math.max(dueAt, this.#tailsNotBefore);
    if (at >= this.#tailTimerAt) return;
    this.#clearTailTimer();
    this.#tailTimerAt = at;
    this.#tailTimer = setTimeout(() => this.#writeTails(), Math.ceil(at - performance.now())).unref();
  }

  #clearTailTimer(): void {
    clearTimeout(this.#tailTimer);
    this.#tailTimer = undefined;
    this.#tailTimerAt = Number.POSITIVE_INFINITY;
  }

  #forget(id: string): void {
    if (this.#isStopped || !this.#kept.delete(id)) return;
    this.#do((files) => files.removeOutput(id));
    this.#changed();
  }

  #changed(): void {
    if (this.#isStopped || this.#isFrozen) return;
    this.#writeTimer ??= setTimeout(() => {
      this.#writeTimer = undefined;
      this.#write();
    }, WRITE_AFTER_MS).unref();
  }

  /** The end of what such a session had printed; empty where that was not kept. */
  async outputOf({ id }: LostSession): Promise<Buffer> {
    try {
      return (await (await this.#open()).output(id)) ?? Buffer.alloc(0);
    } catch (error) {
      this.#options.log.warn({ session_id: id, reason: String(error) }, 'kept output cannot be used');
      return Buffer.alloc(0);
    }
  }

  /** It is started again, or no longer wanted; `giveBack` where that fails. */
  take(lost: LostSession): { giveBack(): void; drop(): void } {
    this.#lost = this.#lost.filter((other) => other !== lost);
    return {
      giveBack: () => {
        this.#lost.push(lost);
      },
      drop: () => {
        this.#do((files) => files.removeOutput(lost.id));
        this.#changed();
      },
    };
  }

  /**
   * The sessions are about to be ended, with the daemon.
   * @param isWanted a client asked for it: they are not to be started again
   * @returns a promise of the last write
   */
  stop(isWanted: boolean): Promise<void> {
    clearTimeout(this.#writeTimer);
    clearTimeout(this.#againTimer);
    this.#clearTailTimer();
    const ids = [...this.#kept.keys()];
    if (!isWanted) {
      const printed = [...this.#kept.values()].filter(({ hasPrinted }) => hasPrinted);
      // Where not all can be written, it is the end of a flood that is left out.
      this.#writeTailsOf(printed.sort((one, other) => unwrittenBytes(one) - unwrittenBytes(other)));
      this.#lose(this.#records(), 'signalled');
    }
    this.#isStopped = true;
    this.#kept.clear();
    if (isWanted) for (const id of ids) this.#do((files) => files.removeOutput(id));
    this.#write();
    return this.#work;
  }

  #lose(records: readonly SessionRecord[], because: LostSession['because']): void {
    const lost_at = new Date().toISOString();
    this.#lost.push(...records.map((record) => ({ ...record, lost_at, because })));
    for (const { id } of this.#lost.splice(0, Math.max(0, this.#lost.length - MAX_LOST)))
      this.#do((files) => files.removeOutput(id));
  }

  async #load(): Promise<void> {
    const { redact } = this.#options;
    if (this.#directory === undefined) return;
    this.#secrets = await secretsOf(redact === undefined ? [] : [redact]);
    await this.#takeOver();
  }

  /** What daemons have left that are gone. */
  async #takeOver(): Promise<void> {
    const { log } = this.#options;
    if (this.#directory === undefined || !(await exists(this.#directory))) return;
    const files = await this.#open();
    await this.#removePredecessors(files);
    const { records, problems, hasOthers, done } = await files.takeRecords(isAlive);
    for (const problem of problems) this.#failed(problem, CANNOT_BE_USED);
    if (records.length === 0) return;
    const known = new Set(this.#lost.map(({ id }) => id));
    // One that was killed in the middle of this has left some of them twice.
    const isNew = ({ id }: SessionRecord) => !this.#lost.some((other) => other.id === id);
    for (const { lost } of records) this.#lost.push(...lost.filter(isNew));
    for (const { sessions } of records) this.#lose(sessions.filter(isNew), 'killed');
    for (const session of this.#lost.filter(({ id }) => !known.has(id))) {
      const { id, name, pid, because } = session;
      const facts = {
        session: name,
        session_id: id,
        because,
        ...(this.isRunning(session) && { child: pid }),
      };
      log.warn(facts, "the session of an earlier daemon is lost; 'pilotty restore' starts it again");
    }
    // Until the own record has them all, they are found again where they were taken to.
    await files.writeRecord(this.#records(), this.#lost);
    await done();
    if (hasOthers) return;
    await files.removeOtherOutput(new Set([...this.#lost.map(({ id }) => id), ...this.#kept.keys()]));
  }

  /** Its program has outlived its daemon, and its terminal. */
  isRunning({ pid, process_started_at: startedAt }: LostSession): boolean {
    return startedAt !== undefined && isAlive({ pid, startedAt });
  }

  #open(): Promise<KeptFiles> {
    this.#files ??= import('./kept-files.ts').then(
      ({ KeptFiles }) => new KeptFiles(this.#directory as string, thisProcess()),
    );
    return this.#files;
  }

  #records(): SessionRecord[] {
    const records: SessionRecord[] = [];
    for (const kept of this.#kept.values()) {
      const record = this.#recordOf(kept);
      const text = JSON.stringify(record);
      // What is to be left out would be missed when it is started again.
      if (text.length > MAX_RECORD_BYTES || this.#secrets?.any.matcher(text).find()) continue;
      records.push(record);
      if (records.length === MAX_KEPT) break;
    }
    return records;
  }

  #recordOf(kept: Kept): SessionRecord {
    const { session, spawned } = kept;
    const { id, name, argv, hostDirectory: cwd, tags, screen, term, createdAt, pid } = session;
    if (kept.process?.pid !== pid) kept.process = { pid, startedAt: findProcess(pid)?.startedAt };
    const { startedAt } = kept.process;
    const inside = session.run.entry?.process;
    return {
      ...{ id, name, argv: [...argv], cwd, tags: [...tags], size: screen.size, term, pid },
      ...spawned,
      created_at: createdAt.toISOString(),
      ...(startedAt !== undefined && { process_started_at: startedAt }),
      ...(inside && { process_inside: inside }),
    };
  }

  /** The record as it is by then. */
  #write(): void {
    this.#do(async (files) => {
      await files.writeRecord(this.#records(), this.#lost);
      await this.#removePredecessors(files);
      this.#hasFailed = false;
    });
  }

  /** They would be found once those processes are gone, and their sessions be taken for lost. */
  async #removePredecessors(files: KeptFiles): Promise<void> {
    for (const predecessor of this.#predecessors) await files.removeRecordOf(predecessor);
    this.#predecessors = [];
  }

  /** Those that are due; each session by itself, so that none waits for what another prints. */
  #writeTails(): void {
    this.#clearTailTimer();
    const now = performance.now();
    const due: Kept[] = [];
    for (const kept of this.#kept.values()) {
      if (!kept.hasPrinted) continue;
      if (kept.dueAt <= now && this.#isFlood(kept)) kept.dueAt = kept.writtenAt + FLOOD_EVERY_MS;
      if (kept.dueAt <= now) due.push(kept);
    }
    // Where not all can be written, none is always the last.
    due.sort((one, other) => one.dueAt - other.dueAt);
    const hasMore = this.#writeTailsOf(due);
    if (due.length > 0) this.#tailsNotBefore = now + (hasMore ? TAIL_AFTER_MS : TAILS_TOGETHER_MS);
    let next = Number.POSITIVE_INFINITY;
    for (const { hasPrinted, dueAt } of this.#kept.values()) if (hasPrinted) next = Math.min(next, dueAt);
    if (next !== Number.POSITIVE_INFINITY) this.#writeTailsAt(next);
  }

  /** It was written a while ago, and has printed much since; what is written as text is written anew each time. */
  #isFlood(kept: Kept): boolean {
    if (performance.now() - kept.writtenAt >= FLOOD_EVERY_MS) return false;
    if (this.#secrets !== undefined) return true;
    return kept.written !== undefined && unwrittenBytes(kept) > FLOOD_BYTES;
  }

  /** Read at once, because a session may be gone by the time it is its turn. @returns whether there is more */
  #writeTailsOf(all: readonly Kept[]): boolean {
    if (!this.#options.withOutput) return false;
    let bytes = 0;
    for (const kept of all) {
      if (bytes >= MAX_TAILS_BYTES) return true;
      bytes += this.#writeTail(kept);
    }
    return false;
  }

  /** @returns how many bytes it writes */
  #writeTail(kept: Kept): number {
    const { session } = kept;
    const { id } = session;
    if (this.#options.redact !== undefined && this.#secrets === undefined) {
      // What is to be left out is not known yet.
      kept.dueAt = performance.now() + TAIL_AFTER_MS;
      return 0;
    }
    kept.hasPrinted = false;
    kept.writtenAt = performance.now();
    const added = this.#addedTo(kept);
    const tail = added?.bytes ?? tailOf(session, this.#secrets);
    if (tail.length === 0) return 0;
    const to = session.retention.totalBytes;
    if (this.#secrets === undefined) kept.written = { from: added?.from ?? to - tail.length, to };
    this.#do(async (files) => {
      if (!this.#kept.has(id) && !this.#isStopped) return;
      try {
        if (added === undefined) await files.writeOutput(id, tail);
        else if (!(await files.addOutput(id, tail, added.behind))) this.#writeAnew(kept, TAIL_AFTER_MS);
      } catch (error) {
        this.#writeAnew(kept, this.#tryAgainMs);
        throw error;
      }
    });
    return tail.length;
  }

  /** What is new, behind what the file has; undefined where that is no longer retained, or the file would become large. */
  #addedTo({ session, written }: Kept): { bytes: Buffer; from: number; behind: number } | undefined {
    if (written === undefined || this.#secrets !== undefined) return undefined;
    const { from, to } = written;
    const { retention } = session;
    const end = retention.totalBytes;
    if (retention.start > to || end - to > MAX_TAIL_BYTES || end - from > MAX_FILE_BYTES) return undefined;
    return { bytes: retention.read(to, MAX_TAIL_BYTES), from, behind: to - from };
  }

  /** All of it, because the file does not have what it was to have. */
  #writeAnew(kept: Kept, afterMs: number): void {
    kept.written = undefined;
    if (this.#kept.get(kept.session.id) !== kept) return;
    kept.hasPrinted = true;
    kept.dueAt = performance.now() + afterMs;
    this.#writeTailsAt(kept.dueAt);
  }

  /** One after the other, and after what was there before has been read. */
  #do(write: (files: KeptFiles) => Promise<void>): void {
    if (this.#directory === undefined) return;
    const written = this.#work.then(async () => write(await this.#open()));
    this.#work = written.catch((error: unknown) => {
      this.#failed(error, 'sessions cannot be kept on disk; they go on');
      this.#tryAgain();
    });
  }

  /** All that is not on disk, once there may be room for it. */
  #tryAgain(): void {
    if (this.#isStopped) return;
    this.#againTimer ??= setTimeout(() => {
      this.#againTimer = undefined;
      this.#changed();
      for (const kept of this.#kept.values()) if (kept.hasPrinted) this.#hasPrinted(kept);
    }, this.#tryAgainMs).unref();
  }

  get #tryAgainMs(): number {
    return this.#options.tryAgainMs ?? TRY_AGAIN_MS;
  }

  /** A disk that stays full is said once. */
  #failed(error: unknown, message: string): void {
    if (!this.#hasFailed) this.#options.log.warn({ reason: String(error) }, message);
    this.#hasFailed = true;
  }
}

function unwrittenBytes({ session, written }: Kept): number {
  return session.retention.totalBytes - (written?.to ?? 0);
}

function thisProcess(): ProcessIdentity {
  return { pid: process.pid, startedAt: findProcess(process.pid)?.startedAt ?? '' };
}

/** Not with node:fs/promises, which takes two milliseconds to load: the first command waits for them. */
function exists(file: string): Promise<boolean> {
  return new Promise((resolve) => fs.lstat(file, (error) => resolve(error === null)));
}
