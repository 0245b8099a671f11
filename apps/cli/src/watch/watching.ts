/**
 * Many sessions in the user's terminal: follows them, draws what has changed at most so many times a second, and does what
 * the keys say. One turn a tenth of a second asks and draws; a key draws at once.
 */
import { type Client, listedName, plainSentence, RequestError } from '@pilotty/client';
import type { TypedKey } from '@pilotty/terminal/key-reader';
import type { Io } from '../io.ts';
import type { Many } from '../selector.ts';
import type { UserTerminal } from '../terminal/user-terminal.ts';
import { attach } from './attach-program.ts';
import type { CellGrid } from './cell-grid.ts';
import { changedCells } from './changed-cells.ts';
import { matches, ordered, type Shown } from './chosen-sessions.ts';
import { firstView, focused, type Pressed, pressed, type Subject, type View } from './controls.ts';
import { type Drawn, draw } from './draw.ts';
import { SessionFollower, TURN_MS } from './follow-sessions.ts';
import { FrameTerminal } from './frame-terminal.ts';
import { colorDepth } from './looks.ts';
import { ownSession } from './own-session.ts';
import { WatchedSessions } from './watched-sessions.ts';

/** Long enough to be read. */
const NOTICE_MS = 6_000;
/** How long each has been quiet is shown in seconds. */
const CLOCK_MS = 1_000;

export interface Asked {
  which: Many;
  /** Also those that have ended before. */
  all: boolean;
  io: Io;
  client: Client;
  terminal: UserTerminal;
}

/** Until the user quits. @throws RequestError, ConnectionError, an interruption; the terminal is as it was then, too */
export async function watch(asked: Asked): Promise<void> {
  const watching = new Watching(asked);
  await watching.run();
}

class Watching {
  readonly #asked: Asked;
  readonly #over = new AbortController();
  readonly #sessions: WatchedSessions;
  readonly #follower: SessionFollower;
  readonly #terminal: FrameTerminal;
  #view: View = firstView;
  #notice: { text: string; until: number } | undefined;
  #shown: Shown[] = [];
  #drawn: Drawn | undefined;
  /** What the terminal shows; undefined: unknown. */
  #onScreen: CellGrid | undefined;
  #isDirty = true;
  #drawnAt = Number.NEGATIVE_INFINITY;

