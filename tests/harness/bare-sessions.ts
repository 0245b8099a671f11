/** Sessions with real programs in this process, without a daemon around them: where the order of what happens is the test's. */
import { tmpdir } from 'node:os';
import { Call, Cancellation } from '../../packages/daemon/src/call.ts';
import { EventLog } from '../../packages/daemon/src/events/event-log.ts';
import { Reporter } from '../../packages/daemon/src/events/reporter.ts';
import { Scheduler } from '../../packages/daemon/src/pty/scheduler.ts';
import { Session } from '../../packages/daemon/src/session/session.ts';
import { SessionStore } from '../../packages/daemon/src/session/session-store.ts';
import { PATH } from './programs.ts';

export class BareSessions {
  readonly store: SessionStore;
  readonly #scheduler = new Scheduler();
  readonly #events = new EventLog();
  readonly #reporters = new Map<Session, Reporter>();
  readonly #cancelled = new Cancellation();
  #started = 0;

  constructor(retainMs = 3_600_000) {
    this.store = new SessionStore(
      { retainMs, maxSessions: 1000 },
      () => undefined,
      () => {},
    );
  }

  /** A request of a client that stays; close() cancels it. */
  call(): Call {
    return new Call({ isGone: () => false, emit: async () => {}, ready: async () => {} }, this.#cancelled);
  }

  /** Its program runs; no client knows of it before list(). */
  start(command: string, tags: string[] = []): Session {
    this.#started += 1;
    const session = new Session(
      {
        id: `id${this.#started}`,
        name: `s${this.#started}`,
        argv: ['/bin/sh', '-c', command],
        cwd: tmpdir(),
        env: { PATH },
        cols: 80,
        rows: 24,
        term: 'xterm-256color',
        tags,
        scrollback: 1000,
        retainBytes: 4 * 1024 * 1024,
        integration: undefined,
        onFault: () => {},
      },
      this.#scheduler,
    );
    this.#reporters.set(session, new Reporter(session, this.#events));
    return session;
  }

  list(session: Session): Session {
    this.store.add(session, { isBackground: true });
    this.#reporters.get(session)?.announce();
    // A test counts the sessions that are kept.
    this.#reporters.delete(session);
    return session;
  }

  async close(): Promise<void> {
    this.#cancelled.cancel();
    await Promise.all(this.store.live.map((session) => session.kill('SIGKILL', 0)));
    this.store.close();
  }
}