  constructor(asked: Asked) {
    const { which, all, client } = asked;
    this.#asked = asked;
    const names = which.sessions ?? [];
    // With --all-scopes names are full names.
    const scope = which.scope === undefined ? asked.io.env.PILOTTY_SCOPE || undefined : undefined;
    this.#sessions = new WatchedSessions({
      isShownEnded: ({ name, id }) =>
        all || names.some((word) => word === id || listedName(word, scope) === name),
      isOwn: asked.io.surroundings === undefined ? ownSession(asked.io.env) : () => false,
    });
    this.#follower = new SessionFollower({
      ...{ client, which, sessions: this.#sessions, now, signal: this.#over.signal },
      changed: () => {
        this.#isDirty = true;
      },
    });
    this.#terminal = new FrameTerminal(asked.terminal, {
      keys: (keys) => this.#pressed(keys),
      lost: () => this.#lost(),
    });
  }

  async run(): Promise<void> {
    const { io } = this.#asked;
    const interrupt = () => this.#over.abort(io.signal.reason);
    io.signal.addEventListener('abort', interrupt);
    let turns: NodeJS.Timeout | undefined;
    try {
      io.signal.throwIfAborted();
      const after = await this.#follower.begin();
      await this.#terminal.open();
      this.#draw();
      turns = setInterval(() => this.#turn(), TURN_MS);
      this.#turn();
      await this.#follower.follow(after);
    } catch (error) {
      // It ended because the user has quit.
      if (error !== QUIT) throw error;
    } finally {
      clearInterval(turns);
      this.#terminal.close();
      // What is still asked is of no use.
      this.#over.abort(QUIT);
      io.signal.removeEventListener('abort', interrupt);
    }
  }

  #turn(): void {
    const { visible = [] } = this.#drawn ?? {};
    this.#follower.turn(visible, this.#view.focus);
    if (this.#notice && this.#notice.until <= now()) {
      this.#notice = undefined;
      this.#isDirty = true;
    }
    if (this.#isDirty || now() - this.#drawnAt >= CLOCK_MS) this.#draw();
  }

  #draw(): void {
    this.#isDirty = false;
    this.#drawnAt = now();
    const { which, io } = this.#asked;
    const all = this.#sessions.all.map((session) => ({
      ...session,
      state: this.#sessions.stateOf(session, now()),
    }));
    this.#shown = ordered(
      all.filter((session) => matches(session, this.#view.filter)),
      this.#view.order,
      now(),
    );
    this.#view = focused(this.#view, this.#subjects);
    this.#drawn = draw({
      size: this.#terminal.size,
      view: this.#view,
      shown: this.#shown,
      kinds: all.map(({ state }) => state.kind),
      silentHosts: this.#sessions.silentHosts,
      selection: [...(which.sessions ?? []), ...(which.tags ?? []).map((tag) => `#${tag}`)].join(' '),
      depth: colorDepth(io.env),
      notice: this.#notice?.text,
      now: now(),
      first: this.#drawn?.first ?? 0,
    });
    const { grid } = this.#drawn;
    if (this.#terminal.draw(changedCells(this.#onScreen, grid))) this.#onScreen = grid;
  }

  get #subjects(): Subject[] {
    return this.#shown.map(({ id, name, exit }) => ({ id, name, hasEnded: exit !== undefined }));
  }

  #lost(): void {
    this.#onScreen = undefined;
    this.#draw();
  }

  #pressed(keys: readonly TypedKey[]): void {
    for (const key of keys) {
      const { columns = 1, visible = [] } = this.#drawn ?? {};
      const around = { subjects: this.#subjects, columns, page: Math.max(1, visible.length) };
      const result = pressed(this.#view, key, around);
      this.#view = result.view;
      this.#notice = undefined;
      if (result.notice !== undefined) this.#tell(result.notice);
      this.#draw();
      // What was typed behind it was meant for what it starts.
      if (result.todo && this.#do(result.todo) === 'and no more') return;
    }
  }

  #do(todo: NonNullable<Pressed['todo']>): 'and no more' | undefined {
    switch (todo.kind) {
      case 'quit':
        this.#over.abort(QUIT);
        return 'and no more';
      case 'suspend':
        this.#terminal.suspend();
        return 'and no more';
      case 'repaint':
        this.#lost();
        return undefined;
      case 'kill':
        void this.#kill(todo.id, todo.name);
        return undefined;
      case 'attach':
        void this.#attach(todo.id);
        return 'and no more';
    }
  }

  async #kill(id: string, name: string): Promise<void> {
    const { client } = this.#asked;
    this.#tell(`ending ${name}…`);
    try {
      const { results } = await client.request(
        'session.kill',
        { session: id },
        { signal: this.#over.signal },
      );
      const survivors = results.flatMap((result) => result.survivors ?? []);
      const left = survivors.map(({ command, pid }) => `${command} (pid ${pid})`).join(', ');
      const error = results.find(({ ok }) => !ok)?.error;
      this.#tell(
        error?.message ?? (left === '' ? `${name} was ended` : `${name} was ended; still running: ${left}`),
      );
    } catch (error) {
      if (error instanceof RequestError) this.#tell(error.message);
      else if (!this.#over.signal.aborted) this.#over.abort(error);
    }
  }

  async #attach(id: string): Promise<void> {
    const { io } = this.#asked;
    await this.#terminal.lend(async () => {
      const problem = await attach(id, io);
      if (problem !== undefined) this.#tell(problem);
    });
  }

  #tell(text: string): void {
    this.#notice = { text: plainSentence(text), until: now() + NOTICE_MS };
    this.#isDirty = true;
  }
}

/** The reason of an end that the user wanted. */
const QUIT = Symbol('quit');

function now(): number {
  return performance.now();
}
